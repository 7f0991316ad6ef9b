import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { writeHook } from './disk.ts';
import { reach } from './reach.ts';
import { writeError } from './write-error.ts';

/** The end of a file is looked through for its last line in such pieces. In bytes. */
const PIECE_BYTES = 8 * 1024;
const NEW_LINE = 10;

/**
 * Add a line, or several, to the end of a file that kho wrote, and flush it. What a run that was stopped left of a line there goes; lines
 * that cannot be written whole leave the file as it was. Nobody else may write to it meanwhile.
 *
 * @param line with its end
 * @param later gets the path, where the caller flushes it
 * @throws {KhoError} WRITE, with the cause ENOENT where there is no such file
 */
export function appendLine(path: string, line: string, later?: string[]): void {
  writeHook.before('file', path);
  try {
    const descriptor = openSync(reach(path), constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | constants.O_NONBLOCK);
    try {
      const end = endOfLastLine(descriptor);
      const bytes = Buffer.from(line);
      try {
        ftruncateSync(descriptor, end);
        for (let done = 0; done < bytes.length; )
          done += writeSync(descriptor, bytes, done, bytes.length - done, end + done);
        if (later) later.push(path);
        else fsyncSync(descriptor);
      } catch (error) {
        ftruncateSync(descriptor, end);
        throw error;
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw writeError('file', path, cause);
  }
}

function endOfLastLine(descriptor: number): number {
  const { size } = fstatSync(descriptor);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - PIECE_BYTES);
    const piece = Buffer.alloc(end - start);
    const count = readSync(descriptor, piece, 0, piece.length, start);
    const found = piece.subarray(0, count).lastIndexOf(NEW_LINE);
    if (found >= 0) return start + found + 1;
    end = start;
  }
  return 0;
}
