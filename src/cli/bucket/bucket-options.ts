/** What commands say of a bucket, besides its address. */
import { Option } from '@commander-js/extra-typings';
import type { BucketSettings } from '../../config/bucket-settings.ts';

export const ENDPOINT_OPTION = () =>
  new Option('--endpoint-url <url>', 'of the store that the bucket is in, where that is not AWS');
export const PROFILE_OPTION = () => new Option('--profile <name>', 'of ~/.aws/config, with the credentials to use');
export const REGION_OPTION = () => new Option('--region <name>', 'of the bucket');

interface BucketOptions {
  endpointUrl?: string;
  profile?: string;
  region?: string;
}

/** They count before what kho.toml says under `[bucket]`. */
export function bucketSettingsOf({ endpointUrl, profile, region }: BucketOptions): BucketSettings {
  return {
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
  };
}
