/** A site in a bucket, as what stands before the bucket needs to know it. Pure. */
import { DEFAULT_GRACE_MS } from '../../config/bucket-settings.ts';
import { privateNames } from '../../config/private-repositories.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import { parseStoreAddress } from '../../object-store/store-address.ts';
import { type DeployedSite, type ServingOptions, servedSite } from '../deployed-site.ts';

export interface EdgeSite {
  site: DeployedSite;
  bucket: string;
  /** Before each key, with a slash at its end where it is not empty: `python/`. */
  keyPrefix: string;
  /** Names of private repositories: nobody at the edge knows their tokens. */
  hidden: readonly string[];
  /** Files stay for so long in the bucket after the last page has named them. In milliseconds. */
  graceMs: number;
}

/** A bucket, and where in it: of `s3://BUCKET/PREFIX`. */
export type BucketPlace = Pick<EdgeSite, 'bucket' | 'keyPrefix'>;

/**
 * Both stand in shell scripts, JSON and configurations as they are.
 *
 * @param address `s3://BUCKET/PREFIX`
 * @throws {KhoError} USAGE
 */
export function bucketPlace(address: string): BucketPlace {
  const { bucket, prefix, name } = parseStoreAddress(address);
  if (!/^[\w.-]*(?:\/[\w.-]+)*$/.test(prefix)) {
    throw new KhoError('USAGE', `Cannot write a configuration for the bucket "${name}"`, {
      hint: 'use letters, digits and - . _ in its prefix',
    });
  }
  return { bucket, keyPrefix: prefix === '' ? '' : `${prefix}/` };
}

/** @param address `s3://BUCKET/PREFIX` @throws {KhoError} USAGE */
export function edgeSite(
  config: SiteConfig,
  address: string,
  options: Pick<ServingOptions, 'url' | 'listen' | 'tlsCertificate' | 'tlsKey'> = {},
): EdgeSite {
  const hasPages = config.pages !== false && config.bucket?.pages !== false;
  return {
    site: servedSite({ ...config, pages: hasPages }, options),
    ...bucketPlace(address),
    hidden: privateNames(config),
    graceMs: config.bucket?.graceMs ?? DEFAULT_GRACE_MS,
  };
}

/** What functions, policies and workers of this site are called: letters, digits and dashes, at most 50 of them. */
export function resourceName({ bucket, keyPrefix }: BucketPlace): string {
  return `kho-${bucket}-${keyPrefix}`
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/-$/, '');
}
