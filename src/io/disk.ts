/**
 * The one place that changes anything on disk. All calls are synchronous: a build is a process (or a worker thread) of its
 * own, and at ten thousand small files the promise API costs more than the work.
 *
 * What makes a page appear at once and whole is always the same: write it under a name that nobody reads, then rename.
 */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { KhoError } from '../errors.ts';
import { type PageStamp, pageStamp } from './page-stamp.ts';

export type WriteKind = 'folder' | 'file' | 'rename' | 'remove' | 'copy' | 'flush' | 'mode';

/** Called before every change, with its kind and path. Tests stop a build here, at each write in turn; normally does nothing. */
export const writeHook = { before: (_kind: WriteKind, _path: string): void => {} };

/** Make a folder and those above it, 0755 (cli/main.ts sets the umask that makes it so). One that exists is left as it is. */
export function makeFolder(path: string): void {
  change('folder', path, () => mkdirSync(path, { recursive: true, mode: 0o755 }));
}

/** Text becomes bytes in here, as far as it has room: memory of its own for each of ten thousand pages costs more. */
const bytesOfText = Buffer.allocUnsafeSlow(256 * 1024);
const MOST_BYTES_PER_CHARACTER = 3;

/**
 * Write a file that must not exist yet, 0644. Not flushed: a batch is, by `flushBatch`.
 * A file that could not be written whole is gone again when this throws.
 *
 * @param content as it is, or in pieces, where it is too much to have it twice
 */
export function writeNewFile(path: string, content: Uint8Array | string | Iterable<string>): PageStamp {
  return change('file', path, () => {
    const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644);
    try {
      if (typeof content === 'string') writeText(descriptor, content);
      else if (content instanceof Uint8Array) writeBytes(descriptor, content, content.length);
      else for (const piece of content) writeText(descriptor, piece);
      return pageStamp(fstatSync(descriptor));
    } catch (error) {
      unlinkSync(path);
      throw error;
    } finally {
      closeSync(descriptor);
    }
  });
}

function writeText(descriptor: number, text: string): void {
  if (text.length * MOST_BYTES_PER_CHARACTER <= bytesOfText.length) {
    writeBytes(descriptor, bytesOfText, bytesOfText.write(text));
  } else {
    const bytes = Buffer.from(text);
    writeBytes(descriptor, bytes, bytes.length);
  }
}

function writeBytes(descriptor: number, bytes: Uint8Array, length: number): void {
  for (let done = 0; done < length; ) done += writeSync(descriptor, bytes, done, length - done);
}

/** As `writeNewFile`, for what is too big to hold in memory. Flushed, since what comes in such a size comes alone. */
export async function writeInPieces(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const descriptor = change('file', path, () => openSync(path, 'wx', 0o644));
  try {
    for await (const piece of pieces) {
      try {
        writeBytes(descriptor, piece, piece.length);
      } catch (cause) {
        throw writeError('file', path, cause);
      }
    }
    fsyncSync(descriptor);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Give a file or folder its final name, replacing a file that has it. */
export function rename(from: string, to: string): void {
  change('rename', to, () => renameSync(from, to));
}

/** Remove a file; one that is gone already is fine. */
export function removeFile(path: string): void {
  change('remove', path, () => rmSync(path, { force: true }));
}

/** Remove a folder and all that is in it; one that is gone already is fine. Does not follow links. */
export function removeFolder(path: string): void {
  change('remove', path, () => rmSync(path, { recursive: true, force: true }));
}

/** Remove a folder if it is empty; says whether it is gone. */
export function removeEmptyFolder(path: string): boolean {
  try {
    change('remove', path, () => rmdirSync(path));
    return true;
  } catch {
    return false;
  }
}

/**
 * Copy a package: shares its blocks where the disk can (reflink), else copies its bytes. With `link` it becomes a second
 * name of the same inode, which a later scp over the original would empty.
 */
export function copyPackage(from: string, to: string, options: { link: boolean; modifiedMs: number }): PageStamp {
  return change('copy', to, () => {
    if (options.link) {
      linkSync(from, to);
    } else {
      copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      chmodSync(to, 0o644);
      utimesSync(to, Date.now() / 1000, options.modifiedMs / 1000);
    }
    const descriptor = openSync(to, 'r');
    try {
      return pageStamp(fstatSync(descriptor));
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Set the permission bits of a file; a link is refused, not followed. Only a file's owner may. */
export function setMode(path: string, mode: number): void {
  change('mode', path, () => {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      fchmodSync(descriptor, mode);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Flush one file's content, or one folder's names, to the disk. */
export function flushPath(path: string): void {
  change('flush', path, () => {
    const descriptor = openSync(path, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

function change<T>(kind: WriteKind, path: string, act: () => T): T {
  writeHook.before(kind, path);
  try {
    return act();
  } catch (cause) {
    throw writeError(kind, path, cause);
  }
}

const VERBS = {
  folder: 'make folder',
  file: 'write',
  rename: 'write',
  remove: 'remove',
  copy: 'copy to',
  flush: 'flush',
  mode: 'change the mode of',
};

const HINTS: Record<string, string> = {
  ENOSPC: 'free some space on this disk and run kho again; what was published before still stands',
  EDQUOT: 'free some space in your quota and run kho again; what was published before still stands',
  EACCES: 'let the user that runs kho write here, or run kho as the owner of the folder',
  EPERM: 'let the user that runs kho write here, or run kho as the owner of the folder',
  EROFS: 'this disk is mounted read-only: publish elsewhere with --out DIR',
  ENOTDIR: 'a file is where kho needs a folder: move it away',
  EEXIST: 'something else has this name: move it away',
  EISDIR: 'a folder is where kho needs a file: move it away',
  ENAMETOOLONG: 'the name is longer than this disk allows',
};

function writeError(kind: WriteKind, path: string, cause: unknown): Error {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === undefined || !(cause instanceof Error)) return cause as Error;
  const hint = HINTS[code];
  return new KhoError('WRITE', `Cannot ${VERBS[kind]} "${path}"`, { ...(hint && { hint }), cause });
}
