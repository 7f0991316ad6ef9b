import { type BucketSettings, DEFAULT_BUCKET_PARALLEL, DEFAULT_GRACE_MS } from '../config/bucket-settings.ts';
import { privateNames } from '../config/private-repositories.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { SYSTEM_CLOCK } from '../object-store/clock.ts';
import { openStore } from '../object-store/open-store.ts';
import { parseStoreAddress } from '../object-store/store-address.ts';
import { lockSite } from '../publish/lock.ts';
import { keptBucketFile } from './kept-bucket-file.ts';
import type { PushOptions, PushReport } from './push-options.ts';
import { pushToBucket } from './push-to-bucket.ts';
import { bucketSiteId } from './site-id.ts';
import { takeSnapshot } from './site-snapshot.ts';
import { SiteSource } from './site-source.ts';
import { asBucketError } from './store-fault.ts';

export interface PublishSiteOptions extends Pick<PushOptions, 'adopt' | 'onProgress' | 'signal'> {
  /** `s3://BUCKET/PREFIX`. */
  address: string;
  /** What the command line says, before what kho.toml does. */
  settings?: BucketSettings;
  onWait?: (holder: string) => void;
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
  const { address, onWait, adopt, onProgress, signal } = options;
  const settings = { ...config.bucket, ...options.settings };
  const where = parseStoreAddress(address);
  const unlock = await lockSite(config.root, { of: 'pushes', ...(onWait && { onWait }) });
  try {
    const source = new SiteSource(await takeSnapshot(config, onWait), settings);
    const store = await openStore(where, settings).catch((error) => {
      throw asBucketError(error, where.name);
    });
    const report = await pushToBucket({
      ...{ store, source, clock: SYSTEM_CLOCK, settings: source.settings },
      site: bucketSiteId(config.root),
      kept: keptBucketFile(config.root, where.name),
      graceMs: settings.graceMs ?? DEFAULT_GRACE_MS,
      parallel: settings.parallel ?? DEFAULT_BUCKET_PARALLEL,
      ...(adopt && { adopt }),
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
    });
    const leftOut = settings.withPrivate ? [] : privateNames(config);
    return { bucket: where.name, ...report, leftOut, durationMs: Math.round(performance.now() - began) };
  } finally {
    unlock();
  }
}
