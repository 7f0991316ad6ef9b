import type { Stats } from 'node:fs';
import { look } from './open-file.ts';

/**
 * What tells that a published file is still the one that kho wrote, without reading it: size in bytes, time of the last
 * modification in milliseconds, inode. The time of the last change (ctime) is left out, since a rename sets it.
 */
export type PageStamp = string;

export function pageStamp(stats: Pick<Stats, 'size' | 'mtimeMs' | 'ino'>): PageStamp {
  return `${stats.size}:${stats.mtimeMs}:${stats.ino}`;
}

/** The stamp of what is at `path` now; undefined when nothing is, or what is there is no file: a link is none. */
export function readPageStamp(path: string): PageStamp | undefined {
  const stats = look(path);
  return stats?.isFile() ? pageStamp(stats) : undefined;
}
