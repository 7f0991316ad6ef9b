/**
 * Where files are until all of a lock file are there: `.kho/pull`. Whole ones are called by their sha256, whoever brought them, by the line or
 * on a disk; of others there is a part. What a run leaves there the next one goes on with, also after a reboot, and whatever the clock says.
 */

import { join } from 'node:path';
import { makeFolder, makePrivateFolder, removeFile, rename } from '../io/disk.ts';
import { look, namesIn, readText } from '../io/open-file.ts';
import { takeOverParts } from '../io/part-name.ts';
import { thisBoot } from '../io/process-is-alive.ts';
import { forgetFolder } from '../io/reach.ts';
import { writeFileAtomic } from '../io/write-file-atomic.ts';
import { PULL_FOLDER, stateFolder } from '../publish/state-folder.ts';
import { isSha256 } from '../standards/sha256.ts';

const PRIVATE = 0o700;

/** Which start of the machine the parts are from. */
const BOOT_FILE = 'boot';

/** @returns its path, absolute. @throws {KhoError} WRITE where others could write in it */
export function openPullFolder(root: string): string {
  makeFolder(stateFolder(root));
  const path = join(root, PULL_FOLDER);
  makePrivateFolder(path, PRIVATE, true);
  const boot = thisBoot();
  if (boot !== undefined && bootOf(path) !== boot) {
    takeOverParts(path); // whoever wrote them is dead, though its number may be somebody else's by now
    writeFileAtomic(join(path, BOOT_FILE), boot);
  }
  return path;
}

/** Where a file is once it is whole. @param folder as `openPullFolder` says it */
export function wholePath(folder: string, sha256: string): string {
  return join(folder, sha256);
}

/** A part is whole, and its sha256 right. */
export function nameWhole(folder: string, part: string, sha256: string): string {
  const path = wholePath(folder, sha256);
  rename(part, path);
  return path;
}

/** All is there and right: what is left is of locks that are no longer, or came twice. */
export function sweepWhole(folder: string): void {
  for (const name of namesIn(folder)) if (isSha256(name)) removeFile(join(folder, name));
  forgetFolder(folder);
}

/** Sha256 of files that are there whole. */
export function wholeInPull(root: string): string[] {
  return [...wholeHere(join(root, PULL_FOLDER))];
}

/** @param folder as `openPullFolder` says it */
export function wholeHere(folder: string): Set<string> {
  return new Set(namesIn(folder).filter(isSha256));
}

/** What has come of files, whole ones too. In bytes, by name in the folder. */
export function bytesInPull(root: string): number {
  const folder = join(root, PULL_FOLDER);
  if (look(folder)?.isDirectory() !== true) return 0;
  return namesIn(folder).reduce(
    (sum, name) => sum + (name === BOOT_FILE ? 0 : (look(join(folder, name))?.size ?? 0)),
    0,
  );
}

function bootOf(folder: string): string | undefined {
  const path = join(folder, BOOT_FILE);
  return look(path)?.isFile() ? readText(path).trim() : undefined;
}
