import { setTimeout as sleep } from 'node:timers/promises';
import type { LearnedFile } from '../inspect/learned-files.ts';
import { SETTLED_MS } from '../scan/file-state.ts';

/** To read a file of this size takes longer than to wait until its times can be believed. In bytes. */
const WORTH_WAITING = 16 * 1024 * 1024;

/** Clocks of a disk may be this much ahead, since that of the machine has no fractions. One that is more so tells nothing. In milliseconds. */
const AHEAD_MS = 2;

/**
 * A file that came to its place just now counts as one that may change again and look the same, and the next run reads it once more. For
 * large ones, wait until it does not.
 */
export async function untilSettled(files: Iterable<LearnedFile>): Promise<void> {
  let settledMs = 0;
  for (const { stamp, isOursAlone } of files)
    if (!isOursAlone && stamp.size >= WORTH_WAITING && stamp.changedMs <= Date.now() + AHEAD_MS)
      settledMs = Math.max(settledMs, stamp.changedMs + SETTLED_MS);
  while (Date.now() <= settledMs) await sleep(settledMs - Date.now() + 1); // timers may be early
}
