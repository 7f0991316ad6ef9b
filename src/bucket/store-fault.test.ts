import { expect, test } from 'vitest';
import { StoreError } from '../object-store/object-store.ts';
import { asBucketError } from './store-fault.ts';

test('asBucketError() says what could not be done, why, and what may be done about it', () => {
  const denied = new StoreError('denied', 'AccessDenied');
  const hint = expect.stringContaining('kho config s3-policy');
  const pushing = { code: 'BUCKET', message: 'Cannot publish to "s3://team"', hint, cause: denied };
  expect(asBucketError(denied, 's3://team')).toMatchObject(pushing);
  expect(asBucketError(denied, 's3://team', 'check')).toMatchObject({ message: 'Cannot check "s3://team"', hint });
  const other = new Error('a bug');
  expect(asBucketError(other, 's3://team')).toBe(other);
});
