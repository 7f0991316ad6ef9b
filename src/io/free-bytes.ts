import { statfsSync } from 'node:fs';
import { reachFolder } from './reach.ts';

/** What this user may still write on the disk of a folder; without an end where the system does not say. In bytes. */
export function freeBytes(folder: string): number {
  try {
    const { bavail, bsize, blocks } = statfsSync(reachFolder(folder));
    return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize; // some network disks say 0 of 0
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
