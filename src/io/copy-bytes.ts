import { createHash } from 'node:crypto';
import { closeSync, constants, copyFileSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { lacks, systemCode } from './disk-lacks.ts';
import { hasDescriptors, reach } from './reach.ts';

const COPY = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;
const CLONE = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
const PIECE_BYTES = 1024 * 1024;

/**
 * Copy an opened file, also to a disk that refuses the mode which Node gives a copy. What could not be copied whole is gone again.
 *
 * @param from its path, for systems that show no descriptors
 * @throws an error of Node
 */
export function copyBytes(source: number, from: string, to: string): void {
  try {
    copyFileSync(hasDescriptors ? `/proc/self/fd/${source}` : from, reach(to), COPY);
  } catch (error) {
    if (!lacks(error)) throw error;
    copyInPieces(source, to);
  }
}

/**
 * As `copyBytes`, and tells what came out without reading it again.
 *
 * @returns the sha256 of what was written, hexadecimal; undefined for a clone
 * @throws an error of Node
 */
export function copyAndHash(source: number, from: string, to: string): string | undefined {
  try {
    copyFileSync(hasDescriptors ? `/proc/self/fd/${source}` : from, reach(to), CLONE);
    return undefined;
  } catch (error) {
    if (!lacks(error) && !NO_CLONES.has(systemCode(error) ?? '')) throw error;
  }
  const hash = createHash('sha256');
  copyInPieces(source, to, (piece) => hash.update(piece));
  return hash.digest('hex');
}

/** How a disk says that it knows no clones, or that this is another disk, besides what `lacks` knows. Source: ioctl_ficlone(2). */
const NO_CLONES = new Set(['ENOTTY', 'EXDEV', 'EBADF', 'ENOTSUP']);

function copyInPieces(source: number, to: string, onPiece?: (piece: Uint8Array) => void): void {
  const descriptor = openSync(reach(to), NEW_FILE, 0o644);
  try {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, fstatSync(source).size + 1));
    for (let at = 0; ; ) {
      const length = readSync(source, piece, 0, piece.length, at);
      if (length === 0) break;
      onPiece?.(piece.subarray(0, length));
      for (let done = 0; done < length; ) done += writeSync(descriptor, piece, done, length - done, at + done);
      at += length;
    }
  } catch (error) {
    unlinkSync(reach(to));
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
