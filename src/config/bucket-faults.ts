/** What kho.toml may not say of buckets. */

const BUCKET_ADDRESS = /^s3:\/\/[^/?#@:\s]{3,63}(?:\/[^?#\s]*)?$/;

export function bucketAddressFault(text: string): string | undefined {
  return BUCKET_ADDRESS.test(text) ? undefined : 'must be an address like "s3://team-packages/python"';
}

export function endpointFault(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return 'must be an address like "https://s3.example.org"';
  return url.username || url.password || url.search ? `may hold no credentials: ${WHERE_CREDENTIALS_ARE}` : undefined;
}

const WHERE_CREDENTIALS_ARE = 'kho finds them where the AWS tools do, in the environment or in a profile';

/** As the AWS tools and others call them, with dashes and capitals as people write them. */
const CREDENTIALS = /access_?key|secret|session_?token|password|credential|^(?:key|token)(?:_?id)?$/;

/** Of a key that would hold what nobody may read: kho.toml is copied, committed, and shown. */
export function credentialKeyFault(key: string): string | undefined {
  if (!CREDENTIALS.test(key.toLowerCase().replaceAll('-', '_'))) return undefined;
  return `may not stand in kho.toml, which others may read: ${WHERE_CREDENTIALS_ARE}`;
}
