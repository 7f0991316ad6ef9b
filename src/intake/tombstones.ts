/**
 * Names of files that were removed, with the bytes that they had. Lock files and caches of clients remember those, so other bytes never come
 * under such a name again; the same bytes may.
 */

import { join } from 'node:path';
import { fileStamp } from '../io/file-stamp.ts';
import { isKeptText, keptFields } from '../io/kept-fields.ts';
import { keptFolder } from '../io/kept-folder.ts';
import { appendKept, type KeptFile, readKept } from '../io/kept-state.ts';
import { look } from '../io/open-file.ts';
import { isSha256 } from '../standards/sha256.ts';

export interface Tombstone {
  filename: string;
  /** Hexadecimal. */
  sha256: string;
  repository: string;
  /** ISO 8601. */
  removed: string;
}

export const TOMBSTONES: KeptFile<Tombstone> = {
  name: 'tombstones',
  format: 1,
  whenDamaged: 'leave out',
  parse: parseTombstone,
  serialize: (tombstone) => JSON.stringify(tombstone),
};

/** The lock must be held. @throws {KhoError} SITE, WRITE */
export function putTombstone(root: string, tombstone: Tombstone): void {
  if (
    read(root)
      .get(keyOf(tombstone))
      ?.some(({ sha256 }) => sha256 === tombstone.sha256)
  )
    return;
  appendKept(root, TOMBSTONES, tombstone);
}

/**
 * Whether other bytes were removed under this name, and these never were.
 *
 * @throws {KhoError} SITE, READ
 */
export function isTombstoned(root: string, filename: string, sha256: string, repository: string): boolean {
  const removed = read(root).get(keyOf({ filename, repository })) ?? [];
  return removed.length > 0 && !removed.some((tombstone) => tombstone.sha256 === sha256);
}

/** What was removed under this name, hexadecimal. @throws {KhoError} SITE, READ */
export function removedHashes(root: string, filename: string, repository: string): string[] {
  return (read(root).get(keyOf({ filename, repository })) ?? []).map(({ sha256 }) => sha256);
}

type ByName = ReadonlyMap<string, readonly Tombstone[]>;

/** Of the site asked last: many files are asked of one after the other. */
let last: { path: string; stamp: string; byName: ByName } | undefined;

function read(root: string): ByName {
  const path = join(keptFolder(root), TOMBSTONES.name);
  const stats = look(path);
  if (!stats) return new Map();
  const stamp = JSON.stringify(fileStamp(stats));
  if (last?.path !== path || last.stamp !== stamp)
    last = { path, stamp, byName: byKey(readKept(root, TOMBSTONES).records) };
  return last.byName;
}

function byKey(records: readonly Tombstone[]): ByName {
  const byName = new Map<string, Tombstone[]>();
  for (const tombstone of records) byName.set(keyOf(tombstone), [...(byName.get(keyOf(tombstone)) ?? []), tombstone]);
  return byName;
}

function keyOf({ filename, repository }: Pick<Tombstone, 'filename' | 'repository'>): string {
  return `${repository}/${filename}`;
}

function parseTombstone(line: string): Tombstone | undefined {
  const { filename, sha256, repository, removed } = keptFields(line);
  if (!isKeptText(filename) || !isKeptText(repository) || !isKeptText(removed) || !isSha256(sha256)) return undefined;
  return { filename, sha256, repository, removed };
}
