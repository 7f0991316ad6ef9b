import { readDuration } from './duration.ts';
import type { Settings } from './schema.ts';
import type { StoreSettings } from './store-settings.ts';

/** How a site is published to a bucket, as kho.toml says it under `[bucket]`. What is left out is as people expect it, or as the tools of AWS find it. */
export interface BucketSettings extends StoreSettings {
  /** What is published no longer stays for so long. In milliseconds. */
  graceMs?: number;
  /** Requests at once. */
  parallel?: number;
  /** Pages for people go along. */
  pages?: boolean;
  /** PyPI's JSON API goes along. */
  pypi?: boolean;
  feeds?: boolean;
  /** Pages of the simple API stand under the address of their folder too: `simple/NAME/`. */
  slashKeys?: boolean;
  /** Pages are stored packed. */
  precompress?: boolean;
  /** Private repositories go along. */
  withPrivate?: boolean;
}

/** More than any install takes, and than any CDN keeps a page. */
export const DEFAULT_GRACE_MS = 24 * 60 * 60 * 1000;

/** What one machine sends well at once. */
export const DEFAULT_BUCKET_PARALLEL = 16;

/** All values have been checked. */
export function readBucket(written: NonNullable<Settings['bucket']>): BucketSettings {
  const { path_style, sse_key, grace, slash_keys, with_private, ...same } = written;
  const graceMs = grace === undefined ? undefined : readDuration(grace);
  return {
    ...same,
    ...(path_style !== undefined && { pathStyle: path_style }),
    ...(sse_key !== undefined && { sseKey: sse_key }),
    ...(graceMs !== undefined && { graceMs }),
    ...(slash_keys !== undefined && { slashKeys: slash_keys }),
    ...(with_private !== undefined && { withPrivate: with_private }),
  };
}
