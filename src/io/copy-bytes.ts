import { closeSync, constants, copyFileSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { lacks } from './disk-lacks.ts';
import { hasDescriptors, reach } from './reach.ts';

const COPY = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;
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

function copyInPieces(source: number, to: string): void {
  const descriptor = openSync(reach(to), NEW_FILE, 0o644);
  try {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, fstatSync(source).size + 1));
    for (let at = 0; ; ) {
      const length = readSync(source, piece, 0, piece.length, at);
      if (length === 0) break;
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
