import { expect, test } from 'vitest';
import { Failures } from './failures.ts';

test('Failures.isOneTooMany() tells of those beyond twenty in a minute, by client', () => {
  let nowMs = 0;
  const failures = new Failures(() => nowMs);
  for (let count = 1; count <= 20; count++) expect(failures.isOneTooMany('a')).toBe(false);
  expect(failures.isOneTooMany('a')).toBe(true);
  expect(failures.isOneTooMany('b')).toBe(false);
  nowMs = 59_999;
  expect(failures.isOneTooMany('a')).toBe(true);
  nowMs = 60_000;
  expect(failures.isOneTooMany('a')).toBe(false);
});
