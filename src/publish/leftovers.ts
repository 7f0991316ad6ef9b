/** What runs that died left behind: under names that nobody reads, and of no use to anybody. */
import { join } from 'node:path';
import { makePrivateFolder, removeFile, removeFolder, rename } from '../io/disk.ts';
import { isWritable } from '../io/is-writable.ts';
import { keptFolder } from '../io/kept-folder.ts';
import { listFolder, look } from '../io/open-file.ts';
import { ownLeftovers } from '../io/own-leftover.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { isOwn } from '../io/trusted-owners.ts';
import { isPassedOver } from '../standards/passed-over.ts';
import { lastingParts, stateFolder } from './state-folder.ts';
import type { Target } from './target.ts';

/**
 * Leftovers at the top of the site, of each repository, and of what kho keeps; with --out also in packages/ at any depth. Absolute.
 *
 * @param repositories whose folders are there
 */
export function findLeftovers(target: Target, repositories: readonly string[]): string[] {
  const folders = new Set([
    target.root,
    stateFolder(target.root),
    lastingParts(target.root),
    ...ownKeptFolder(target.root),
    ...repositories.map((name) => target.folderOf(name)),
  ]);
  if (target.copies) for (const name of repositories) addFolders(target.packagesOf(name), folders);
  return [...folders].flatMap(ownLeftovers);
}

/** Of another user nobody else may look into it. */
function ownKeptFolder(root: string): string[] {
  const path = keptFolder(root);
  const stats = look(path);
  return stats?.isDirectory() && isOwn(stats.uid) ? [path] : [];
}

/** A folder that may not be there, and all in it that bear no hidden names. */
function addFolders(folder: string, into: Set<string>): void {
  if (!look(folder)?.isDirectory()) return;
  into.add(folder);
  for (const entry of listFolder(folder)) {
    if (entry.isDirectory() && !entry.name.startsWith('.') && !isPassedOver(entry.name))
      addFolders(join(folder, entry.name), into);
  }
}

/**
 * Remove leftovers, and FILE.metadata without FILE. Where others may write, a name may be given to something else at any moment: so a
 * leftover is first moved into a folder that nobody else may look into, and removed there. The lock must be held.
 *
 * @throws {KhoError} WRITE
 */
export function removeLeftovers(paths: readonly string[]): void {
  const folders = new Map<string, string>();
  for (const path of paths) {
    if (path.endsWith('.metadata')) {
      // Unless its package came back meanwhile.
      if (!look(path.slice(0, -'.metadata'.length))) removeFile(path);
      continue;
    }
    const slash = path.lastIndexOf('/');
    const around = path.slice(0, slash);
    let own = folders.get(around);
    if (own === undefined) {
      if (!isWritable(around)) continue;
      own = join(around, temporaryName());
      makePrivateFolder(own, 0o700);
      folders.set(around, own);
    }
    const aside = join(own, path.slice(slash + 1));
    if (look(path)) rename(path, aside);
    removeFolder(aside);
  }
  for (const own of folders.values()) removeFolder(own);
}
