/** Reading, without following a link that leads out of where it stands, and without waiting for what is no file. See reach.ts. */
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
} from 'node:fs';
import { type FileIdentity, isSameFile } from './file-stamp.ts';
import { forgetReplaced, reach, reachFolder, wayInside } from './reach.ts';

/** A pipe or a device opens at once, and is refused then. */
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Open an ordinary file for reading; a link below a shared folder is followed as long as it stays in it.
 *
 * @param seen what a scan saw under that path
 * @returns a descriptor, for the caller to close
 * @throws an error of Node: ENOENT, EACCES; ELOOP for a link; EINVAL for what is no file, or another one than was seen
 */
export function openFile(path: string, seen?: FileIdentity): number {
  const descriptor = openEntry(path, READ);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw refusal('EINVAL', `"${path}" is no file`);
    if (seen && !isSameFile(stats, seen)) throw refusal('ENOENT', `"${path}" is another file by now`);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** A file or a folder, whatever it is. @throws as `openFile` */
export function openEntry(path: string, flags: number = READ): number {
  try {
    return openSync(reach(path), flags);
  } catch (error) {
    const real = (error as NodeJS.ErrnoException).code === 'ELOOP' ? wayInside(path) : undefined;
    if (real === undefined) throw error;
    return openSync(reach(real), flags);
  }
}

/** The whole of a file that kho wrote, or what stands from some byte on. @throws as `openFile` */
export function readFile(path: string, start = 0): Buffer {
  return withDescriptor(openFile(path), (descriptor) => {
    const bytes = Buffer.allocUnsafe(Math.max(0, fstatSync(descriptor).size - start));
    return bytes.subarray(0, fill(descriptor, bytes, start, bytes.length));
  });
}

/** @throws as `openFile` */
export function readText(path: string): string {
  return readFile(path).toString('utf8');
}

/** The first bytes of a file, `most` of them, or all. @throws as `openFile` */
export function readStart(path: string, most: number, seen?: FileIdentity): Buffer {
  return withDescriptor(openFile(path, seen), (descriptor) => {
    const bytes = Buffer.alloc(most);
    return bytes.subarray(0, fill(descriptor, bytes, 0, most));
  });
}

/** Read until `length` bytes are there or the file ends. */
export function fill(descriptor: number, into: Buffer, offset: number, length: number): number {
  let done = 0;
  while (done < length) {
    const count = readSync(descriptor, into, done, length - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** What is at `path`, a link as such; undefined when nothing is, or its folder is no folder. */
export function look(path: string): Stats | undefined {
  try {
    return lstatSync(reach(path), { throwIfNoEntry: false });
  } catch (error) {
    if (NOTHING_THERE.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** As `forgetReplaced`, of a folder that may have been deleted meanwhile as well. */
export function forgetIfReplaced(path: string): void {
  forgetReplaced(path, look(path));
}

const NOTHING_THERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/** The entries of a folder, in the order of the disk. @throws an error of Node */
export function listFolder(path: string): Dirent[] {
  return readdirSync(reachFolder(path), { withFileTypes: true });
}

/** Their names; none where there is no such folder. @throws an error of Node */
export function namesIn(path: string): string[] {
  try {
    return readdirSync(reachFolder(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function withDescriptor<T>(descriptor: number, use: (descriptor: number) => T): T {
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function refusal(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}
