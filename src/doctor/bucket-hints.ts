/** Sites that lie in buckets: how they are known from outside, and what to do where what stands before them does too little. Pure. */
import type { IncomingHttpHeaders } from 'node:http';
import type { CheckName } from './finding.ts';

/** `bucket` is a bare one. */
export const BUCKET_SERVERS = ['cloudfront', 'cloudflare', 'nginx-bucket', 'bucket'] as const;
export type BucketServer = (typeof BUCKET_SERVERS)[number];

/** By what S3, R2, Google's store and CDNs say for themselves in each answer, errors too. */
export function bucketServer(headers: IncomingHttpHeaders): BucketServer | undefined {
  const said = (name: string) => String(headers[name] ?? '').toLowerCase();
  const isStore =
    Object.keys(headers).some((name) => /^x-(?:amz-(?!cf-)|goog-)/.test(name)) ||
    /^(?:amazons3|uploadserver|minio|versitygw)/.test(said('server'));
  if (
    said('via').includes('cloudfront') ||
    said('x-cache').includes('cloudfront') ||
    headers['x-amz-cf-id'] !== undefined
  )
    return 'cloudfront';
  if (headers['cf-ray'] !== undefined || said('server') === 'cloudflare') return 'cloudflare';
  if (!isStore) return undefined;
  return said('server').includes('nginx') ? 'nginx-bucket' : 'bucket';
}

/** What a function at the edge does, and a bucket cannot. */
const OF_THE_EDGE: ReadonlySet<CheckName> = new Set<CheckName>([
  ...([
    'unknown',
    'slash',
    'spelling',
    'double-slash',
    'json',
    'html',
    'vary',
    'hidden',
    'private',
    'folders',
    'cors',
  ] as const),
]);

/** Of what the edge does, and what lies there as it should not. @param any what is to be done whatever server it is */
export function bucketHint(check: CheckName, server: BucketServer, any: string): string {
  const lines = [OWN[check] ?? any];
  if (OF_THE_EDGE.has(check)) lines.push(PRINTED[server]);
  return lines.join('\n');
}

const OWN: Partial<Record<CheckName, string>> = {
  unknown:
    'answer 404 and nothing else: uv ends its search at 403, which S3 says of a missing file to who may not list: grant s3:ListBucket to who reads the bucket (kho config s3-policy)',
  html: 'let pages have their types: copies that other tools made lose them (kho check s3://… --fix brings them back)',
  fresh:
    'let pages have their "Cache-Control: no-cache" (kho check s3://… --fix), and errors be kept for 10 s at most: a release stays unseen as long for who asked too early',
  files: 'publish the site once more, and kho check s3://… says what lies there; then empty the cache of the CDN',
  same: 'publish the site once more, and kho check s3://… says what lies there; then empty the cache of the CDN',
  metadata: 'publish the site once more: kho check s3://… says what is missing',
  private: 'what stands before the bucket was written before that was private: write it anew',
};

const PRINTED: Record<BucketServer, string> = {
  cloudfront: 'kho config cloudfront prints a function and policies that do it',
  cloudflare: 'where the site lies in a bucket of R2, kho config cloudflare prints a Worker that does it',
  'nginx-bucket': 'kho config nginx-bucket prints a configuration that does it',
  bucket:
    'a bucket cannot do it: kho config cloudfront, cloudflare or nginx-bucket prints what stands before it and does',
};

/** Why there is no index at the address of a folder in a bucket. */
export const NO_INDEX_DOCUMENTS =
  'a bucket knows no index.html of a folder: put before it what kho config cloudfront, cloudflare or nginx-bucket prints; or let the store make a website of it, or set slash_keys = true in kho.toml';

/** Of a store that answers with 403. */
export const BUCKET_DENIES =
  'let who asks read the bucket, or there is nothing: kho config cloudfront prints its policy, kho config s3-policy that of a proxy';
