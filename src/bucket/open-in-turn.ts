/**
 * One push at a time goes to a bucket, wherever it comes from: a machine and its copy, or two that share a folder. The announcement in the head of the record is the
 * lock, and who holds it writes it anew every so often. One that was left by a push that died is taken over when it has been quiet for long enough; at once by the
 * machine that the dead one ran on.
 */
import type { Clock } from '../object-store/clock.ts';
import { anotherPushes } from './another-pushes.ts';
import { BucketRecord, type RecordOptions } from './record-store.ts';

/** Longer than a push asks for the same thing (PATIENCE of `object-store/retry.ts`), and takes for one part of a big file on a slow line. In milliseconds. */
const QUIET_MS = 3 * 60_000;

/** How often who pushes says that it lives. In milliseconds. */
export const BEAT_MS = 40_000;

/** Between two looks of who waits. In milliseconds. */
const ASK_MS = 5_000;

/** A push that goes on for longer is not waited for. In milliseconds. */
const LONGEST_WAIT_MS = 2 * QUIET_MS;

export interface TurnOptions extends RecordOptions {
  clock: Clock;
  /** Called once, where another push is under way. */
  onWait?: (holder: string) => void;
}

/** @throws {KhoError} BUCKET, where another push goes on and on too {StoreError} */
export async function openInTurn(options: TurnOptions): Promise<BucketRecord> {
  const { store, clock, onWait } = options;
  const endsAt = clock.now() + LONGEST_WAIT_MS;
  for (let asked = 0; ; asked++) {
    const record = await BucketRecord.open(options);
    if (record.announcedMs === undefined) return record;
    const leftMs = record.announcedMs + QUIET_MS - (store.clockMs() ?? clock.now());
    if (leftMs <= 0) return record;
    if (clock.now() >= endsAt) throw anotherPushes(store);
    if (asked === 0) onWait?.(`another push to "${store.name}", or one that died a moment ago`);
    await clock.sleep(Math.min(leftMs, ASK_MS));
  }
}
