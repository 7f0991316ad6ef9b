import { readDuration } from './duration.ts';
import type { Settings } from './schema.ts';

/** How a site is published to a bucket, as kho.toml says it under `[bucket]`. What is left out is as people expect it, or as the tools of AWS find it. */
export interface BucketSettings {
  /** Where the store is, where that is not AWS. */
  endpoint?: string;
  /** A name of `~/.aws/config`. */
  profile?: string;
  region?: string;
  /** The bucket stands in the path of addresses, and not in their host. */
  pathStyle?: boolean;
  /** Encryption at rest that each object asks for. */
  sse?: string;
  /** The key of `aws:kms`. */
  sseKey?: string;
  /** Unencrypted on the way, to other machines too. */
  insecure?: boolean;
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
  const { endpoint, profile, region, path_style, sse, sse_key, insecure, grace } = written;
  const { parallel, pages, pypi, feeds, slash_keys, precompress, with_private } = written;
  const graceMs = grace === undefined ? undefined : readDuration(grace);
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
    ...(path_style !== undefined && { pathStyle: path_style }),
    ...(sse !== undefined && { sse }),
    ...(sse_key !== undefined && { sseKey: sse_key }),
    ...(insecure !== undefined && { insecure }),
    ...(graceMs !== undefined && { graceMs }),
    ...(parallel !== undefined && { parallel }),
    ...(pages !== undefined && { pages }),
    ...(pypi !== undefined && { pypi }),
    ...(feeds !== undefined && { feeds }),
    ...(slash_keys !== undefined && { slashKeys: slash_keys }),
    ...(precompress !== undefined && { precompress }),
    ...(with_private !== undefined && { withPrivate: with_private }),
  };
}
