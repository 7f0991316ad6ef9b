import { randomUUID } from 'node:crypto';
import { KhoError } from '../errors.ts';
import type { ObjectStore } from '../object-store/object-store.ts';
import { RetryStore } from '../object-store/retry-store.ts';
import type { PushOptions, PushReport } from './push-options.ts';
import { PushRun } from './push-run.ts';
import { BucketRecord, RecordConflict } from './record-store.ts';
import { asBucketError } from './store-fault.ts';

/** Of two that publish the same site there at once, each begins anew so often; then one gives up. */
const MOST_RUNS = 3;

/** Brings a bucket to what the source says. @throws {KhoError} BUCKET; what was there still stands, and the next run goes on */
export async function pushToBucket(options: PushOptions): Promise<PushReport> {
  const { clock, kept, site, adopt = false } = options;
  const store = RetryStore.of(options.store, clock);
  const requestsBefore = store.requests;
  try {
    for (let runs = 1; ; runs++) {
      const record = await BucketRecord.open({ store, kept, site, adopt, run: randomUUID() });
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

function anotherPushes(store: ObjectStore, cause: RecordConflict): KhoError {
  return new KhoError('BUCKET', `Cannot publish to "${store.name}": another machine publishes the same site there`, {
    hint: 'let one machine publish there; a copy of the site gets an id of its own when its ".kho-keep/bucket" is removed',
    cause,
  });
}
