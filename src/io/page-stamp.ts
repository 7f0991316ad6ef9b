import type { Stats } from 'node:fs';
import type { FileStamp } from './file-stamp.ts';
import { look } from './open-file.ts';

/**
 * What tells that a published file is still the one that kho wrote, without reading it: size in bytes, time of the last
 * modification in milliseconds, inode. The time of the last change (ctime) is left out, since a rename sets it.
 */
export type PageStamp = string;

export function pageStamp({ size, mtimeMs, ino }: Pick<Stats, 'size' | 'mtimeMs' | 'ino'>): PageStamp {
  return `${size}:${mtimeMs}:${ino}`;
}

/** In bytes. */
export function sizeInStamp(stamp: PageStamp): number {
  return Number(stamp.slice(0, stamp.indexOf(':')));
}

/** Of a file that a scan has looked at. */
export function scannedPageStamp({ size, modifiedMs, inode }: FileStamp): PageStamp {
  return pageStamp({ size, mtimeMs: modifiedMs, ino: inode });
}

/** The stamp of what is at `path` now; undefined when nothing is, or what is there is no file: a link is none. */
export function readPageStamp(path: string): PageStamp | undefined {
  const stats = look(path);
  return stats?.isFile() ? pageStamp(stats) : undefined;
}
