import { hostname } from 'node:os';
import { type BucketSettings, DEFAULT_BUCKET_PARALLEL, DEFAULT_GRACE_MS } from '../config/bucket-settings.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { SYSTEM_CLOCK } from '../object-store/clock.ts';
import { openStore } from '../object-store/open-store.ts';
import { parseStoreAddress } from '../object-store/store-address.ts';
import { lockSite } from '../publish/lock.ts';
import { keptBucketFile } from './kept-bucket-file.ts';
import { type PushPreview, previewPush } from './preview-push.ts';
import type { PushOptions, PushReport } from './push-options.ts';
import { pushToBucket } from './push-to-bucket.ts';
import { bucketSiteId, knownBucketSiteId } from './site-id.ts';
import { lookAtSite, type SiteSnapshot, takeSnapshot } from './site-snapshot.ts';
import { SiteSource } from './site-source.ts';
import { asBucketError, type BucketDeed } from './store-fault.ts';

export interface PublishSiteOptions extends Pick<PushOptions, 'adopt' | 'onProgress' | 'signal'> {
  /** `s3://BUCKET/PREFIX`. */
  address: string;
  /** What the command line says, before what kho.toml does. */
  settings?: BucketSettings;
  onWait?: (holder: string) => void;
}

/** What a push would do. */
export interface BucketPreview extends PushPreview {
  bucket: string;
}

/** What `--json` prints of it. */
export interface BucketReport extends PushReport {
  /** As people call it. */
  bucket: string;
  /** Private repositories that were left out. */
  leftOut: readonly string[];
  durationMs: number;
}

/**
 * Bring a bucket to what the site has published beside its packages. One push at a time: of two runs, the later one waits.
 *
 * @throws {KhoError} BUCKET, USAGE for an address that cannot be; SITE, LOCKED
 */
export async function publishSite(config: SiteConfig, options: PublishSiteOptions): Promise<BucketReport> {
  const began = performance.now();
  const { onWait, adopt, onProgress, signal } = options;
  const unlock = await lockSite(config.root, { of: 'pushes', ...(onWait && { onWait }) });
  try {
    const { bucket, ...push } = await pushOf(await takeSnapshot(config, onWait), options, bucketSiteId(config.root));
    const report = await pushToBucket({
      ...push,
      parallel: bucket.parallel ?? DEFAULT_BUCKET_PARALLEL,
      ...(adopt && { adopt }),
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
      ...(onWait && { onWait }),
    });
    const { leftOut } = push.source;
    return { bucket: push.store.name, ...report, leftOut, durationMs: Math.round(performance.now() - began) };
  } finally {
    unlock();
  }
}

/** What `publishSite` would do with what is published now. @throws as `publishSite` */
export async function previewSite(config: SiteConfig, options: PublishSiteOptions): Promise<BucketPreview> {
  const push = await pushOf(lookAtSite(config), options, knownBucketSiteId(config.root) ?? '');
  try {
    const preview = await previewPush({ ...push, ...(options.adopt && { adopt: true }) });
    return { bucket: push.store.name, ...preview };
  } catch (error) {
    throw asBucketError(error, push.store.name);
  }
}

/** All that a push needs. @throws {KhoError} BUCKET, USAGE */
export async function pushOf(
  snapshot: SiteSnapshot,
  { address, settings }: Pick<PublishSiteOptions, 'address' | 'settings'>,
  site: string,
  doing?: BucketDeed,
) {
  const { config } = snapshot;
  const bucket = { ...config.bucket, ...settings };
  const where = parseStoreAddress(address);
  const source = new SiteSource(snapshot, bucket);
  const store = await openStore(where, bucket).catch((error) => {
    throw asBucketError(error, where.name, doing);
  });
  return {
    ...{ store, source, site, clock: SYSTEM_CLOCK, settings: source.settings, bucket },
    kept: keptBucketFile(config.root, where.name),
    host: hostname(),
    graceMs: bucket.graceMs ?? DEFAULT_GRACE_MS,
  };
}
