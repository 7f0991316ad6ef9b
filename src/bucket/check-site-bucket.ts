import { type BucketSettings, DEFAULT_BUCKET_PARALLEL } from '../config/bucket-settings.ts';
import type { SiteConfig } from '../config/site-config.ts';
import type { Drift } from '../drift.ts';
import { lockSite } from '../publish/lock.ts';
import { type CheckBucketOptions, checkBucket } from './check-bucket.ts';
import { mendBucket } from './mend-bucket.ts';
import { type PublishSiteOptions, pushOf } from './publish-site.ts';
import type { PushReport } from './push-options.ts';
import { bucketSiteId, knownBucketSiteId } from './site-id.ts';
import { lookAtSite, takeSnapshot } from './site-snapshot.ts';
import { asBucketError } from './store-fault.ts';

export interface CheckSiteBucketOptions
  extends Pick<PublishSiteOptions, 'address' | 'settings' | 'onWait'>,
    Pick<CheckBucketOptions, 'isDeep' | 'onProgress'> {}

export interface CheckedSiteBucket {
  /** As people call it. */
  bucket: string;
  /** How many the site has there. */
  objects: number;
  drifts: Drift[];
  /** Where it was to be mended: what was found before, and what the push did that followed. */
  mended?: Drift[];
  push?: PushReport;
}

/** Changes nothing, there or here. @throws {KhoError} BUCKET, USAGE, SITE */
export async function checkSiteBucket(config: SiteConfig, options: CheckSiteBucketOptions): Promise<CheckedSiteBucket> {
  const { bucket, ...push } = await pushOf(lookAtSite(config), options, knownBucketSiteId(config.root) ?? '', 'check');
  return await checked({ ...push, ...asked(config, options, bucket) });
}

/** Puts right what can be, and looks again. @throws {KhoError} BUCKET, USAGE, SITE, LOCKED */
export async function mendSiteBucket(config: SiteConfig, options: CheckSiteBucketOptions): Promise<CheckedSiteBucket> {
  const { onWait } = options;
  const unlock = await lockSite(config.root, { of: 'pushes', ...(onWait && { onWait }) });
  try {
    const snapshot = await takeSnapshot(config, onWait);
    const { bucket, ...push } = await pushOf(snapshot, options, bucketSiteId(config.root));
    const { onProgress: _, ...how } = asked(config, options, bucket);
    const mended = await mendBucket({ ...push, ...how, ...(onWait && { onWait }) }).catch((error) => {
      throw asBucketError(error, push.store.name);
    });
    const left = await checked({ ...push, ...asked(config, options, bucket) });
    return { ...left, mended: mended.findings.sorted(), push: mended.push };
  } finally {
    unlock();
  }
}

function asked({ url }: SiteConfig, { isDeep, onProgress }: CheckSiteBucketOptions, bucket: BucketSettings) {
  return {
    parallel: bucket.parallel ?? DEFAULT_BUCKET_PARALLEL,
    ...(url !== undefined && { siteUrl: url }),
    ...(isDeep && { isDeep }),
    ...(onProgress && { onProgress }),
  };
}

async function checked(options: CheckBucketOptions): Promise<CheckedSiteBucket> {
  try {
    const { findings, objects } = await checkBucket(options);
    return { bucket: options.store.name, objects, drifts: findings.sorted() };
  } catch (error) {
    throw asBucketError(error, options.store.name, 'check');
  }
}
