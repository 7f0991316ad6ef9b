import { sitePath } from '../catalog/resolve-listing.ts';
import { inspectFile } from '../inspect/inspect-file.ts';
import { verifyMembers } from '../inspect/verify-members.ts';
import type { FileStamp } from '../io/file-stamp.ts';
import { FormatError, problemOf } from '../problems.ts';
import type { FileRecord } from '../publish/manifest.ts';
import { hold } from './describe-files.ts';
import { RULES } from './rules.ts';

/** Of a file that has to be described anew: no scan sees that. */
const DESCRIBE_ANEW = '';

/** One file is unpacked for so long at most: some hundred times what the largest real ones take, of which none may keep kho busy for ever. In milliseconds. */
export const LONGEST_UNPACKING_MS = 120_000;

/** Other faults pass, or show in the state of the file: the next run sees to them. */
const LASTING = new Set(['damaged', 'overlapping-members']);

/**
 * Inspect a file, which is as it was, under the rules of today.
 *
 * @param full absolute
 * @returns its record, with those rules where nothing came out otherwise; else one that the next look at its project makes anew
 */
export async function inspectAnew(record: FileRecord, full: string, stamp: FileStamp): Promise<FileRecord> {
  const { facts, problem } = record;
  const before = facts ? JSON.stringify(facts) : `${problem?.code} ${problem?.what}`;
  let now: string;
  try {
    now = JSON.stringify((await inspectFile(full, stamp, facts ? { knownSha256: facts.sha256 } : {})).facts);
    if (!facts && problem?.code === 'damaged') await verifyMembers(full, {}, stamp); // perhaps in a member that inspecting does not read
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    now = `${error.code} ${error.message}`;
  }
  return now === before ? { ...record, rules: RULES } : { ...record, state: DESCRIBE_ANEW };
}

/**
 * Unpack every member of a file, which is as it was.
 *
 * @param full absolute
 * @param isOver asked again and again: whether somebody waits for other things
 * @returns its record: whole, held, not to be tried again, or as it is where nothing can be told
 */
export async function verifyListed(
  record: FileRecord,
  full: string,
  stamp: FileStamp,
  isOver: () => boolean,
  longestMs = LONGEST_UNPACKING_MS,
): Promise<FileRecord> {
  try {
    if (await verifyMembers(full, { isOver, milliseconds: longestMs }, stamp)) return { ...record, whole: true };
    return isOver() ? record : { ...record, tooLongToUnpack: true };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    if (!LASTING.has(error.code)) return record;
    const { repository, path, state, rules } = record;
    const problem = problemOf(error, sitePath(record));
    return hold({ repository, path, state, ...(rules !== undefined && { rules }) }, problem, record);
  }
}
