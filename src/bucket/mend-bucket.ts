import { randomUUID } from 'node:crypto';
import { RetryStore } from '../object-store/retry-store.ts';
import type { BucketFindings } from './bucket-findings.ts';
import { addTouching, UNSETTLED } from './bucket-head.ts';
import { type CheckBucketOptions, checkBucket } from './check-bucket.ts';
import { keepsCacheControl } from './keeps-cache-control.ts';
import { abandonUploads } from './leftover-uploads.ts';
import { openInTurn } from './open-in-turn.ts';
import type { PushOptions, PushReport } from './push-options.ts';
import { pushToBucket } from './push-to-bucket.ts';
import { HASH_META } from './put-object.ts';

export interface MendedBucket {
  /** What was not as it should be. */
  findings: BucketFindings;
  objects: number;
  push: PushReport;
}

export type MendBucketOptions = PushOptions & Pick<CheckBucketOptions, 'isDeep' | 'siteUrl'>;

/**
 * Check a bucket, and put right what was found. Whatever is in doubt is announced in the record as what a push was about to touch when it ended: so the push that
 * follows does all the rest as it always does, in its order, and a mend that ends anywhere leaves no more than a push does.
 *
 * @throws {KhoError} BUCKET {StoreError}
 */
export async function mendBucket(options: MendBucketOptions): Promise<MendedBucket> {
  const { source, site, clock, kept, parallel, isDeep, siteUrl } = options;
  const store = RetryStore.of(options.store, clock);
  const { findings, objects } = await checkBucket({
    ...{ store, source, site, clock, kept, parallel },
    ...(isDeep !== undefined && { isDeep }),
    ...(siteUrl !== undefined && { siteUrl }),
  });
  await putForged(store, options, findings);
  const { doubtful, lostShards, uploads, uncached } = findings;
  if (uncached.length > 0 && (await keepsCacheControl(store, randomUUID())))
    for (const { unit, key, step } of uncached) findings.doubt(unit, key, step);
  if (uploads.length > 0) await abandonUploads(store, new Map([['', new Map(uploads.map((key) => [key, 'package']))]]));
  if (doubtful.size + lostShards.length > 0) {
    const { host = '', onWait } = options;
    const turn = { store, clock, kept, site, adopt: false, host, run: randomUUID(), ...(onWait && { onWait }) };
    const record = await openInTurn(turn);
    for (const id of lostShards) {
      const state = record.head.shards.get(id);
      if (state) state.units = UNSETTLED;
    }
    addTouching(record.head.touching, doubtful);
    await record.writeHead(record.head.touching);
  }
  const push = await pushToBucket({ ...options, store, adopt: true });
  return { findings, objects, push };
}

/** Their marks say that they are right, so that no push would put them. */
async function putForged(store: RetryStore, { source }: PushOptions, { forged }: BucketFindings): Promise<void> {
  if (forged.size === 0) return;
  for (const unit of source.units())
    for (const { key, headers, open } of await unit.objects()) {
      const ifEtag = forged.get(key);
      if (ifEtag === undefined) continue;
      const body = open();
      await store.put(key, body, { ...headers, meta: { ...headers.meta, [HASH_META]: body.sha256 } }, { ifEtag });
    }
}
