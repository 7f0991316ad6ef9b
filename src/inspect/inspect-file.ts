import { hash } from 'node:crypto';
import { closeSync, fstatSync } from 'node:fs';
import { basename } from 'node:path';
import type { Member } from '../formats/archive-member.ts';
import { type ByteSource, memorySource } from '../formats/byte-source.ts';
import { type FileIdentity, type FileStamp, isUntouched } from '../io/file-stamp.ts';
import { fill, openFile } from '../io/open-file.ts';
import { openingHint } from '../io/opening-line.ts';
import { FormatError } from '../problems.ts';
import type { CoreMetadata } from '../standards/metadata.ts';
import type { FileFacts } from './file-facts.ts';
import { HashingSource } from './hashing-source.ts';
import type { PackageContents } from './package-contents.ts';
import type { Binaries } from './read-binaries.ts';
import { readPackage } from './read-package.ts';
import { isArchiveOfMembers, type VerifyLimits, verifySource } from './verify-source.ts';

/** Files up to this size are read once, whole; larger ones in pieces of it. In bytes. */
const BUFFER_SIZE = 1024 * 1024;

/** One for all, lent to one at a time. */
let spare: Buffer | undefined;

async function withBuffer<T>(use: (buffer: Buffer) => Promise<T>): Promise<T> {
  const buffer = spare ?? Buffer.allocUnsafeSlow(BUFFER_SIZE);
  spare = undefined;
  try {
    return await use(buffer);
  } finally {
    spare = buffer;
  }
}

export interface Inspection {
  facts: FileFacts;
  metadata: CoreMetadata;
  /** As they stand in the package. */
  metadataBytes: Uint8Array;
  /** In the order of the archive. */
  members: Member[];
  /** Every member was unpacked; never without `verify`, and of the largest only as many as its limits allow. */
  isVerified: boolean;
  /** See `alsoHash`. */
  hashes: string[];
}

export interface InspectOptions {
  /** Of these very bytes: a large file is then not read to its end. */
  knownSha256?: string;
  /** That it is to have, where it has another one yet. */
  filename?: string;
  /** Unpack its members too: see `verifySource`. */
  verify?: VerifyLimits;
  /** By these algorithms too, as Node calls them. */
  alsoHash?: readonly string[];
}

/**
 * Open a package file, hash it, and read what an index says of it. Memory does not grow with the file, and whatever is asked for, a large
 * one is read once from its start to its end.
 *
 * @param stamp what the scan saw; a file that is another by now, or changes meanwhile, is refused
 * @throws {FormatError} what is wrong with it: `changed-while-reading`, `not-readable`, and all that `readPackage` and `verifySource` throw
 */
export async function inspectFile(
  path: string,
  stamp: FileStamp,
  { filename = basename(path), ...options }: InspectOptions = {},
): Promise<Inspection> {
  return withFile(path, stamp, (descriptor) =>
    withBuffer(async (buffer) => {
      const inspection =
        stamp.size <= BUFFER_SIZE
          ? await inspectBytes(filename, buffer.subarray(0, fill(descriptor, buffer, 0, stamp.size)), {
              ...(options.verify && { verify: options.verify }), // and its hash is taken anew: it may be another file by now
              ...(options.alsoHash && { alsoHash: options.alsoHash }),
            })
          : await inspectLarge(filename, descriptor, stamp.size, buffer, options);
      checkUnchanged(descriptor, stamp);
      return inspection;
    }),
  );
}

/** As `inspectFile`, of all the bytes that a file has: nobody may change them meanwhile. Nothing of the outcome is memory of theirs. */
export async function inspectBytes(
  filename: string,
  bytes: Uint8Array,
  { knownSha256, verify, alsoHash = [] }: Omit<InspectOptions, 'filename'>,
): Promise<Inspection> {
  const source = memorySource(bytes);
  const contents = await readPackage(filename, source);
  const binaries = await contents.readBinaries?.('quick');
  const isVerified = verify !== undefined && (await verifySource(filename, source, verify, contents.zipEntries));
  const sha256 = knownSha256 ?? hash('sha256', bytes, 'hex');
  const hashes = alsoHash.map((each) => hash(each, bytes, 'hex'));
  return { ...inspectionOf(contents, binaries, { sha256, size: bytes.length }), isVerified, hashes };
}

/** In pieces. */
async function inspectLarge(
  filename: string,
  descriptor: number,
  size: number,
  buffer: Buffer,
  { knownSha256, verify, alsoHash = [] }: Omit<InspectOptions, 'filename'>,
): Promise<Inspection> {
  const source = fileSource(descriptor, size);
  const algorithms = [...(knownSha256 === undefined ? ['sha256'] : []), ...alsoHash];
  const hashing = algorithms.length > 0 ? new HashingSource(descriptor, size, buffer, algorithms) : undefined;
  const contents = await readPackage(filename, isArchiveOfMembers(filename) ? source : (hashing ?? source));
  const binaries = await contents.readBinaries?.('quick');
  const isVerified = verify !== undefined && (await verifySource(filename, hashing ?? source, verify));
  const hashes = hashing?.digests() ?? [];
  const sha256 = knownSha256 ?? (hashes.shift() as string);
  return { ...inspectionOf(contents, binaries, { sha256, size }), isVerified, hashes };
}

function inspectionOf(
  { kind, project, name, version, metadata, metadataBytes, members, doubts }: PackageContents,
  binaries: Binaries | undefined,
  { sha256, size }: { sha256: string; size: number },
): Omit<Inspection, 'isVerified' | 'hashes'> {
  const facts: FileFacts = {
    ...{ kind, project, name, version },
    ...(metadata.requiresPython !== undefined && { requiresPython: metadata.requiresPython }),
    ...{ sha256, size },
    ...(kind === 'wheel' && { metadataSha256: hash('sha256', metadataBytes, 'hex') }),
    ...(doubts.length > 0 && { doubts }),
    ...(binaries?.facts && { binaries: binaries.facts }),
  };
  return { facts, metadata, metadataBytes, members };
}

/** The metadata alone, of a file whose facts are known. @param seen what the scan saw there; @throws {FormatError} as `inspectFile` */
export async function readMetadata(
  path: string,
  seen?: FileIdentity,
): Promise<Pick<Inspection, 'metadata' | 'metadataBytes'>> {
  return withFile(path, seen, async (descriptor) => {
    return readPackage(basename(path), fileSource(descriptor, fstatSync(descriptor).size));
  });
}

/** Hexadecimal sha256 of a file on disk, read in pieces, as long as it was when it was opened. @throws {FormatError} `not-readable` */
export async function hashFile(path: string, seen?: FileIdentity): Promise<string> {
  return (await hashFileAs(path, ['sha256'], seen))[0]!;
}

/** As `hashFile`, by several algorithms at once, as Node calls them. */
export async function hashFileAs(path: string, algorithms: readonly string[], seen?: FileIdentity): Promise<string[]> {
  return withFile(path, seen, (descriptor) =>
    withBuffer(async (buffer) =>
      new HashingSource(descriptor, fstatSync(descriptor).size, buffer, algorithms).digests(),
    ),
  );
}

/** A file as `ByteSource`; each read brings its own memory, of the length asked for. */
export function fileSource(descriptor: number, size: number): ByteSource {
  return {
    size,
    async read(offset, length) {
      const piece = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)));
      return piece.subarray(0, fill(descriptor, piece, offset, piece.length));
    },
  };
}

/** @param seen what the scan saw at `path`: another file by now is refused */
export async function withFile<T>(
  path: string,
  seen: FileIdentity | undefined,
  use: (descriptor: number) => Promise<T>,
): Promise<T> {
  const descriptor = opened(path, seen);
  try {
    return await use(descriptor);
  } catch (error) {
    throw readFault(error);
  } finally {
    closeSync(descriptor);
  }
}

/** Bytes of a file, a piece at a time; it is open until all have come, or nobody wants more. Fewer where it ends before. @throws {FormatError} as `withFile` */
export async function* piecesOf(path: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  const descriptor = opened(path);
  try {
    const source = fileSource(descriptor, fstatSync(descriptor).size);
    for (let at = from; at < to; ) {
      const piece = await source.read(at, Math.min(BUFFER_SIZE, to - at));
      if (piece.length === 0) return;
      at += piece.length;
      yield piece;
    }
  } catch (error) {
    throw readFault(error);
  } finally {
    closeSync(descriptor);
  }
}

function opened(path: string, seen?: FileIdentity): number {
  try {
    return openFile(path, seen);
  } catch (error) {
    throw unreadable(error);
  }
}

const readFault = (error: unknown) => ((error as NodeJS.ErrnoException).syscall === 'read' ? unreadable(error) : error);

/** What opening says of a name that was a file a moment ago: it, or a folder above it, is something else now. */
export const WENT_AWAY: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EINVAL', 'ENXIO']);

function unreadable(error: unknown): FormatError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (WENT_AWAY.has(code ?? '')) return new FormatError('changed-while-reading', 'went away while kho looked at it');
  const fault = new FormatError('not-readable', `cannot be read (${code ?? message})`);
  fault.cause = error;
  return fault;
}

/** The hint of a fault, with the user and the bits that are meant where rights are missing. @param path absolute; @param shownPath from the site's root */
export function hintOf({ code, hint, cause }: FormatError, path: string, shownPath: string): string {
  const errno = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === 'not-readable' && errno !== undefined ? openingHint(path, errno, shownPath) : hint;
}

/** @throws {FormatError} `changed-while-reading` */
export function checkUnchanged(descriptor: number, stamp: FileStamp): void {
  const now = fstatSync(descriptor);
  if (isUntouched(now, stamp)) return;
  throw new FormatError('changed-while-reading', 'is being written right now');
}
