/** Files of a site as what is put into a bucket: opened so that no link leads out of the site, and sent only as they were published. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, read, type Stats } from 'node:fs';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { KhoError } from '../errors.ts';
import { type FileStamp, fileStamp, isSameStamp } from '../io/file-stamp.ts';
import { fill, openFile } from '../io/open-file.ts';
import type { ObjectBody } from '../object-store/object-store.ts';

const readAsync = promisify(read);

/** Read at once. In bytes. */
const PIECE_BYTES = 512 * 1024;

/** Up to here a file is sent from memory. In bytes. */
const SMALL_BYTES = 1024 * 1024;

/** What the site says of a file. */
export interface ExpectedFile {
  sha256: string;
  /** In bytes. */
  size: number;
  /** Whether it is still as it was when it was hashed; where that is not certain, it is read. */
  isAsSeen(stats: Stats): boolean;
}

/**
 * Of a file with a hash that is known.
 *
 * @param path absolute
 * @throws {KhoError} READ where it is another one by now; an error of Node
 */
export function fileBody(path: string, { sha256, size, isAsSeen }: ExpectedFile): ObjectBody {
  const descriptor = openFile(path);
  try {
    const stats = fstatSync(descriptor);
    const isSame = stats.size === size && (isAsSeen(stats) || hashOf(descriptor) === sha256);
    if (!isSame) throw changed(path);
    if (size <= SMALL_BYTES) return smallBody(path, readWhole(descriptor, size), sha256);
    const stamp = fileStamp(stats);
    return {
      size,
      sha256,
      read: (from, length) => Readable.from(pieces(path, stamp, from, length), { objectMode: false }),
    };
  } finally {
    closeSync(descriptor);
  }
}

/** Once more, since it may have been written to while it was read. */
function smallBody(path: string, bytes: Buffer, sha256: string): ObjectBody {
  if (hashOfBytes(bytes) !== sha256) throw changed(path);
  return bytesBody(bytes, sha256);
}

export function bytesBody(bytes: Uint8Array, sha256 = hashOfBytes(bytes)): ObjectBody {
  return { size: bytes.length, sha256, read: (from, length) => bytes.subarray(from, from + length) };
}

/** The whole of a page that has that stamp. @throws {KhoError} READ where it is another one by now; an error of Node */
export function readPage(path: string, isAsSeen: (stats: Stats) => boolean): Buffer {
  const descriptor = openFile(path);
  try {
    const stats = fstatSync(descriptor);
    if (!isAsSeen(stats)) throw changed(path);
    return readWhole(descriptor, stats.size);
  } finally {
    closeSync(descriptor);
  }
}

/** Each part is of the file that was looked at: no program can set the time of the last change. */
async function* pieces(path: string, stamp: FileStamp, from: number, length: number): AsyncGenerator<Buffer> {
  const descriptor = openFile(path);
  try {
    const isSame = () => isSameStamp(fileStamp(fstatSync(descriptor)), stamp);
    if (!isSame()) throw changed(path);
    for (let done = 0; done < length; ) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, length - done));
      const { bytesRead } = await readAsync(descriptor, piece, 0, piece.length, from + done);
      done += bytesRead;
      if (bytesRead === 0 || !isSame()) throw changed(path);
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    closeSync(descriptor);
  }
}

function readWhole(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  return bytes.subarray(0, fill(descriptor, bytes, 0, size));
}

function hashOf(descriptor: number): string {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  for (let at = 0; ; ) {
    const length = fill(descriptor, piece, at, piece.length);
    hash.update(piece.subarray(0, length));
    if (length < piece.length) return hash.digest('hex');
    at += length;
  }
}

function hashOfBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function changed(path: string): KhoError {
  return new KhoError('READ', `Cannot push "${path}": it is another file than the one that was published`, {
    hint: 'run kho build; while the site is being changed, the next push has it',
  });
}
