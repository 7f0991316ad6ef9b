import { basename, join } from 'node:path';
import { sitePath } from '../catalog/resolve-listing.ts';
import { hashFile, hintOf, type Inspection, inspectFile, verifyFile } from '../inspect/inspect-file.ts';
import { checkProvenance, readYankReason } from '../inspect/side-files.ts';
import { readStart } from '../io/open-file.ts';
import { FormatError, PROBLEM_HINTS, type Problem } from '../problems.ts';
import type { FileRecord, ProjectRecord } from '../publish/manifest.ts';
import { fileState } from '../scan/file-state.ts';
import type { FileStamp, FoundFile } from '../scan/found-file.ts';
import type { NormalizedName } from '../standards/name.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';

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
  /** When a file was first published, if the published index remembers it with this hash. Milliseconds since 1970. */
  recall(repository: string, filename: string, sha256: string): number | undefined;
  /** Told of what was read, with the file's absolute path. */
  onInspected(path: string, inspection: Inspection): void;
  /** Milliseconds since 1970. */
  now: number;
}

/** Find out about each file of a project all that its pages need; what has not changed since the last run is not read again. */
export async function describeFiles(
  name: NormalizedName,
  files: readonly FoundFile[],
  previous: ProjectRecord | undefined,
  options: DescribeOptions,
): Promise<Described> {
  const known = new Map(previous?.files.map((record) => [sitePath(record), record]));
  const result: Described = { files: [], strays: [], notes: [] };
  for (const file of files) {
    const before = known.get(sitePath(file));
    if (file.unseen) {
      if (before) result.files.push({ ...before, unseen: true });
      continue;
    }
    const state = fileState(file, options.now);
    if (before?.state === state) {
      const { unseen, ...seen } = before;
      result.files.push(seen);
      continue;
    }
    const record = file.busy
      ? await describeBusy(file, state, before, options)
      : await describeFile(file, state, before, options);
    if (!record) continue;
    if (record.facts && record.facts.project !== name) {
      result.strays.push({ file, project: record.facts.project });
      continue;
    }
    if (record.facts) {
      const known = before && publishedHash(before);
      const same = known === record.facts.sha256;
      if (same && before?.uploadedMs !== undefined) record.uploadedMs = before.uploadedMs;
      if (known !== undefined && !same) result.notes.push(replacedNote(file));
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
  const record: FileRecord = { repository, path, state };
  const full = `${options.packagesOf(repository)}/${path}`;
  try {
    const inspection = await inspectFile(full, stamp);
    const known = before && publishedHash(before);
    if (known !== undefined && known !== inspection.facts.sha256) await verifyFile(full, stamp);
    options.onInspected(full, inspection);
    record.facts = inspection.facts;
  } catch (error) {
    return hold(record, toProblem(error, full, sitePath(file)), before);
  }
  const remembered = options.recall(repository, basename(path), record.facts.sha256);
  if (remembered !== undefined) record.recalled = true;
  record.uploadedMs = remembered ?? Math.round(Math.min(stamp.modifiedMs, options.now));
  if (sideFiles.asc) record.signed = true;
  try {
    if (sideFiles.yanked) record.yanked = readYankReason(readSideFile(`${full}.yanked`, sideFiles.yanked));
  } catch (error) {
    record.yanked = ''; // somebody wanted it yanked: that the reason is unreadable must not offer it again
    record.sideProblems = [toProblem(error, `${full}.yanked`, `${sitePath(file)}.yanked`)];
  }
  try {
    if (sideFiles.provenance) {
      checkProvenance(readSideFile(`${full}.provenance`, sideFiles.provenance));
      record.provenance = true;
    }
  } catch (error) {
    record.sideProblems = [
      ...(record.sideProblems ?? []),
      toProblem(error, `${full}.provenance`, `${sitePath(file)}.provenance`),
    ];
  }
  return record;
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
  const known = before && publishedHash(before);
  if (!before || known === undefined) return undefined;
  const full = join(options.packagesOf(file.repository), file.path);
  if (before.facts && (await hashFile(full, file.stamp).catch(() => undefined)) === known) return { ...before, state };
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

function hold(record: FileRecord, problem: Problem, before: FileRecord | undefined): FileRecord {
  const known = before && publishedHash(before);
  record.problem = problem;
  if (known !== undefined) record.lastSha256 = known;
  if (before?.uploadedMs !== undefined) record.uploadedMs = before.uploadedMs;
  return record;
}

/** @throws whatever is no fault of the file: that is a bug in kho, or stops the run */
function toProblem(error: unknown, full: string, file: string): Problem {
  if (error instanceof FormatError)
    return { code: error.code, file, what: error.message, hint: hintOf(error, full, file) };
  throw error;
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
