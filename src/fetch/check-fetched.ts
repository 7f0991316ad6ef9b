/** What is fetched has to be listed afterwards: what a repository would hold is not put there. */
import { basename } from 'node:path';
import { judgeFile } from '../catalog/judge-file.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import type { FileFacts } from '../inspect/file-facts.ts';
import { hashFile, inspectFile } from '../inspect/inspect-file.ts';
import { BEFORE_LISTING } from '../inspect/verify-source.ts';
import type { WholeSource } from '../intake/place-whole.ts';
import { isTombstoned } from '../intake/tombstones.ts';
import { namesIn } from '../io/open-file.ts';
import { FormatError } from '../problems.ts';
import { isTwin } from '../standards/file-identity.ts';
import type { BinaryFacts } from '../standards/platforms/binary-facts.ts';
import { packagesOf, type ToFetch } from './plan-fetch.ts';

/** Why a file would be held, or may not come, in words that follow its name. */
export interface WouldBeHeld {
  filename: string;
  repository: string;
  /** What the repository does. */
  how: 'would hold it' | 'does not take it';
  why: string;
}

/** Files that some repository would not list by what their names, and the index, say: all that can be told before they are brought. */
export function heldByName(files: readonly ToFetch[], config: SiteConfig): WouldBeHeld[] {
  return files.flatMap(({ file, into }) => into.flatMap((name) => judged(file, name, config) ?? []));
}

/** @throws {KhoError} UPSTREAM where each of its repositories would hold it: there is no need to bring it */
export function refuseByName({ file, into }: ToFetch, config: SiteConfig): void {
  const held = into.map((name) => judged(file, name, config));
  if (held[0] !== undefined && held.every((one) => one !== undefined)) throw wouldBeHeld(held[0]);
}

/**
 * Open what was brought, as a build will.
 *
 * @param folders of packages, absolute
 * @returns those of them whose repositories would list it, and why the others would not
 * @throws {KhoError} UPSTREAM where none would
 */
export async function checkFetched(
  { path, stamp, sha256 }: WholeSource,
  { file: { filename }, into }: ToFetch,
  folders: readonly string[],
  config: SiteConfig,
): Promise<{ taking: string[]; held: WouldBeHeld[] }> {
  let facts: FileFacts;
  try {
    const options = { knownSha256: sha256, filename, verify: BEFORE_LISTING };
    facts = (await inspectFile(path, stamp, options)).facts;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new KhoError('UPSTREAM', `Cannot bring "${filename}": it ${error.message}`);
  }
  const held: WouldBeHeld[] = [];
  const taking: string[] = [];
  for (const folder of folders) {
    const repository = into.find((name) => packagesOf(name, config) === folder) as string;
    const twin = await twinIn(folder, filename, facts);
    const why: WouldBeHeld | undefined =
      judged({ filename, sha256 }, repository, config, facts.binaries) ??
      (twin === undefined ? undefined : isTwinOf(twin, { filename, repository }));
    if (why) held.push(why);
    else taking.push(folder);
  }
  if (taking.length === 0 && held[0]) throw wouldBeHeld(held[0]);
  return { taking, held };
}

/** Whether other bytes were removed from there under its name: nobody's fetch brings back what somebody took away. */
export function wasRemovedFrom(
  { root, repositories }: SiteConfig,
  name: string,
  { filename, sha256 }: { filename: string; sha256: string },
): boolean {
  const mayReplace = repositories.some((one) => one.name === name && one.overwrite);
  return !mayReplace && isTombstoned(root, filename, sha256, name);
}

/** @param sha256 as far as it is known */
function judged(
  { filename, sha256 }: { filename: string; sha256?: string },
  name: string,
  config: SiteConfig,
  binaries?: BinaryFacts,
): WouldBeHeld | undefined {
  if (sha256 !== undefined && wasRemovedFrom(config, name, { filename, sha256 })) {
    const why = 'has other bytes than the file that was removed there under this name, which clients may remember';
    return { filename, repository: name, how: 'does not take it', why };
  }
  const { repositories } = config;
  const repository = repositories.find((one) => one.name === name);
  const file = { filename, ...(binaries && { binaries }) };
  const verdict = repository && judgeFile(file, repository, repositories);
  return verdict && { filename, repository: name, how: 'would hold it', why: `${verdict.what}; ${verdict.hint}` };
}

async function twinIn(folder: string, filename: string, facts: FileFacts): Promise<string | undefined> {
  for (const name of namesIn(folder)) {
    if (!isTwin(name, { ...facts, filename })) continue;
    if ((await hashFile(`${folder}/${name}`)) !== facts.sha256) return basename(name);
  }
  return undefined;
}

function isTwinOf(twin: string, about: Pick<WouldBeHeld, 'filename' | 'repository'>): WouldBeHeld {
  const why = `is the same file of its release as "${twin}", spelled differently`;
  return { ...about, how: 'would hold it', why };
}

function wouldBeHeld({ filename, repository, how, why }: WouldBeHeld): KhoError {
  return new KhoError('UPSTREAM', `Cannot bring "${filename}": "${repository}" ${how}, since it ${why}`);
}
