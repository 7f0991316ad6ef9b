/** Files that are read only as they were when somebody looked at them: no program can set the time of a file's last change. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, read, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { KhoError } from '../errors.ts';
import { type FileStamp, fileStamp, isSameStamp } from './file-stamp.ts';
import { fill, openFile } from './open-file.ts';

const readAsync = promisify(read);

/** Read at once. In bytes. */
const PIECE_BYTES = 512 * 1024;

/**
 * Look at a file, and make sure that it is the one that somebody means.
 *
 * @param path absolute
 * @param isMeant gets what is there, and its hash where it asks for it
 * @throws {KhoError} READ where it is another; an error of Node as `openFile`
 */
export function lookSteadily(path: string, isMeant: (stats: Stats, sha256: () => string) => boolean): FileStamp {
  return withFile(path, (descriptor) => {
    const stats = fstatSync(descriptor);
    if (!isMeant(stats, () => hashOf(descriptor))) throw changed(path);
    return fileStamp(stats);
  });
}

/** The whole of it. @throws as `lookSteadily` */
export function readSteadily(path: string, isMeant: (stats: Stats) => boolean): Buffer {
  return withFile(path, (descriptor) => {
    const stats = fstatSync(descriptor);
    if (!isMeant(stats)) throw changed(path);
    const bytes = Buffer.allocUnsafe(stats.size);
    return bytes.subarray(0, fill(descriptor, bytes, 0, stats.size));
  });
}

/** A part of it, piece by piece. @param stamp as `lookSteadily` saw it @throws as `lookSteadily`, also in the middle */
export async function* steadyPieces(
  path: string,
  stamp: FileStamp,
  from: number,
  length: number,
): AsyncGenerator<Buffer> {
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

function withFile<T>(path: string, use: (descriptor: number) => T): T {
  const descriptor = openFile(path);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
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

function changed(path: string): KhoError {
  return new KhoError('READ', `Cannot read "${path}" as it was published: it is another file by now`, {
    hint: 'run kho build',
  });
}
