import { expect, test } from 'vitest';
import { rateFault, readRate } from './rate.ts';

test.each([
  ['64k', 64_000],
  ['1M', 1_000_000],
  ['2 k', 2000],
  ['500', 500],
  ['0', undefined],
  ['0k', undefined],
  ['64kB', undefined],
  ['64 K', undefined],
  ['-1', undefined],
  ['1234567', undefined],
  ['', undefined],
])('readRate() of %j', (text, bytes) => {
  expect(readRate(text)).toBe(bytes);
  expect(rateFault(text)).toBe(bytes === undefined ? 'must be bytes a second, like "64k" or "1M"' : undefined);
});
