import { expect, test } from 'vitest';
import { waitOf } from './retry-after.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');

test.each([
  [undefined, undefined],
  ['7', 7_000],
  ['100000', 300_000],
  ['Sun, 29 Nov 2026 12:00:30 GMT', 30_000],
  ['Sun, 29 Nov 2026 11:00:00 GMT', 0],
  ['soon', undefined],
])('waitOf() of %j', (text, expected) => {
  expect(waitOf(text, NOW)).toBe(expected);
});
