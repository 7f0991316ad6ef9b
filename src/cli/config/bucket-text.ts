/** What `kho config` prints of a site in a bucket. */
import { resolve } from 'node:path';
import { privateNames } from '../../config/private-repositories.ts';
import { bucketPlace, type EdgeSite, edgeSite } from '../../deploy/edge/edge-site.ts';
import { KhoError } from '../../errors.ts';
import { isStoreAddress } from '../../object-store/store-address.ts';
import { terminal } from '../terminal.ts';
import type { BucketProgram } from './bucket-programs.ts';

interface BucketOptions {
  bucket?: string | undefined;
  url?: string | undefined;
  listen?: string | undefined;
  tlsCert?: string | undefined;
  tlsKey?: string | undefined;
  nginxVersion?: string | undefined;
  endpointUrl?: string | undefined;
  region?: string | undefined;
}

/** @param site its folder; of policies alone, the bucket's address may stand in its place @throws {KhoError} */
export async function bucketText(
  program: BucketProgram,
  site: string | undefined,
  options: BucketOptions,
): Promise<string> {
  refuseTwice(program, site, options);
  if (program === 's3-policy' && site !== undefined && isStoreAddress(site)) {
    return (await import('../../deploy/s3-policy.ts')).s3Policy(bucketPlace(site));
  }
  const { loadSite } = await import('../../config/load-config.ts');
  const { config, notes } = await loadSite(site);
  terminal.say(notes.map((note) => `kho: ${note}`));
  const address = options.bucket ?? config.publish;
  if (address === undefined) {
    throw new KhoError(
      'USAGE',
      `Cannot write a configuration for ${program}: nothing says to which bucket the site is published`,
      {
        hint: 'give --bucket s3://BUCKET/PREFIX, or publish = "s3://…" in kho.toml',
      },
    );
  }
  if (program === 's3-policy') {
    return (await import('../../deploy/s3-policy.ts')).s3Policy(bucketPlace(address), privateNames(config));
  }
  const { listen, nginxVersion, tlsCert, tlsKey, url } = options;
  const edge = edgeSite(config, address, {
    ...(url !== undefined && { url }),
    ...(listen !== undefined && { listen }),
    ...(tlsCert !== undefined && { tlsCertificate: resolve(tlsCert) }),
    ...(tlsKey !== undefined && { tlsKey: resolve(tlsKey) }),
  });
  if (!edge.site.isHostKnown) {
    terminal.say([`kho: the host is not known: give --url, or url in kho.toml (here it is ${edge.site.host})`]);
  }
  const { endpointUrl = config.bucket?.endpoint, region = config.bucket?.region } = options;
  return edgeText(program, edge, nginxVersion, { endpointUrl, region });
}

/** What one says, the other cannot. */
function refuseTwice(program: BucketProgram, site: string | undefined, options: BucketOptions): void {
  const { bucket, endpointUrl, region } = options;
  if (site !== undefined && isStoreAddress(site) && bucket !== undefined) {
    throw new KhoError('USAGE', `Cannot use "${site}" and --bucket "${bucket}": each names a bucket`, {
      hint: 'leave one of them out',
    });
  }
  if (endpointUrl !== undefined && region !== undefined) {
    throw new KhoError('USAGE', `Cannot use --region with kho config ${program} and --endpoint-url`, {
      hint: 'leave it out: a region is part of the address of AWS alone',
    });
  }
}

async function edgeText(
  program: Exclude<BucketProgram, 's3-policy'>,
  edge: EdgeSite,
  version: string | undefined,
  { endpointUrl, region }: Pick<BucketOptions, 'endpointUrl' | 'region'>,
): Promise<string> {
  switch (program) {
    case 'cloudfront':
      return (await import('../../deploy/config-cloudfront.ts')).cloudfrontConfig(edge);
    case 'cloudflare':
      return (await import('../../deploy/config-cloudflare.ts')).cloudflareConfig(edge);
    case 'nginx-bucket': {
      const { nginxBucketConfig } = await import('../../deploy/config-nginx-bucket.ts');
      const { thatNginx } = await import('../../deploy/installed-nginx.ts');
      return nginxBucketConfig(edge, {
        nginxVersion: thatNginx(version).nginxVersion,
        ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
        ...(region !== undefined && { region }),
      });
    }
  }
}
