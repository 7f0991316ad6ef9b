import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KhoError } from '../errors.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import { copyPackage, flushPath, removeFile, rename, setMode } from '../io/disk.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { FormatError } from '../problems.ts';
import type { IncomingFile } from './scan-incoming.ts';

/** Anybody may read: a web server runs as somebody else. */
const MODE = 0o644;
const READ_BY_ALL = 0o444;

/**
 * Bring a file to its place in one step: it is not there, or there as a whole. It keeps its bytes and the time of its last
 * modification, and anybody may read it.
 *
 * A file on another disk, or of somebody who let only a group read it, is copied.
 *
 * @returns whether the file was copied, and the source has to be removed
 * @throws {FormatError} `changed-while-reading`
 * @throws {KhoError} WRITE
 */
export async function moveFile(from: IncomingFile, to: string, sha256: string): Promise<boolean> {
  const full = join(from.folder, from.name);
  if (letAllRead(full, from.mode) && renamed(full, to)) return false;
  await copyInto(from, to, sha256);
  return true;
}

/**
 * As `moveFile`, but the source stays, and shares no inode with the copy.
 *
 * @throws {FormatError} `changed-while-reading`
 * @throws {KhoError} WRITE
 */
export async function copyInto(from: IncomingFile, to: string, sha256: string): Promise<void> {
  const full = join(from.folder, from.name);
  const temporary = join(dirname(to), temporaryName()); // beside its target: rename cannot cross disks
  try {
    copyPackage(full, temporary, { link: false, modifiedMs: from.stamp.modifiedMs });
    if ((await hashFile(temporary)) !== sha256)
      throw new FormatError('changed-while-reading', 'is being written right now');
    flushPath(temporary);
    rename(temporary, to);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
}

/** Whether a file is what the scan saw, and where it saw it. */
export function isUnchanged({ folder, name, stamp }: IncomingFile): boolean {
  try {
    const now = lstatSync(join(folder, name));
    const same = now.size === stamp.size && now.mtimeMs === stamp.modifiedMs && now.ino === stamp.inode;
    return same && now.isFile() && realpathSync(folder) === folder;
  } catch {
    return false;
  }
}

/** False when the file is somebody else's, who lets not all read it. */
function letAllRead(path: string, mode: number): boolean {
  if (mode === MODE) return true;
  try {
    setMode(path, MODE);
    return true;
  } catch (error) {
    if (systemCode(error) !== 'EPERM') throw error;
    return (mode & READ_BY_ALL) === READ_BY_ALL;
  }
}

/** False when the two are on different disks. */
function renamed(from: string, to: string): boolean {
  try {
    rename(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) !== 'EXDEV') throw error;
    return false;
  }
}

/** Of what stands behind a WRITE: `EXDEV`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof KhoError ? (error.cause as NodeJS.ErrnoException | undefined)?.code : undefined;
}
