import { dirname, join } from 'node:path';
import { makeFolder, removeFile, removeFolder, rename } from '../io/disk.ts';
import { flushBatch } from '../io/flush.ts';
import { look, namesIn } from '../io/open-file.ts';
import { isAbandonedByOther } from '../io/temporary-name.ts';
import { INDEX_FOLDERS } from './first-run.ts';
import { removeJournal, writeJournal } from './journal.ts';
import { type Manifest, writeManifest } from './manifest.ts';
import type { Move } from './stage.ts';
import { removeEmptyParents, sweepFolders } from './sweep-folders.ts';
import { locate, type Target } from './target.ts';

/** A publish, ready to be carried out. All paths that are not absolute are from the site's root. */
export interface PublishPlan {
  target: Target;
  /** Repositories whose pages stand in the target. */
  repositories: readonly string[];
  /** Names of projects that change or go. */
  touched: readonly string[];
  /** Everything written under temporary names, or the first of it: see `Staged`. Absolute. */
  toFlush: readonly string[];
  /** Pages and files of projects, then the lists that name them. */
  projectMoves: readonly Move[];
  listMoves: readonly Move[];
  /** Published before, and no longer. */
  removals: readonly string[];
  /** Absolute: FILE.metadata without FILE, and what runs that died left in packages/. */
  leftovers: readonly string[];
  /** Projects whose folders may hold more than the manifest says: after a crash, or all of them without a manifest. */
  unsure: ReadonlySet<string> | 'all';
  manifest: Manifest;
  /** Names of the projects that each repository shows pages of. */
  shown: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Change what readers see, in an order that may be stopped anywhere: the journal; files and project pages; the lists that
 * name them; removals, pages before the files they name; the manifest. The lock must be held.
 *
 * @returns how many published files were removed
 * @throws {KhoError} WRITE
 */
export function applyPlan(plan: PublishPlan): number {
  const { target, manifest } = plan;
  const folders = plan.repositories.map((repository) => target.folderOf(repository));
  const packages = plan.repositories.map((repository) => target.packagesOf(repository)).filter((path) => look(path));
  writeJournal(target.root, plan.touched);
  flushBatch(plan.toFlush, [...new Set([...folders, ...packages])]);
  const made = new Set<string>();
  for (const move of [...plan.projectMoves, ...plan.listMoves]) moveInto(move.from, locate(target, move.to), made);

  let removed = 0;
  const isCompanion = (path: string) => Number(path.includes('packages/'));
  for (const path of [...plan.removals].sort((a, b) => isCompanion(a) - isCompanion(b))) {
    removeFile(locate(target, path));
    removeEmptyParents(target, path);
    removed++;
  }
  const moved = new Set(plan.projectMoves.map((move) => move.to));
  removed += sweepFolders({
    ...{ target, repositories: plan.repositories, folders: INDEX_FOLDERS, unsure: plan.unsure },
    isRoot: (path) => manifest.roots.has(path),
    lists: (repository, project) => plan.shown.get(repository)?.has(project) === true,
    published: (project) => manifest.projects.get(project)?.published,
    isNew: (path) => moved.has(path),
  });
  for (const path of plan.leftovers) removeLeftover(path);
  for (const folder of folders) {
    for (const name of namesIn(folder)) if (isAbandonedByOther(name)) removeFolder(join(folder, name));
  }
  writeManifest(target.root, manifest);
  removeJournal(target.root);
  return removed;
}

/** @param made folders that are known to be there */
function moveInto(from: string, to: string, made: Set<string>): void {
  const folder = dirname(to);
  if (!made.has(folder) && !look(folder)) makeFolder(folder);
  made.add(folder);
  rename(from, to);
}

/** Orphaned metadata goes only if its package did not come back meanwhile. */
function removeLeftover(path: string): void {
  if (path.endsWith('.metadata') && look(path.slice(0, -'.metadata'.length))) return;
  removeFolder(path);
}
