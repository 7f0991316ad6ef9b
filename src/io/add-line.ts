import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { writeHook } from './disk.ts';
import { reach } from './reach.ts';
import { writeError } from './write-error.ts';

const ADD =
  constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const NEW_LINE = 10;

/**
 * Add a line to the end of a file that others may add to at the same time, and flush it. Unlike `appendLine` nothing is ever cut off: each line
 * is one write at the end, which the system keeps apart from others. What is left of a line that did not fit stays, as a line of its own.
 *
 * @param line with its end; or several, which come together
 * @param later gets the path, where the caller flushes it; or nobody does
 * @throws {KhoError} WRITE
 */
export function addLine(path: string, line: string, later?: string[] | 'may be lost'): void {
  writeHook.before('file', path);
  try {
    const descriptor = openSync(reach(path), ADD, 0o600);
    try {
      const bytes = Buffer.from(endsInLine(descriptor) ? line : `\n${line}`);
      const written = writeSync(descriptor, bytes);
      if (written < bytes.length) {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      }
      if (later === undefined) fsyncSync(descriptor);
      else if (later !== 'may be lost') later.push(path);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw writeError('file', path, cause);
  }
}

function endsInLine(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  return size === 0 || readSync(descriptor, last, 0, 1, size - 1) === 0 || last[0] === NEW_LINE;
}
