import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { removeFile } from '../io/disk.ts';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';
import { readText } from '../io/open-file.ts';
import { walkFiles } from '../io/walk-files.ts';
import { fileKind } from '../scan/file-kinds.ts';
import { namePaths } from './check-folders.ts';
import type { Manifest } from './manifest.ts';
import { leadsDown } from './published-path.ts';
import { isStateTrusted, stateFolder } from './state-folder.ts';
import { fromRoot, type Target } from './target.ts';

/** Copies that a run was about to make, as paths from the site's root: it may have died before it could list them. */
const announcementPath = (root: string) => join(stateFolder(root), 'copies');

/**
 * Write down which copies are about to be made, before the first of them: without it nobody could tell whose they are after a kill.
 *
 * @throws {KhoError} WRITE
 */
export function announceCopies(target: Target, paths: Iterable<string>): void {
  writeKeptLines(announcementPath(target.root), new Set([...announcedCopies(target), ...paths]));
}

/** The copies are made, and listed. @throws {KhoError} WRITE */
export function forgetAnnouncement(target: Target): void {
  if (target.copies) removeFile(announcementPath(target.root));
}

/** By a run that did not come to its end; else none. */
export function announcedCopies(target: Target): string[] {
  if (!target.copies || !isStateTrusted(target.root)) return [];
  try {
    return readKeptLines(announcementPath(target.root)).lines.filter(leadsDown);
  } catch {
    return [];
  }
}

/**
 * Refuse to publish copies (--out) over packages that somebody else put there. Those that kho copied are in the
 * SHA256SUMS beside them, or were announced.
 *
 * @throws {KhoError} SITE
 */
export function checkCopiesFolder(target: Target, repositories: readonly string[]): void {
  const announced = new Set(announcedCopies(target));
  const foreign = repositories.flatMap((repository) => listCopies(target, repository, announced).foreign);
  if (foreign.length > 0) {
    throw new KhoError('SITE', `Cannot publish to "${target.root}": kho did not put ${namePaths(foreign)} there`, {
      hint: 'give --out an empty folder, or one that an earlier --out filled',
    });
  }
}

/**
 * Copies of an earlier --out whose manifest is lost, or that died, and that are published no longer. What stands in packages/, and in no
 * SHA256SUMS, and was not announced, is not kho's, and stays.
 *
 * @returns paths from the site's root
 */
export function findOldCopies(target: Target, repositories: readonly string[], manifest: Manifest): string[] {
  const published = new Set<string>();
  for (const name of manifest.projects.names()) {
    for (const path of manifest.projects.get(name)?.published.keys() ?? []) published.add(path);
  }
  const announced = new Set(announcedCopies(target));
  return repositories
    .flatMap((repository) => listCopies(target, repository, announced).copies)
    .filter((path) => !published.has(path));
}

/** What is in a target's packages/: copies (and what belongs to them) as paths from the site's root, and packages of others. */
function listCopies(
  target: Target,
  repository: string,
  announced: ReadonlySet<string>,
): { copies: string[]; foreign: string[] } {
  const sums = new Set(
    readLines(join(target.folderOf(repository), 'SHA256SUMS')).map((line) => line.slice(HASH_AND_SPACES)),
  );
  const packages = target.packagesOf(repository);
  const result = { copies: [] as string[], foreign: [] as string[] };
  walkFiles(packages, (path, name) => {
    const kind = fileKind(name);
    const listed = `packages${path.slice(packages.length)}`;
    const owner = kind.is === 'side-file' ? listed.slice(0, -kind.side.length - 1) : listed;
    if (sums.has(owner) || announced.has(fromRoot(repository, owner))) result.copies.push(fromRoot(repository, listed));
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
