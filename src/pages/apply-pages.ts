import { dirname } from 'node:path';
import { makeFolder, removeFile, rename } from '../io/disk.ts';
import { flushBatch } from '../io/flush.ts';
import { look } from '../io/open-file.ts';
import type { Move } from '../publish/stage.ts';
import { removeEmptyParents, sweepFolders } from '../publish/sweep-folders.ts';
import { locate, type Target } from '../publish/target.ts';
import { PAGES_FOLDER } from './check-folders.ts';
import {
  type PagesHeader,
  type PagesStore,
  removePagesJournal,
  writePages,
  writePagesJournal,
} from './pages-manifest.ts';
import { sweepReadmes } from './readme-cache.ts';
import type { RepositoryCards } from './repository-cards.ts';

/** Pages, ready to be moved to where readers see them. All paths that are not absolute are from the site's root. */
export interface PagesPlan {
  target: Target;
  repositories: readonly string[];
  /** Names of projects whose pages change or go. */
  changing: readonly string[];
  /** See `Staged`. Absolute. */
  toFlush: readonly string[];
  /** What is linked to comes before what links to it. */
  moves: readonly Move[];
  removals: readonly string[];
  /** Projects whose folders may hold more than kho remembers: after a crash, or all of them. */
  unsure: ReadonlySet<string> | 'all';
  header: PagesHeader;
  store: PagesStore;
  cards: RepositoryCards;
}

/**
 * Change what people see, in an order that may be stopped anywhere. The lock must be held.
 *
 * @returns how many pages were removed
 * @throws {KhoError} WRITE
 */
export function applyPages(plan: PagesPlan): number {
  const { target, header, store } = plan;
  const folders = ['.', ...plan.repositories].map((repository) => target.folderOf(repository));
  writePagesJournal(target.root, plan.changing);
  flushBatch(plan.toFlush, [...new Set(folders)]);
  for (const { from, to } of plan.moves) {
    const path = locate(target, to);
    const folder = dirname(path);
    if (!look(folder)) makeFolder(folder);
    rename(from, path);
  }
  let removed = 0;
  for (const path of plan.removals) {
    removeFile(locate(target, path));
    removeEmptyParents(target, path);
    removed++;
  }
  removed += sweepFolders({
    ...{ target, repositories: new Set(['.', ...plan.repositories]), folders: [PAGES_FOLDER], unsure: plan.unsure },
    isRoot: (path) => header.roots.has(path),
    lists: (repository, project) => plan.cards.has(repository, project),
    published: (project) => store.get(project)?.published,
    isNew: () => false,
  });
  writePages(target.root, header, store);
  removePagesJournal(target.root);
  sweepReadmes(target.root, store.readmes());
  return removed;
}
