/** What `kho pull` brought, so that it takes away nothing else. Written before a file gets its name. */

import { isKeptText, keptFields } from '../io/kept-fields.ts';
import { appendKept, type KeptFile, readKept, replaceKept } from '../io/kept-state.ts';
import { isSha256 } from '../standards/sha256.ts';

export interface PulledFile {
  /** Of the site here. */
  repository: string;
  filename: string;
  /** Hexadecimal. */
  sha256: string;
}

const PULLED: KeptFile<PulledFile> = {
  name: 'pulled',
  format: 1,
  whenDamaged: 'leave out', // what is not known stays
  parse: parsePulled,
  serialize: ({ repository, filename, sha256 }) => JSON.stringify({ repository, filename, sha256 }),
};

/** Of one repository, by name of file; of several records the last. @throws {KhoError} SITE, READ */
export function readPulled(root: string, repository: string): Map<string, PulledFile> {
  const own = readKept(root, PULLED).records.filter((file) => file.repository === repository);
  return new Map(own.map((file) => [file.filename, file]));
}

/** The lock must be held. @throws {KhoError} SITE, WRITE */
export function rememberPulled(root: string, files: readonly PulledFile[]): void {
  if (files.length > 0) appendKept(root, PULLED, ...files);
}

/** Only these of a repository are still there. The lock must be held. @throws {KhoError} SITE, READ, WRITE */
export function tidyPulled(root: string, repository: string, isThere: (file: PulledFile) => boolean): void {
  const { records } = readKept(root, PULLED);
  const here = [...readPulled(root, repository).values()].filter(isThere);
  const others = records.filter((file) => file.repository !== repository);
  if (here.length + others.length < records.length) replaceKept(root, PULLED, [...others, ...here]);
}

function parsePulled(line: string): PulledFile | undefined {
  const { repository, filename, sha256 } = keptFields(line);
  if (!isKeptText(repository) || !isKeptText(filename) || !isSha256(sha256)) return undefined;
  return { repository, filename, sha256 };
}
