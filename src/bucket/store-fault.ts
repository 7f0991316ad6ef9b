import { KhoError } from '../errors.ts';
import { StoreError, type StoreFault } from '../object-store/object-store.ts';

const HINTS: Readonly<Record<StoreFault, string>> = {
  busy: 'what was pushed stays, and the next run goes on from there; with fewer requests at once ("parallel" in [bucket]) it may go through',
  denied: 'look whether these credentials may read and write there; "kho config s3-policy" prints what they need',
  expired: 'get new credentials and run it again: what was pushed stays, and the next run goes on from there',
  'no-credentials':
    'kho finds them where the AWS tools do: in the environment, in a profile (--profile), or from the machine',
  'no-bucket': 'make the bucket first, or look at its name, --endpoint-url and --region',
  refused:
    'what was pushed stays, and the next run goes on from there; "kho doctor s3://…" tells what the store can do',
};

/** What was to be done, in words that a bucket's name follows. */
export type BucketDeed = 'publish to' | 'check';

/** What a store said, as what stops a run; anything else as it is. */
export function asBucketError(error: unknown, store: string, doing: BucketDeed = 'publish to'): unknown {
  if (!(error instanceof StoreError)) return error;
  return new KhoError('BUCKET', `Cannot ${doing} "${store}"`, {
    hint: error.hint ?? HINTS[error.fault],
    cause: error,
  });
}
