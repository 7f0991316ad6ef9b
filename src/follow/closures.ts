/** What a lock file comes to, for all machines of a repository: files of the centre, and what it does not have. */

import { KhoError } from '../errors.ts';
import { isMissing } from '../needs/missing-report.ts';
import type { PackageSource } from '../needs/package-source.ts';
import { readNeedsFile } from '../needs/read-needs.ts';
import { resolveNeeds } from '../needs/resolve-needs.ts';
import type { NeedsFile } from '../needs/wanted.ts';
import { FormatError } from '../problems.ts';
import { MachineFit } from '../standards/platforms/machine-fit.ts';
import type { TargetMachine } from '../standards/platforms/target-machine.ts';
import type { Catalogue, CatalogueFile } from '../sync-format/catalogue.ts';
import { type CatalogueCandidate, catalogueSource, filenameOf } from './catalogue-source.ts';

export interface Closure {
  /** The lock file, as it is shown. */
  path: string;
  /** Smallest first: so something works early. */
  files: CatalogueFile[];
  /** What cannot be had there: one line each, no full stop. Sorted. */
  lacking: string[];
  /** What else is to be told of it: one line each, no full stop. */
  notes: string[];
}

/**
 * Of several; one of which it cannot be told what it needs lacks something, and the others go on.
 *
 * @param goesOn also where one cannot be read
 * @throws {KhoError} READ
 */
export async function closuresOf(
  locks: readonly { path: string; shown: string }[],
  machines: readonly TargetMachine[],
  catalogue: Catalogue,
  goesOn = false,
): Promise<Closure[]> {
  const source = catalogueSource(catalogue);
  const closures: Closure[] = [];
  for (const { path, shown } of locks) {
    try {
      closures.push(await closureOf(shown, await readWritten(path), machines, source));
    } catch (error) {
      const isUnread = goesOn && error instanceof KhoError && error.code === 'READ';
      if (!(error instanceof FormatError) && !isUnread) throw error;
      const why = isUnread ? withCause(error) : `what it needs cannot be told: ${error.message}`;
      closures.push({ path: shown, files: [], lacking: [why], notes: [] });
    }
  }
  return closures;
}

/** @throws {KhoError} READ; {FormatError} for one in which nothing stands: a power cut leaves such files, and nothing would be needed any more */
async function readWritten(path: string): Promise<NeedsFile> {
  let isWritten = false;
  const needs = await readNeedsFile(path, (text) => {
    isWritten ||= text.trim() !== '';
  });
  if (!isWritten)
    throw new FormatError('bad-metadata', 'it is empty; where nothing is needed, say so in a line that begins with #');
  return needs;
}

function withCause({ message, cause }: KhoError): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

/** @throws {FormatError} when what is needed cannot be told */
async function closureOf(
  path: string,
  needs: NeedsFile,
  machines: readonly TargetMachine[],
  source: PackageSource<CatalogueCandidate>,
): Promise<Closure> {
  const files = new Map<string, CatalogueFile>();
  const lacking = new Set<string>();
  const notes = new Set<string>(needs.notes ?? []);
  for (const machine of machines) {
    const about = `${machine.platform}, Python ${machine.python.written}`;
    const { projects, unread, outside } = await resolveNeeds([needs], new MachineFit(machine), source);
    for (const project of projects) {
      const { file, name, specifiers, why, verdict } = project;
      if (file) files.set(filenameOf(file.file), file.file);
      if (file && verdict === 'sdist') notes.add(`${file.filename} is an sdist: ${about} has to build it`);
      else if (isMissing(project)) lacking.add(`${name}${specifiers} (${about}): ${why ?? WORDS[verdict]}`);
    }
    for (const each of unread) lacking.add(`what ${each} depends on: the centre does not know it`);
    for (const each of outside) notes.add(`${each} comes from elsewhere, and is not brought`);
  }
  const sorted = [...files.values()].sort((a, b) => a.size - b.size || (a.path < b.path ? -1 : 1));
  return { path, files: sorted, lacking: [...lacking].sort(), notes: [...notes] };
}

const WORDS = {
  there: 'it is there',
  sdist: 'there is an sdist only',
  absent: 'the centre has nothing that it takes',
  conflict: 'what asks for it contradicts itself',
  hash: 'the centre has it with other bytes than the lock file allows',
};
