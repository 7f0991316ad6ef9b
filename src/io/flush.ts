import { closeSync, fsync, type Stats, statfsSync } from 'node:fs';
import { change, writeHook, writeOpenFile } from './disk.ts';
import { lacks } from './disk-lacks.ts';
import { openEntry } from './open-file.ts';
import { reachFolder } from './reach.ts';
import { runProgram } from './run-program.ts';
import { writeError } from './write-error.ts';

/** Up to so many files are flushed one after the other, where nobody waits beside them; above, one flush of the whole file system costs less (about 1 ms a file against 5 ms). */
export const FLUSH_ONE_BY_ONE = 6;

/**
 * Up to so many files are flushed at the same time, a flush each: the disk brings them there together, in 3 ms for 24 of them, where a flush
 * of the whole file system takes 12 ms, and as long as it takes to write whatever others have left to be written.
 */
export const FLUSH_TOGETHER = 64;

/** File systems in memory, of which nothing outlives a power cut. Source: statfs(2): TMPFS_MAGIC, RAMFS_MAGIC. */
const IN_MEMORY = new Set([0x01021994, 0x858458f6]);

/**
 * Bring freshly written files to the disk before anything trusts them, so that a power cut cannot leave an empty page
 * under a name that readers use. `folders` are where the files are: of many files, one folder on each file system is flushed as a whole,
 * through the `sync` program (coreutils and busybox), since Node has no call for syncfs(2). Without that program, each file.
 *
 * @param files and folders, all of them, or more than FLUSH_TOGETHER
 * @throws {KhoError} WRITE
 */
export async function flushBatch(files: readonly string[], folders: readonly string[]): Promise<void> {
  if (files.length > FLUSH_TOGETHER && syncFileSystems(folders)) return;
  for (let start = 0; start < files.length; start += FLUSH_TOGETHER) {
    const outcomes = await Promise.allSettled(files.slice(start, start + FLUSH_TOGETHER).map(flushBeside));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

/** As `writeNewFile`; `flushed` resolves when it is on the disk. @throws {KhoError} WRITE, and so does `flushed` */
export function writeAndFlush(path: string, content: Uint8Array): { stats: Stats; flushed: Promise<void> } {
  const { stats, descriptor } = writeOpenFile(path, content);
  const flushed = flushOpen(path, () => descriptor);
  flushed.catch(() => {}); // told of by whoever waits for it
  return { stats, flushed };
}

/** As `flushPath`, beside this thread. */
function flushBeside(path: string): Promise<void> {
  return flushOpen(path, () => openEntry(path));
}

/** Closes it. */
function flushOpen(path: string, open: () => number): Promise<void> {
  return new Promise((resolve, reject) => {
    const descriptor = change('flush', path, open);
    const done = (error: Error | null) => {
      closeSync(descriptor);
      if (error && !lacks(error)) reject(writeError('flush', path, error));
      else resolve();
    };
    try {
      fsync(descriptor, done);
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Flush the file systems that these folders are on, whole. False where that cannot be done. */
export function syncFileSystems(folders: readonly string[]): boolean {
  if (process.platform === 'win32') return false;
  writeHook.before('sync', folders.join('\n'));
  const ways = folders.map((folder) => reachFolder(folder).replace('/self/', `/${process.pid}/`)); // sync is another process
  const onDisk = ways.filter((way) => !IN_MEMORY.has(statfsSync(way).type));
  return onDisk.length === 0 || runProgram('sync', ['-f', '--', ...onDisk])?.status === 0;
}
