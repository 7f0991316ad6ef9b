/**
 * The one place that changes anything on disk. All calls are synchronous: a build is a process (or a worker thread) of its
 * own, and at ten thousand small files the promise API costs more than the work.
 *
 * What makes a page appear at once and whole is always the same: write it under a name that nobody reads, then rename.
 */

import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  futimesSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { copyBytes } from './copy-bytes.ts';
import { whereKnown } from './disk-lacks.ts';
import type { FileIdentity } from './file-stamp.ts';
import { knowsModes } from './knows-modes.ts';
import { listFolder, look, openEntry, openFile } from './open-file.ts';
import { type PageStamp, pageStamp } from './page-stamp.ts';
import { anchorPrivate, forgetFolder, hasDescriptors, reach } from './reach.ts';
import { removeTree } from './remove-tree.ts';
import { type WriteKind, writeError } from './write-error.ts';

/** Called before every change, with its kind and path. Tests stop a build here, at each write in turn; normally does nothing. */
export const writeHook = { before: (_kind: WriteKind, _path: string): void => {} };

/** Make a folder and those above it, 0755 (cli/main.ts sets the umask that makes it so). One that exists is left as it is. */
export function makeFolder(path: string): void {
  change('folder', path, () => makeWithParents(path));
}

function makeWithParents(path: string): void {
  const attempt = () => {
    mkdirSync(reach(path), 0o755);
  };
  try {
    attempt();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      makeWithParents(dirname(path));
      attempt();
    } else if (code !== 'EEXIST' || !lstatSync(reach(path)).isDirectory()) throw error;
  }
}

/**
 * Make a folder for what this run is about to make, and nobody else may write in. One that this user made is taken.
 *
 * @param mode 0700 where what is in it is not moved as a folder
 * @param lasts it belongs to the site, and stays when the run is over
 */
export function makePrivateFolder(path: string, mode = 0o755, lasts = false): void {
  change('folder', path, () => {
    let isNew = look(path) === undefined;
    try {
      if (isNew) mkdirSync(reach(path), mode);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      isNew = false;
    }
    anchorPrivate(path, () => isNew || !knowsModes(path), lasts);
  });
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
  const { stats, descriptor } = writeOpenFile(path, content);
  closeSync(descriptor);
  return pageStamp(stats);
}

/** As `writeNewFile`; the caller closes it. */
export function writeOpenFile(
  path: string,
  content: Uint8Array | string | Iterable<string>,
): { stats: Stats; descriptor: number } {
  return change('file', path, () => {
    const descriptor = openSync(reach(path), NEW_FILE, 0o644);
    try {
      if (typeof content === 'string') writeText(descriptor, content);
      else if (content instanceof Uint8Array) writeBytes(descriptor, content, content.length);
      else for (const piece of content) writeText(descriptor, piece);
      return { stats: fstatSync(descriptor), descriptor };
    } catch (error) {
      closeSync(descriptor);
      unlinkSync(reach(path));
      throw error;
    }
  });
}

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

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
  const descriptor = change('file', path, () => openSync(reach(path), NEW_FILE, 0o644));
  try {
    for await (const piece of pieces) {
      try {
        writeBytes(descriptor, piece, piece.length);
      } catch (cause) {
        throw writeError('file', path, cause);
      }
    }
    whereKnown(() => fsyncSync(descriptor));
  } catch (error) {
    unlinkSync(reach(path));
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Give a file or folder its final name, replacing a file that has it. */
export function rename(from: string, to: string): void {
  change('rename', to, () => {
    renameSync(reach(from), reach(to));
    forgetFolder(from);
    forgetFolder(to);
  });
}

/**
 * Give a file a second name, unless something has it already. The first stays.
 *
 * @returns whether it has it now
 * @throws {KhoError} WRITE, with the cause `EXDEV` across disks; see `knowsNoLinks`
 */
export function linkFile(from: string, to: string): boolean {
  return change('link', to, () => {
    try {
      linkSync(reach(from), reach(to));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  });
}

/**
 * Give a file the name of an empty one, unless that is another by now, or holds something.
 *
 * @param inode of the empty one
 * @returns whether it has it now
 */
export function renameOverEmpty(from: string, to: string, inode: number | undefined): boolean {
  return change('rename', to, () => {
    const stats = lstatSync(reach(to), { throwIfNoEntry: false });
    if (stats && (stats.ino !== inode || stats.size > 0)) return false;
    renameSync(reach(from), reach(to));
    return true;
  });
}

/** Remove a file; one that is gone already is fine. A link is removed itself. */
export function removeFile(path: string): void {
  change('remove', path, () => {
    try {
      unlinkSync(reach(path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  });
}

/**
 * Remove a folder and all that is in it; one that is gone already is fine. Links in it are removed, not followed.
 *
 * @param mayGo asked of the folder once it is opened
 */
export function removeFolder(path: string, mayGo?: (stats: Stats) => boolean): void {
  change('remove', path, () => {
    forgetFolder(path);
    if (hasDescriptors) removeTree(reach(path), mayGo);
    else rmSync(path, { recursive: true, force: true });
  });
}

/** Remove a folder if it is empty; says whether it is gone. */
export function removeEmptyFolder(path: string): boolean {
  try {
    change('remove', path, () => {
      rmdirSync(reach(path));
      forgetFolder(path);
    });
    return true;
  } catch {
    return false;
  }
}

/** Remove the folders in a folder that hold no files, and it itself if nothing is left in it. */
export function removeEmptyFolders(path: string): void {
  for (const entry of look(path)?.isDirectory() ? listFolder(path) : []) {
    if (entry.isDirectory()) removeEmptyFolders(`${path}/${entry.name}`);
  }
  removeEmptyFolder(path);
}

/**
 * Copy a package: shares its blocks where the disk can (reflink), else copies its bytes. With `link` it becomes a second
 * name of the same inode, which a later scp over the original would empty.
 *
 * @param seen what the scan saw at `from`
 */
export function copyPackage(
  from: string,
  to: string,
  { link, modifiedMs, seen }: { link: boolean; modifiedMs: number; seen?: FileIdentity },
): PageStamp {
  return change(link ? 'link' : 'copy', to, () => {
    const source = openFile(from, seen);
    try {
      if (link) linkSync(reach(from), reach(to));
      else copyBytes(source, from, to);
    } finally {
      closeSync(source);
    }
    const descriptor = openFile(to, link ? seen : undefined);
    try {
      if (!link) {
        whereKnown(() => fchmodSync(descriptor, 0o644));
        whereKnown(() => futimesSync(descriptor, Date.now() / 1000, modifiedMs / 1000));
      }
      return pageStamp(fstatSync(descriptor));
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Flush one file's content, or one folder's names, to the disk. Where the system cannot flush it, nothing happens. */
export function flushPath(path: string): void {
  change('flush', path, () => {
    const descriptor = openEntry(path);
    try {
      whereKnown(() => fsyncSync(descriptor));
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Flush a folder's names, where the system can: Windows opens no folders. */
export function flushFolder(path: string): void {
  if (process.platform !== 'win32') flushPath(path);
}

/** Whatever changes a disk is done in here. @throws {KhoError} WRITE */
export function change<T>(kind: WriteKind, path: string, act: () => T): T {
  writeHook.before(kind, path);
  try {
    return act();
  } catch (cause) {
    throw writeError(kind, path, cause);
  }
}
