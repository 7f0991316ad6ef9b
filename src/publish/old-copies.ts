import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { readText } from '../io/open-file.ts';
import { walkFiles } from '../io/walk-files.ts';
import { fileKind } from '../scan/file-kinds.ts';
import { namePaths } from './check-folders.ts';
import type { Manifest } from './manifest.ts';
import { fromRoot, type Target } from './target.ts';

/**
 * Refuse to publish copies (--out) over packages that somebody else put there. Those that kho copied are in the
 * SHA256SUMS beside them.
 *
 * @throws {KhoError} SITE
 */
export function checkCopiesFolder(target: Target, repositories: readonly string[]): void {
  const foreign = repositories.flatMap((repository) => listCopies(target, repository).foreign);
  if (foreign.length > 0) {
    throw new KhoError('SITE', `Cannot publish to "${target.root}": kho did not put ${namePaths(foreign)} there`, {
      hint: 'give --out an empty folder, or one that an earlier --out filled',
    });
  }
}

/**
 * Copies of an earlier --out whose manifest is lost, and that are published no longer. What stands in packages/ and in no
 * SHA256SUMS is not kho's, and stays.
 *
 * @returns paths from the site's root
 */
export function findOldCopies(target: Target, repositories: readonly string[], manifest: Manifest): string[] {
  const published = new Set<string>();
  for (const name of manifest.projects.names()) {
    for (const path of manifest.projects.get(name)?.published.keys() ?? []) published.add(path);
  }
  return repositories
    .flatMap((repository) => listCopies(target, repository).copies)
    .filter((path) => !published.has(path));
}

/** What is in a target's packages/: copies (and what belongs to them) as paths from the site's root, and packages of others. */
function listCopies(target: Target, repository: string): { copies: string[]; foreign: string[] } {
  const sums = new Set(
    readLines(join(target.folderOf(repository), 'SHA256SUMS')).map((line) => line.slice(HASH_AND_SPACES)),
  );
  const packages = target.packagesOf(repository);
  const result = { copies: [] as string[], foreign: [] as string[] };
  walkFiles(packages, (path, name) => {
    const kind = fileKind(name);
    const listed = `packages${path.slice(packages.length)}`;
    const owner = kind.is === 'side-file' ? listed.slice(0, -kind.side.length - 1) : listed;
    if (sums.has(owner)) result.copies.push(fromRoot(repository, listed));
    else if (kind.is === 'package') result.foreign.push(path);
  });
  return result;
}

/** A line of SHA256SUMS begins with them. In characters. */
const HASH_AND_SPACES = 66;

function readLines(path: string): string[] {
  try {
    return readText(path).split('\n');
  } catch {
    return [];
  }
}
