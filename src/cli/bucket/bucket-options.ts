/** What commands say of a bucket, besides its address; see `storeSettings`. */
import { Option } from '@commander-js/extra-typings';

export const ENDPOINT_OPTION = () =>
  new Option('--endpoint-url <url>', 'with s3://…: where the store is, if it is not AWS');
export const PROFILE_OPTION = () => new Option('--profile <name>', 'with s3://…: a profile of ~/.aws/config');
export const REGION_OPTION = () => new Option('--region <name>', 'with s3://…: the region of the bucket');
