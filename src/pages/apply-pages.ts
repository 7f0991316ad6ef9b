import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder, removeEmptyFolder, removeFile, removeFolder, rename } from '../io/disk.ts';
import { flushBatch } from '../io/flush.ts';
import { walkFiles } from '../io/walk-files.ts';
import type { Move } from '../publish/stage.ts';
import { fromRoot, locate, type Target } from '../publish/target.ts';
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
    if (!existsSync(folder)) makeFolder(folder);
    rename(from, path);
  }
  let removed = 0;
  for (const path of plan.removals) {
    removeFile(locate(target, path));
    removeEmptyParents(target, path);
    removed++;
  }
  removed += sweep(plan);
  writePages(target.root, header, store);
  removePagesJournal(target.root);
  sweepReadmes(target.root, store.readmes());
  return removed;
}

export function removeEmptyParents(target: Target, path: string): void {
  for (let folder = dirname(path); /(?:^|\/)project\/./.test(folder); folder = dirname(folder)) {
    if (!removeEmptyFolder(locate(target, folder))) return;
  }
}

/** Remove what the folder holds and nobody published: pages of a run that died, or of another tool. */
function sweep({ target, repositories, unsure, header, store, cards }: PagesPlan): number {
  let removed = 0;
  for (const repository of new Set(['.', ...repositories])) {
    const top = join(target.folderOf(repository), PAGES_FOLDER);
    for (const name of existsSync(top) ? readdirSync(top) : []) {
      const path = fromRoot(repository, `${PAGES_FOLDER}/${name}`);
      if (header.roots.has(path)) continue;
      if (!cards.has(repository, name)) {
        removeFolder(join(top, name));
        removed++;
      } else if (unsure === 'all' || unsure.has(name)) {
        const published = store.get(name)?.published;
        walkFiles(join(top, name), (file) => {
          const filePath = `${path}${file.slice(join(top, name).length)}`;
          if (published?.has(filePath)) return;
          removeFile(file);
          removeEmptyParents(target, filePath);
          removed++;
        });
      }
    }
  }
  return removed;
}
