/** What `kho mirror` brought, so that it takes away nothing else. Written before a file gets its name. */

import { isKeptText, keptFields } from '../io/kept-fields.ts';
import { appendKept, type KeptFile, readKept, replaceKept } from '../io/kept-state.ts';
import { isSha256 } from '../standards/sha256.ts';

export interface MirroredFile {
  repository: string;
  /** Normalized. */
  project: string;
  filename: string;
  /** Hexadecimal. */
  sha256: string;
  /** Since when nothing orders it, in milliseconds since 1970; absent while something does. */
  unwantedMs?: number;
  /** Why it was yanked by `kho mirror`; whom somebody else yanked has none. */
  yanked?: string;
}

export const MIRRORED: KeptFile<MirroredFile> = {
  name: 'mirrored',
  format: 1,
  whenDamaged: 'leave out', // what is not known stays
  parse: parseMirrored,
  serialize: (file) => JSON.stringify(file),
};

/** Of one repository, by name of file; of several records the last. @throws {KhoError} SITE, READ */
export function readMirrored(root: string, repository: string): Map<string, MirroredFile> {
  const own = readKept(root, MIRRORED).records.filter((file) => file.repository === repository);
  return new Map(own.map((file) => [file.filename, file]));
}

/** The lock must be held. @throws {KhoError} SITE, WRITE */
export function rememberMirrored(root: string, file: MirroredFile): void {
  appendKept(root, MIRRORED, file);
}

/** In the place of all that is known of a repository. The lock must be held. @throws {KhoError} SITE, READ, WRITE */
export function replaceMirrored(root: string, repository: string, files: readonly MirroredFile[]): void {
  const others = readKept(root, MIRRORED).records.filter((file) => file.repository !== repository);
  replaceKept(root, MIRRORED, [...others, ...files]);
}

function parseMirrored(line: string): MirroredFile | undefined {
  const { repository, project, filename, sha256, unwantedMs, yanked } = keptFields(line);
  if (!isKeptText(repository) || !isKeptText(project) || !isKeptText(filename) || !isSha256(sha256)) return undefined;
  return {
    ...{ repository, project, filename, sha256 },
    ...(typeof unwantedMs === 'number' && { unwantedMs }),
    ...(isKeptText(yanked) && { yanked }),
  };
}
