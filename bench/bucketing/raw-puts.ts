/** The objects of a push, put by the same client with as many at once, and nothing else: no condition, no record, no look at what is there. */

import { takeSnapshot } from '../../src/bucket/site-snapshot.ts';
import { SiteSource } from '../../src/bucket/site-source.ts';
import { type BucketSettings, DEFAULT_BUCKET_PARALLEL } from '../../src/config/bucket-settings.ts';
import type { SiteConfig } from '../../src/config/site-config.ts';
import { S3Store } from '../../src/object-store/s3-store.ts';
import { parseStoreAddress } from '../../src/object-store/store-address.ts';

interface RawOptions {
  address: string;
  settings: BucketSettings;
}

export async function rawPuts(
  config: SiteConfig,
  { address, settings }: RawOptions,
): Promise<{ seconds: number; objects: number }> {
  const began = performance.now();
  const source = new SiteSource(await takeSnapshot(config), settings);
  const store = new S3Store(parseStoreAddress(address), settings);
  await store.session.open();
  const wanted = objectsOf(source);
  let objects = 0;
  const lane = async () => {
    for (let next = await wanted.next(); !next.done; next = await wanted.next()) {
      const { key, headers, open } = next.value;
      const body = open();
      await store.put(key, body, { ...headers, meta: { ...headers.meta, 'kho-sha256': body.sha256 } });
      objects += 1;
    }
  };
  await Promise.all(Array.from({ length: DEFAULT_BUCKET_PARALLEL }, lane));
  return { seconds: (performance.now() - began) / 1000, objects };
}

async function* objectsOf(source: SiteSource) {
  for (const unit of source.units()) yield* await unit.objects();
}
