import { dirname, join } from 'node:path';
import { sitePath } from '../catalog/resolve-listing.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import type { PackageReader } from '../inspect/package-reader.ts';
import { copyPackage, removeFile, writeNewFile } from '../io/disk.ts';
import type { FileStamp } from '../io/file-stamp.ts';
import { isWritable } from '../io/is-writable.ts';
import { look } from '../io/open-file.ts';
import { scannedPageStamp } from '../io/page-stamp.ts';
import { FormatError, PROBLEM_HINTS, type Problem, problemOf } from '../problems.ts';
import type { FileRecord, Published } from '../publish/manifest.ts';
import { placeFile } from '../publish/place-file.ts';
import type { Staged } from '../publish/stage.ts';
import type { Target } from '../publish/target.ts';
import type { FoundFile } from '../scan/found-file.ts';
import { LONGEST_FILENAME } from '../standards/longest-filename.ts';
import { COPIED_SIDE_FILES, SIDE_FILES } from '../standards/side-files.ts';

export interface CompanionOptions {
  target: Target;
  /** The folder where a repository's packages are read from, absolute. */
  packagesOf(repository: string): string;
  packages: PackageReader;
  /** See `indexBefore`. */
  hasIndex(repository: string): boolean;
  /** What the manifest says is published. */
  publishedBefore: Published;
}

/**
 * Publish what stands beside the pages: FILE.metadata of each wheel, and with --out the package and its side-files. Marks
 * in each record whether its metadata may be advertised; returns what kept it from being so.
 */
export async function placeCompanions(
  files: readonly { found: FoundFile; record: FileRecord }[],
  options: CompanionOptions,
  into: Staged,
): Promise<Problem[]> {
  const notes: Problem[] = [];
  for (const { found, record } of files) {
    if (found.unseen && keepPublished(record, options, into)) continue;
    if (!record.facts || record.problem) {
      delete record.metadataPublished;
      continue;
    }
    try {
      if (options.target.copies) await placeCopies(found, record, options, into);
      delete record.metadataPublished;
      if (record.facts.metadataSha256 !== undefined) {
        const note = await placeMetadata(found, record, options, into);
        if (note) notes.push(note);
        else record.metadataPublished = true;
      }
    } catch (error) {
      record.problem = problemOf(error, sitePath(record)); // it changed since it was inspected: held now, looked at again by the next run
      record.state = 'changed';
      delete record.facts;
    }
  }
  return notes;
}

/**
 * What is published of a file that cannot be looked at stays as it is: beside it, whether it is listed or not, since nothing there can be
 * changed; as a copy, as long as it is listed.
 */
function keepPublished(
  record: FileRecord,
  { target, publishedBefore: known }: CompanionOptions,
  into: Staged,
): boolean {
  if (target.copies && record.problem) return false;
  const path = sitePath(record);
  for (const suffix of ['', ...SIDE_FILES.map((side) => `.${side}`)]) {
    const page = known.get(path + suffix);
    if (page) into.published.set(path + suffix, page);
  }
  return true;
}

async function placeMetadata(
  found: FoundFile,
  record: FileRecord,
  { target, packagesOf, packages, hasIndex, publishedBefore: known }: CompanionOptions,
  into: Staged,
): Promise<Problem | undefined> {
  const sha256 = record.facts?.metadataSha256 as string;
  const path = `${sitePath(record)}.metadata`;
  const filename = record.path.slice(record.path.lastIndexOf('/') + 1);
  if (Buffer.byteLength(filename) + '.metadata'.length > LONGEST_FILENAME) {
    const what = 'is listed without metadata: its name leaves no room for ".metadata"';
    return { code: 'too-long-name', file: sitePath(record), what, hint: PROBLEM_HINTS['too-long-name'] };
  }
  const full = `${target.packagesOf(record.repository)}/${record.path}`;
  const folder = full.slice(0, -filename.length - 1);
  if (!target.copies && !isWritable(folder)) {
    const page = known.get(path);
    if (page) into.published.set(path, page); // kept also when it is no file of kho's
    if ((await hashIfThere(`${full}.metadata`)) === sha256) return undefined;
    const what = 'cannot be written to: its wheels are listed without metadata';
    return { code: 'read-only-packages', file: dirname(path), what, hint: PROBLEM_HINTS['read-only-packages'] };
  }
  const write = async (name: string) => {
    const { metadataBytes } = await packages.metadata(`${packagesOf(record.repository)}/${record.path}`, found.stamp);
    return writeNewFile(name, metadataBytes);
  };
  const seen = found.sideFiles.metadata;
  const stampNow = seen && scannedPageStamp(seen);
  const isUnseen = !hasIndex(record.repository);
  const file = { path, sha256, isUnseen, write, ...(!target.copies && { stampNow }) };
  await placeFile(target, file, known.get(path), into);
  return undefined;
}

async function placeCopies(
  found: FoundFile,
  record: FileRecord,
  options: CompanionOptions,
  into: Staged,
): Promise<void> {
  const { target, packagesOf, publishedBefore: known } = options;
  const from = join(packagesOf(record.repository), record.path);
  const link = target.copies?.link ?? false;
  const copy = (source: string, seen: FileStamp) => (temporary: string) => {
    const { modifiedMs } = seen;
    const stamp = copyPackage(source, temporary, { link, modifiedMs, seen });
    const now = look(source);
    if (now?.isSymbolicLink() || now?.mtimeMs === modifiedMs) return stamp;
    removeFile(temporary);
    throw new FormatError('changed-while-reading', 'is being written right now');
  };
  const path = sitePath(record);
  const sha256 = (record.facts as { sha256: string }).sha256;
  await placeFile(target, { path, sha256, write: copy(from, found.stamp) }, known.get(path), into);
  for (const side of COPIED_SIDE_FILES) {
    const stamp = found.sideFiles[side];
    if (!stamp || (side === 'provenance' && !record.provenance)) continue; // one of another shape is advertised nowhere
    const sidePath = `${path}.${side}`;
    const sideHash = await hashFile(`${from}.${side}`, stamp);
    const write = copy(`${from}.${side}`, stamp);
    await placeFile(target, { path: sidePath, sha256: sideHash, write }, known.get(sidePath), into);
  }
}

async function hashIfThere(path: string): Promise<string | undefined> {
  try {
    return await hashFile(path);
  } catch {
    return undefined;
  }
}
