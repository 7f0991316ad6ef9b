import { expect, test } from 'vitest';
import { durationFault, readDuration } from './duration.ts';

test.each([
  ['0', 0],
  ['30s', 30_000],
  ['10m', 600_000],
  ['12 h', 43_200_000],
  ['7d', 604_800_000],
  ['2w', 1_209_600_000],
])('readDuration() reads %j', (text, milliseconds) => {
  expect([readDuration(text), durationFault(text)]).toEqual([milliseconds, undefined]);
});

test.each(['', '10', '-1d', '1.5h', '7 days', '7D', '123456d', '1d 2h', '٣d'])(
  'readDuration() takes %j for none',
  (text) => {
    expect([readDuration(text), durationFault(text)]).toEqual([undefined, expect.stringContaining('must be a time')]);
  },
);
