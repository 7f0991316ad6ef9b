import { createHash, hash } from 'node:crypto';
import { closeSync, fstatSync } from 'node:fs';
import { basename } from 'node:path';
import { type ByteSource, memorySource } from '../formats/byte-source.ts';
import { type FileIdentity, type FileStamp, isUntouched } from '../io/file-stamp.ts';
import { fill, openFile } from '../io/open-file.ts';
import { openingHint } from '../io/opening-line.ts';
import { FormatError } from '../problems.ts';
import type { CoreMetadata } from '../standards/metadata.ts';
import type { FileFacts } from './file-facts.ts';
import { readPackage } from './read-package.ts';

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
}

/**
 * Open a package file, hash it, and read what an index says of it. Memory does not grow with the file.
 *
 * @param stamp what the scan saw; a file that is another by now, or changes meanwhile, is refused
 * @param knownSha256 of these very bytes: a large file is then not read to its end
 * @param filename that it is to have, where it has another one yet
 * @throws {FormatError} what is wrong with it: `changed-while-reading`, `not-readable`, and all that `readPackage` throws
 */
export async function inspectFile(
  path: string,
  stamp: FileStamp,
  knownSha256?: string,
  filename = basename(path),
): Promise<Inspection> {
  return withFile(path, stamp, (descriptor) =>
    withBuffer(async (buffer) => {
      const small = stamp.size <= BUFFER_SIZE ? buffer.subarray(0, fill(descriptor, buffer, 0, stamp.size)) : undefined;
      const contents = await readPackage(filename, small ? memorySource(small) : fileSource(descriptor, stamp.size));
      const { kind, project, name, version, metadata, metadataBytes, doubts } = contents;
      const binaries = (await contents.readBinaries?.('quick'))?.facts;
      const sha256 = small
        ? hash('sha256', small, 'hex')
        : (knownSha256 ?? hashInPieces(descriptor, buffer, ['sha256'])[0]!);
      checkUnchanged(descriptor, stamp);
      return {
        facts: {
          kind,
          project,
          name,
          version,
          ...(metadata.requiresPython !== undefined && { requiresPython: metadata.requiresPython }),
          sha256,
          size: stamp.size,
          ...(kind === 'wheel' && { metadataSha256: hash('sha256', metadataBytes, 'hex') }),
          ...(doubts.length > 0 && { doubts }),
          ...(binaries && { binaries }),
        },
        metadata,
        metadataBytes,
      };
    }),
  );
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
    withBuffer(async (buffer) => hashInPieces(descriptor, buffer, algorithms)),
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
  let descriptor: number;
  try {
    descriptor = openFile(path, seen);
  } catch (error) {
    throw unreadable(error);
  }
  try {
    return await use(descriptor);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall === 'read' ? unreadable(error) : error;
  } finally {
    closeSync(descriptor);
  }
}

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

function hashInPieces(descriptor: number, into: Buffer, algorithms: readonly string[]): string[] {
  const hashes = algorithms.map((name) => createHash(name));
  const { size } = fstatSync(descriptor);
  for (let offset = 0; ; ) {
    const length = fill(descriptor, into, offset, Math.min(into.length, size - offset));
    if (length === 0) return hashes.map((each) => each.digest('hex'));
    for (const each of hashes) each.update(into.subarray(0, length));
    offset += length;
  }
}
