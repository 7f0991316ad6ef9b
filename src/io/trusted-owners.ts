/** Whose files kho believes or removes unasked. Systems without users (Windows) have one only. */
import { look } from './open-file.ts';

const ROOT = 0;

/** Write permission of group and others. */
const OTHERS_WRITE = 0o022;

/** Of the sites that this process has to do with: the owner of the folder, where nobody else may write in it. */
const siteOwners = new Set<number>();

/** @param root of a site, or of a folder that it is published to */
export function trustOwnerOf(root: string): void {
  const stats = look(root);
  if (stats && (stats.mode & OTHERS_WRITE) === 0) siteOwners.add(stats.uid);
}

/** Root, who runs kho, and owners of sites: `sudo kho build` and an administrator's `kho list` believe what the site's owner wrote. */
export function isTrusted(uid: number): boolean {
  return uid === ROOT || uid === process.geteuid?.() || process.geteuid === undefined || siteOwners.has(uid);
}

/** Whose leftovers this run may remove: its own user's; root's run also those of the sites' owners. */
export function isOwn(uid: number): boolean {
  const own = process.geteuid?.();
  return own === undefined || uid === own || (own === ROOT && siteOwners.has(uid));
}

/** Whether only trusted users can have written what is in a folder. False when it is a link, or no folder. */
export function isWrittenByTrusted(path: string): boolean {
  const stats = look(path);
  if (!stats?.isDirectory()) return false;
  return process.geteuid === undefined || (isTrusted(stats.uid) && (stats.mode & OTHERS_WRITE) === 0);
}
