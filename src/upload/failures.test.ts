import { expect, test } from 'vitest';
import { Failures } from './failures.ts';

test('Failures.count() tells of the first in a minute, and of those that are too many, by client', () => {
  let nowMs = 0;
  const failures = new Failures(() => nowMs);
  expect(failures.count('a')).toBe('first');
  for (let more = 2; more <= 20; more++) expect(failures.count('a')).toBe('one more');
  expect(failures.count('a')).toBe('many');
  expect(failures.count('b')).toBe('first');
  nowMs = 59_999;
  expect(failures.count('a')).toBe('many');
  nowMs = 60_000;
  expect(failures.count('a')).toBe('first');
});
