import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { walkFiles } from '../io/walk-files.ts';
import type { Target } from './target.ts';

/** What indexes own wholly in a repository's folder. */
export const INDEX_FOLDERS = ['simple', 'pypi'] as const;

const PAGE = /^(?:index\.html|index\.json|json|.+\.html|.+\.(?:css|js)|(?:atom|changes)\.xml)(?:\.gz|\.br)?$|^\.kho-/;

/** So many are named in the error; the rest is counted. */
const NAMED = 5;

/**
 * Refuse to take over folders that hold anything but pages: kho removes there what it did not write, and a package kept in
 * `simple/` would be lost. Asked of repositories that no earlier run is known to have published.
 *
 * @throws {KhoError} SITE
 */
export function checkOwnedFolders(target: Target, repositories: readonly string[]): void {
  const foreign: string[] = [];
  for (const repository of repositories) {
    for (const owned of INDEX_FOLDERS)
      walkFiles(join(target.folderOf(repository), owned), (path, name) => {
        if (!PAGE.test(name)) foreign.push(path);
      });
  }
  if (foreign.length > 0) {
    throw new KhoError('SITE', `Cannot publish into "${target.root}": kho did not write ${namePaths(foreign)}`, {
      hint: 'kho owns simple/ and pypi/ of a repository wholly: move packages to packages/, and anything else away',
    });
  }
}

/** The first few of many paths, in words. */
export function namePaths(paths: readonly string[]): string {
  const named = paths.slice(0, NAMED).map((path) => `"${path}"`);
  if (paths.length > NAMED) named.push(`${paths.length - NAMED} more`);
  return named.join(', ');
}
