/** Which names of a site another index has too, and which files of both are the same. Asking gives the names away: only who types a command does it. */
import { basename } from 'node:path';
import { KhoError } from '../errors.ts';
import type { FilesOf } from '../names/name-book.ts';
import type { Origin } from '../names/origins.ts';
import type { PackageSource } from '../needs/package-source.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { UpstreamCandidate } from './read-index-page.ts';

export interface Namesake {
  name: NormalizedName;
  /** `absent`: the index has no such project. `unknown`: it could not be asked. */
  there: 'present' | 'absent' | 'unknown';
  /** Files of ours, by name and hash: each once. */
  files: number;
  /** Those of them that the index has too, with the same bytes. */
  same: Origin[];
  /** Names of files that both have, with other bytes. Sorted. */
  clashing: string[];
}

export interface AskOptions {
  source: PackageSource<UpstreamCandidate>;
  filesOf: FilesOf;
  /** The address of the index, without name and password. */
  index: string;
  now: number;
}

/** Pages that are asked for at once. */
const AT_ONCE = 8;

/** In the order of the names. */
export async function findNamesakes(names: readonly NormalizedName[], options: AskOptions): Promise<Namesake[]> {
  const found: Namesake[] = [];
  let next = 0;
  const worker = async () => {
    while (next < names.length) {
      const place = next++;
      found[place] = await findNamesake(names[place] as NormalizedName, options);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}

async function findNamesake(name: NormalizedName, { source, filesOf, index, now }: AskOptions): Promise<Namesake> {
  const ours = new Map<string, string | undefined>();
  for (const { path, facts } of filesOf(name)) ours.set(`${basename(path)} ${facts?.sha256}`, facts?.sha256);
  const namesake: Namesake = { name, there: 'absent', files: ours.size, same: [], clashing: [] };
  let theirs: readonly UpstreamCandidate[];
  try {
    theirs = await source.candidates(name);
  } catch (error) {
    if (!(error instanceof KhoError)) throw error;
    return { ...namesake, there: 'unknown' };
  }
  if (theirs.length === 0) return namesake;
  const byName = new Map(theirs.map((file) => [file.filename, file]));
  const clashing = new Set<string>();
  for (const [key, sha256] of ours) {
    const filename = key.slice(0, key.lastIndexOf(' '));
    const their = byName.get(filename);
    if (!their || sha256 === undefined || their.sha256 === undefined) continue;
    if (their.sha256 !== sha256) clashing.add(filename);
    else {
      const { uploaded } = their;
      const origin = { filename, sha256, project: name, index, fetched: new Date(now).toISOString() };
      namesake.same.push({ ...origin, ...(uploaded !== undefined && { uploaded }) });
    }
  }
  return { ...namesake, there: 'present', clashing: [...clashing].sort() };
}
