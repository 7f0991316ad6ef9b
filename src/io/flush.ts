import { statfsSync } from 'node:fs';
import { flushPath, writeHook } from './disk.ts';
import { reachFolder } from './reach.ts';
import { runProgram } from './run-program.ts';

/** Up to so many files are flushed one by one; above, one flush of the whole file system costs less (about 1 ms a file against 5 ms). */
export const FLUSH_ONE_BY_ONE = 6;

/** File systems in memory, of which nothing outlives a power cut. Source: statfs(2): TMPFS_MAGIC, RAMFS_MAGIC. */
const IN_MEMORY = new Set([0x01021994, 0x858458f6]);

/**
 * Bring freshly written files to the disk before anything trusts them, so that a power cut cannot leave an empty page
 * under a name that readers use. `folders` are where the files are: one on each file system is flushed as a whole, through
 * the `sync` program (coreutils and busybox), since Node has no call for syncfs(2). Without that program, file by file.
 *
 * @param files all of them, or more than FLUSH_ONE_BY_ONE
 */
export function flushBatch(files: readonly string[], folders: readonly string[]): void {
  if (files.length === 0) return;
  if (files.length > FLUSH_ONE_BY_ONE && syncFileSystems(folders)) return;
  for (const file of files) flushPath(file);
}

/** Flush the file systems that these folders are on, whole. False where that cannot be done. */
export function syncFileSystems(folders: readonly string[]): boolean {
  if (process.platform === 'win32') return false;
  writeHook.before('sync', folders.join('\n'));
  const ways = folders.map((folder) => reachFolder(folder).replace('/self/', `/${process.pid}/`)); // sync is another process
  const onDisk = ways.filter((way) => !IN_MEMORY.has(statfsSync(way).type));
  return onDisk.length === 0 || runProgram('sync', ['-f', '--', ...onDisk])?.status === 0;
}
