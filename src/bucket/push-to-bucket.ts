import { randomUUID } from 'node:crypto';
import { RetryStore } from '../object-store/retry-store.ts';
import { anotherPushes } from './another-pushes.ts';
import { openInTurn } from './open-in-turn.ts';
import type { PushOptions, PushReport } from './push-options.ts';
import { PushRun } from './push-run.ts';
import { RecordConflict } from './record-store.ts';
import { asBucketError } from './store-fault.ts';

/** Of two that publish the same site there at once, each begins anew so often; then one gives up. */
const MOST_RUNS = 3;

/** Brings a bucket to what the source says. @throws {KhoError} BUCKET; what was there still stands, and the next run goes on */
export async function pushToBucket(options: PushOptions): Promise<PushReport> {
  const { clock, kept, site, adopt = false, host = '', onWait } = options;
  const store = RetryStore.of(options.store, clock);
  const requestsBefore = store.requests;
  try {
    for (let runs = 1; ; runs++) {
      const turn = { store, clock, kept, site, adopt, host, run: randomUUID(), ...(onWait && { onWait }) };
      const record = await openInTurn(turn);
      try {
        return await new PushRun({ ...options, store, requestsBefore }, record).push();
      } catch (error) {
        if (!(error instanceof RecordConflict)) throw error;
        if (runs === MOST_RUNS) throw anotherPushes(store, error);
      }
    }
  } catch (error) {
    throw asBucketError(error, store.name);
  }
}
