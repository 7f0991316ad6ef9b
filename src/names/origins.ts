/**
 * Where files came from that kho brought from another index. A file without an origin is the site's own. Written before the file gets its
 * name: what is there without a record was never fetched, whenever a run is stopped.
 */

import { isKeptText, keptFields } from '../io/kept-fields.ts';
import { appendKept, type KeptFile, keepAside, readKept, replaceKept } from '../io/kept-state.ts';
import { isSha256 } from '../standards/sha256.ts';

export interface Origin {
  filename: string;
  /** Hexadecimal: a file of that name with other bytes has another origin. */
  sha256: string;
  /** Normalized. */
  project: string;
  /** Its address, without name and password. */
  index: string;
  /** When it was brought, ISO 8601. */
  fetched: string;
  /** When it was published there, ISO 8601, where that index tells. */
  uploaded?: string;
}

/** In characters. */
const LONGEST_ADDRESS = 2048;

/** Beyond so many, those of files that are gone are forgotten, the oldest first. */
const MOST_RECORDS = 100_000;

export const ORIGINS: KeptFile<Origin> = {
  name: 'origins',
  format: 1,
  whenDamaged: 'leave out',
  parse: parseOrigin,
  serialize: (origin) => JSON.stringify(origin),
};

/** What is known of a file, by `originKey`; of several records the newest. */
export type Origins = ReadonlyMap<string, Origin>;

export function originKey({ filename, sha256 }: Pick<Origin, 'filename' | 'sha256'>): string {
  return `${sha256} ${filename}`;
}

/** @throws {KhoError} SITE, READ */
export function readOrigins(root: string): { origins: Origins; damaged: number } {
  const { records, damaged } = readKept(root, ORIGINS);
  return { origins: byKey(records), damaged };
}

/** The lock must be held. @throws {KhoError} SITE, WRITE */
export function rememberOrigin(root: string, origin: Origin): void {
  const index = origin.index.length > LONGEST_ADDRESS ? new URL(origin.index).origin : origin.index;
  appendKept(root, ORIGINS, { ...origin, index });
}

/**
 * Write the records anew where that is due: lines are damaged, or more of them stand for nothing than for something. The lock must be held.
 *
 * @param isThere whether the site has a file of that name
 * @returns what is to be told
 * @throws {KhoError} SITE, READ, WRITE
 */
export function tidyOrigins(
  root: string,
  isThere: (filename: string) => boolean,
  mostRecords = MOST_RECORDS,
): string[] {
  const { records, damaged } = readKept(root, ORIGINS);
  const origins = [...byKey(records).values()];
  const kept = origins.length > mostRecords ? newest(origins, isThere, mostRecords) : origins;
  const isDue = damaged > 0 || kept.length < origins.length || records.length > 2 * origins.length;
  if (!isDue) return [];
  const aside = damaged > 0 ? keepAside(root, ORIGINS) : undefined;
  replaceKept(root, ORIGINS, kept);
  return aside === undefined
    ? []
    : [
        `where files were fetched from: ${damaged} damaged ${damaged === 1 ? 'line is' : 'lines are'} left out; what was there is kept in "${aside}"`,
      ];
}

/** All of files that are there, however many. */
function newest(origins: readonly Origin[], isThere: (filename: string) => boolean, most: number): Origin[] {
  const presentNames = new Set(origins.filter(({ filename }) => isThere(filename)));
  const room = Math.max(0, most - presentNames.size);
  const gone = origins.filter((origin) => !presentNames.has(origin));
  const kept = new Set(gone.slice(gone.length - Math.min(room, gone.length)));
  return origins.filter((origin) => presentNames.has(origin) || kept.has(origin));
}

/** In the order of their newest records. */
function byKey(records: readonly Origin[]): Map<string, Origin> {
  const found = new Map<string, Origin>();
  for (const record of records) {
    const key = originKey(record);
    found.delete(key);
    found.set(key, record);
  }
  return found;
}

function parseOrigin(line: string): Origin | undefined {
  const { filename, sha256, project, index, fetched, uploaded } = keptFields(line);
  if (!isKeptText(filename) || !isKeptText(project) || !isKeptText(index) || !isKeptText(fetched) || !isSha256(sha256))
    return undefined;
  return { ...{ filename, sha256, project, index, fetched }, ...(isKeptText(uploaded) && { uploaded }) };
}
