import { setTimeout as sleep } from 'node:timers/promises';
import type { KnownFile } from '../inspect/known-files.ts';
import { SETTLED_MS } from '../scan/file-state.ts';

/** To read a file of this size takes longer than to wait until its times can be believed. In bytes. */
const WORTH_WAITING = 16 * 1024 * 1024;

/**
 * A file that came to its place just now counts as one that may change again and look the same, and the next run reads it once more. For
 * large ones, wait until it does not.
 */
export async function untilSettled(files: Iterable<KnownFile>): Promise<void> {
  let settledMs = 0;
  for (const { stamp } of files)
    if (stamp.size >= WORTH_WAITING) settledMs = Math.max(settledMs, stamp.changedMs + SETTLED_MS + 1);
  const waitMs = settledMs - Date.now();
  if (waitMs > 0 && waitMs <= SETTLED_MS + 1) await sleep(waitMs); // a disk with a clock of its own tells nothing
}
