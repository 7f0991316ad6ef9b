import { closeSync, fchmodSync, fstatSync } from 'node:fs';
import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { makePrivateFolder, writeHook } from './disk.ts';
import { look, openEntry } from './open-file.ts';
import { forgetReplaced } from './reach.ts';
import { isWrittenByTrusted } from './trusted-owners.ts';

/** In a site's root. Unlike `.kho`, nothing can make again what is in it. */
export const KEPT_FOLDER = '.kho-keep';

/** What will be kept there is for nobody else to read. */
const PRIVATE = 0o700;

export function keptFolder(root: string): string {
  return join(root, KEPT_FOLDER);
}

/**
 * Whether a site has one. The owner of the site must be known (`trustOwnerOf`).
 *
 * @throws {KhoError} SITE for one that others may have written in
 */
export function hasKeptFolder(root: string): boolean {
  const path = keptFolder(root);
  const stats = look(path);
  forgetReplaced(path, stats);
  if (!stats) return false;
  if (isWrittenByTrusted(path)) return true;
  const why = stats.isSymbolicLink()
    ? 'it is a link'
    : stats.isDirectory()
      ? `others than the site's owner may have written in it (owner ${stats.uid}, mode ${(stats.mode & 0o7777).toString(8)})`
      : 'it is no folder';
  throw new KhoError('SITE', `Cannot believe "${path}": ${why}`, {
    hint: 'look who did that; then give it to the owner of the site alone (chown -R, chmod 700), or put it back from a backup',
  });
}

/** @throws {KhoError} SITE as `hasKeptFolder`, WRITE */
export function makeKeptFolder(root: string): string {
  hasKeptFolder(root);
  const path = keptFolder(root);
  makePrivateFolder(path, PRIVATE, true);
  closeToOthers(path);
  return path;
}

/** One that came back from a backup may be open to all. */
function closeToOthers(path: string): void {
  const descriptor = openEntry(path);
  try {
    if ((fstatSync(descriptor).mode & 0o077) === 0) return;
    writeHook.before('mode', path);
    fchmodSync(descriptor, PRIVATE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error; // a disk that knows no modes
  } finally {
    closeSync(descriptor);
  }
}
