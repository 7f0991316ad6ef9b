import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { fileKind } from '../scan/file-kinds.ts';
import type { Target } from './target.ts';

/** What kho owns wholly in a repository's folder. */
export const OWNED_FOLDERS = ['simple', 'pypi', 'project'] as const;

const PAGE = /^(?:index\.html|index\.json|json|.+\.html|atom\.xml)(?:\.gz|\.br)?$|^\.kho-/;

/** So many are named in the error; the rest is counted. */
const NAMED = 5;

/**
 * Refuse to take over folders that hold anything but pages: kho removes there what it did not write, and a package kept in
 * `simple/` would be lost. Asked when no earlier run is known.
 *
 * @throws {KhoError} SITE
 */
export function checkOwnedFolders(target: Target, repositories: readonly string[]): void {
  const foreign: string[] = [];
  for (const repository of repositories) {
    for (const owned of OWNED_FOLDERS)
      walkFiles(join(target.folderOf(repository), owned), (path, name) => {
        if (!PAGE.test(name)) foreign.push(path);
      });
  }
  if (foreign.length > 0) {
    throw new KhoError('SITE', `Cannot publish into "${target.root}": kho did not write ${list(foreign)}`, {
      hint: 'kho owns simple/, pypi/ and project/ of a repository wholly: move packages to packages/, and anything else away',
    });
  }
}

/**
 * Refuse to publish copies (--out) over packages that somebody else put there. Those that kho copied are in the
 * SHA256SUMS beside them.
 *
 * @throws {KhoError} SITE
 */
export function checkCopiesFolder(target: Target, repositories: readonly string[]): void {
  const foreign: string[] = [];
  for (const repository of repositories) {
    const sums = new Set(readLines(join(target.folderOf(repository), 'SHA256SUMS')).map((line) => line.slice(66)));
    const packages = target.packagesOf(repository);
    walkFiles(packages, (path, name) => {
      const fromRepository = `packages${path.slice(packages.length)}`;
      if (fileKind(name).is === 'package' && !sums.has(fromRepository)) foreign.push(path);
    });
  }
  if (foreign.length > 0) {
    throw new KhoError('SITE', `Cannot publish to "${target.root}": kho did not put ${list(foreign)} there`, {
      hint: 'give --out an empty folder, or one that an earlier --out filled',
    });
  }
}

function list(paths: readonly string[]): string {
  const named = paths.slice(0, NAMED).map((path) => `"${path}"`);
  if (paths.length > NAMED) named.push(`${paths.length - NAMED} more`);
  return named.join(', ');
}

/** Every file below a folder that may not exist. Links are files here: they are not followed. */
export function walkFiles(folder: string, visit: (path: string, name: string) => void): void {
  let entries: ReturnType<typeof listFolder>;
  try {
    entries = listFolder(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new KhoError('READ', `Cannot list "${folder}"`, { cause: error });
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walkFiles(path, visit);
    else visit(path, entry.name);
  }
}

function listFolder(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
