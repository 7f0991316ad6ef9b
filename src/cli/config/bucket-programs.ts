/** What stands before a bucket, or guards it: `kho config` writes these from where the site is published to, whatever lies on this machine. */
import type { ConfiguredProgram } from '../../deploy/config-forms.ts';

export const BUCKET_PROGRAMS = [
  'cloudfront',
  'cloudflare',
  'nginx-bucket',
  's3-policy',
] as const satisfies readonly ConfiguredProgram[];
export type BucketProgram = (typeof BUCKET_PROGRAMS)[number];

export function isBucketProgram(program: ConfiguredProgram): program is BucketProgram {
  return BUCKET_PROGRAMS.some((each) => each === program);
}
