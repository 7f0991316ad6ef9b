import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { listFolder, look } from '../io/open-file.ts';
import { INDEX_FOLDERS, type OwnedFolder, PAGES_FOLDER, walkOwned } from './own-files.ts';
import { checkStateFolder, stateFolder } from './state-folder.ts';
import { fromRoot, locate, type Target } from './target.ts';

/** So many are named in the error; the rest is counted. */
const NAMED = 5;

/**
 * Refuse to take over folders that hold anything but pages: kho removes there what it did not write, and a package kept in
 * `simple/` would be lost.
 *
 * @param repositories that no earlier run is known to have published
 * @param hint what to do
 * @throws {KhoError} SITE
 */
export function checkOwnedFolders(
  target: Target,
  repositories: Iterable<string>,
  folders: readonly OwnedFolder[],
  hint: string,
): void {
  const foreign: string[] = [];
  for (const repository of repositories) {
    for (const folder of folders) {
      walkOwned(folder, join(target.folderOf(repository), folder), (path, isOwn) => {
        if (!isOwn) foreign.push(path);
      });
    }
  }
  if (foreign.length > 0) {
    throw new KhoError('SITE', `Cannot publish into "${target.root}": kho did not write ${namePaths(foreign)}`, {
      hint,
    });
  }
}

/**
 * Refuse links where kho owns a folder wholly: what is behind them is somebody else's, and would be removed as if it were a page.
 *
 * @throws {KhoError} SITE
 */
export function checkNoLinks(target: Target, repositories: readonly string[]): void {
  checkStateFolder(target.root);
  refuseLink(join(stateFolder(target.root), 'readmes'));
  for (const repository of new Set(['.', ...repositories])) {
    for (const folder of [...INDEX_FOLDERS, PAGES_FOLDER]) {
      const path = locate(target, fromRoot(repository, `${folder}/`)).slice(0, -1);
      if (!refuseLink(path)?.isDirectory()) continue;
      for (const entry of listFolder(path)) if (entry.isSymbolicLink()) refuseLink(join(path, entry.name));
    }
  }
}

/** A link to a file may stand there: it is replaced, not followed. */
function refuseLink(path: string) {
  const stats = look(path);
  if (!stats?.isSymbolicLink()) return stats;
  throw new KhoError('SITE', `Cannot publish: "${path}" is a link, and kho owns this folder wholly`, {
    hint: 'put the folder itself there; to keep it on another disk, mount that there, or let the folder of the whole repository be the link',
  });
}

/** The first few of many paths, in words. */
export function namePaths(paths: readonly string[]): string {
  const named = paths.slice(0, NAMED).map((path) => `"${path}"`);
  if (paths.length > NAMED) named.push(`${paths.length - NAMED} more`);
  return named.join(', ');
}
