import { basename, join } from 'node:path';
import { sitePath } from '../catalog/resolve-listing.ts';
import { hashFile, hintOf, type Inspection, inspectFile } from '../inspect/inspect-file.ts';
import type { LearnedFile } from '../inspect/learned-files.ts';
import { checkProvenance, readYankReason } from '../inspect/side-files.ts';
import { verifyMembers } from '../inspect/verify-members.ts';
import { isArchiveOfMembers } from '../inspect/verify-source.ts';
import type { FileStamp } from '../io/file-stamp.ts';
import { isUnchanged } from '../io/is-unchanged.ts';
import { readStart } from '../io/open-file.ts';
import { FormatError, PROBLEM_HINTS, type Problem, problemOf } from '../problems.ts';
import type { FileRecord, ProjectRecord } from '../publish/manifest.ts';
import { fileState, isInState } from '../scan/file-state.ts';
import type { FoundFile } from '../scan/found-file.ts';
import type { NormalizedName } from '../standards/name.ts';
import { PEOPLES_SIDE_FILES, type PeoplesSideFile } from '../standards/side-files.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import type { Recalled } from './recall-uploads.ts';
import { isOutdated, RULES } from './rules.ts';

/** Side-files are read up to here, in bytes. */
const SIDE_FILE_LIMIT = TEXT_LIMITS.sideFileBytes;

export interface Described {
  files: FileRecord[];
  /** Files whose inside says that they belong to another project than their name lets one guess (old sdists). */
  strays: { file: FoundFile; project: NormalizedName }[];
  notes: Problem[];
}

export interface DescribeOptions {
  /** The folder of a repository's packages, absolute. */
  packagesOf(repository: string): string;
  /** What the published index remembers of a file of this name. */
  recall(repository: string, filename: string, sha256: string): Recalled;
  /** Told of what was read, with the file's absolute path. */
  onInspected(path: string, stamp: FileStamp, inspection: LearnedFile | Inspection): void;
  /** Milliseconds since 1970. */
  now: number;
  /** What was read of the very bytes of a file before it came to its place. */
  known?(file: FoundFile): LearnedFile | undefined;
  /** Hashes of files whose members were all unpacked a moment ago. */
  whole?: ReadonlySet<string>;
  /** Files that were inspected under older rules are inspected anew, all of them. */
  judgesAnew?: boolean;
}

/** Find out about each file of a project all that its pages need; what has not changed since the last run is not read again. */
export async function describeFiles(
  name: NormalizedName,
  files: readonly FoundFile[],
  previous: ProjectRecord | undefined,
  options: DescribeOptions,
): Promise<Described> {
  const records = new Map(previous?.files.map((record) => [sitePath(record), record]));
  const result: Described = { files: [], strays: [], notes: [] };
  for (const file of files) {
    const before = records.get(sitePath(file));
    if (file.unseen) {
      if (before) result.files.push({ ...before, unseen: true });
      continue;
    }
    const isAsBefore = isInState(file, before?.state, options.now);
    if (before && isAsBefore && !(options.judgesAnew && isOutdated(before))) {
      const { unseen, ...seen } = before;
      result.files.push(seen);
      continue;
    }
    const state = fileState(file, options.now);
    const record = file.busy
      ? await describeBusy(file, state, before, options)
      : await describeFile(file, state, before, options);
    if (!record) continue;
    if (record.facts && record.facts.project !== name) {
      result.strays.push({ file, project: record.facts.project });
      continue;
    }
    if (record.facts) {
      const hashBefore = before && publishedHash(before);
      const same = hashBefore === record.facts.sha256;
      if (same && before?.uploadedMs !== undefined) record.uploadedMs = before.uploadedMs;
      if (hashBefore !== undefined && !same) result.notes.push(replacedNote(file));
    }
    result.files.push(record);
  }
  return result;
}

async function describeFile(
  file: FoundFile,
  state: string,
  before: FileRecord | undefined,
  options: DescribeOptions,
): Promise<FileRecord> {
  const { repository, path, stamp, sideFiles } = file;
  const record: FileRecord = { repository, path, state, rules: RULES };
  const full = `${options.packagesOf(repository)}/${path}`;
  const hashBefore = before && publishedHash(before);
  try {
    const read = options.known?.(file);
    const known = read && (read.isOursAlone || isUnchanged(full, stamp)) ? read : undefined;
    if (known?.isOursAlone) record.state = fileState(file, options.now, true);
    const inspection = known ?? (await inspectFile(full, stamp));
    const { sha256 } = inspection.facts;
    const isReplaced = hashBefore !== undefined && hashBefore !== sha256;
    const mustVerify = isReplaced || before?.problem?.code === 'damaged'; // perhaps in a member that inspecting does not read
    if (mustVerify && !known?.isWhole) await verifyMembers(full, {}, stamp);
    const wasWhole = known?.isWhole || options.whole?.has(sha256) || (before?.whole && before.facts?.sha256 === sha256);
    if (mustVerify || wasWhole || !isArchiveOfMembers(path)) record.whole = true;
    options.onInspected(full, stamp, inspection);
    record.facts = inspection.facts;
  } catch (error) {
    return hold(record, toProblem(error, full, sitePath(file)), before);
  }
  const { sha256 } = record.facts;
  const recalled = options.recall(repository, basename(path), sha256);
  if (typeof recalled === 'number') record.recalled = true;
  record.uploadedMs = uploadTime(recalled, hashBefore !== undefined && hashBefore !== sha256, stamp, options.now);
  for (const side of PEOPLES_SIDE_FILES) {
    const seen = sideFiles[side];
    if (!seen) continue;
    try {
      READERS[side](record, () => readSideFile(`${full}.${side}`, seen));
    } catch (error) {
      const problem = toProblem(error, `${full}.${side}`, `${sitePath(file)}.${side}`);
      record.sideProblems = [...(record.sideProblems ?? []), problem];
    }
  }
  return record;
}

/** What each side-file says of its package. */
const READERS: Record<PeoplesSideFile, (record: FileRecord, read: () => Uint8Array) => void> = {
  yanked(record, read) {
    record.yanked = ''; // somebody wants it yanked: that a reason is unreadable must not offer it again
    record.yanked = readYankReason(read());
  },
  asc(record) {
    record.signed = true;
  },
  provenance(record, read) {
    checkProvenance(read());
    record.provenance = true;
  },
};

/**
 * The time of a file that is new is that of its last change, so that an index made anew says the same. Bytes under a name that clients know
 * with others are of now: their file may have kept an old time, and who installs as of a day before must not get them.
 */
function uploadTime(recalled: Recalled, isReplaced: boolean, { modifiedMs }: FileStamp, now: number): number {
  if (typeof recalled === 'number') return recalled;
  return recalled === 'other bytes' || isReplaced ? now : Math.round(Math.min(modifiedMs, now));
}

/**
 * A file that is being written to. One that is new is not there yet. One that was published stays listed as long as its
 * bytes are the same (it may only be touched, or written again as it was), and is held silently while they are not.
 */
async function describeBusy(
  file: FoundFile,
  state: string,
  before: FileRecord | undefined,
  options: DescribeOptions,
): Promise<FileRecord | undefined> {
  const hashBefore = before && publishedHash(before);
  if (!before || hashBefore === undefined) return undefined;
  const full = join(options.packagesOf(file.repository), file.path);
  if (before.facts && (await hashFile(full, file.stamp).catch(() => undefined)) === hashBefore)
    return { ...before, state };
  const what = 'is being written right now';
  const problem: Problem = {
    code: 'changed-while-reading',
    file: sitePath(file),
    what,
    hint: PROBLEM_HINTS['changed-while-reading'],
  };
  return hold({ repository: file.repository, path: file.path, state }, problem, before);
}

/** The hash that clients know: of the file as it is listed, or was before it was held. */
export function publishedHash({ facts, problem, lastSha256 }: FileRecord): string | undefined {
  return (problem ? undefined : facts?.sha256) ?? lastSha256;
}

/** @param before what was known of it: clients may remember its hash */
export function hold(record: FileRecord, problem: Problem, before: FileRecord | undefined): FileRecord {
  const hashBefore = before && publishedHash(before);
  record.problem = problem;
  if (hashBefore !== undefined) record.lastSha256 = hashBefore;
  if (before?.uploadedMs !== undefined) record.uploadedMs = before.uploadedMs;
  return record;
}

/** @throws whatever is no fault of the file: that is a bug in kho, or stops the run */
function toProblem(error: unknown, full: string, file: string): Problem {
  return { ...problemOf(error, file), hint: hintOf(error as FormatError, full, file) };
}

function readSideFile(path: string, seen: FileStamp): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readStart(path, SIDE_FILE_LIMIT + 1, seen);
  } catch (error) {
    const fault = new FormatError('not-readable', `cannot be read (${(error as NodeJS.ErrnoException).code})`);
    fault.cause = error;
    throw fault;
  }
  if (bytes.length <= SIDE_FILE_LIMIT) return bytes;
  throw new FormatError('bad-side-file', 'is larger than 1 MiB');
}

function replacedNote(file: FoundFile): Problem {
  const what = 'has other bytes than it was published with';
  return { code: 'replaced', file: sitePath(file), what, hint: PROBLEM_HINTS.replaced };
}
