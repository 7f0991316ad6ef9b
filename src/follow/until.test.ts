import { expect, test } from 'vitest';
import { nextTime } from './until.ts';

const at = (hours: number, minutes: number, day = 29) => new Date(2026, 10, day, hours, minutes).getTime();

test.each([
  ['05:00', at(1, 30), at(5, 0)],
  ['05:00', at(5, 0), at(5, 0, 30)],
  ['5:00', at(22, 0), at(5, 0, 30)],
  ['23:59', at(22, 0), at(23, 59)],
])('nextTime() of %s', (text, now, expected) => {
  expect(nextTime(text, now)).toBe(expected);
});

test.each(['', '24:00', '5', '05:60', '05:00:00', 'dawn'])('nextTime() refuses %j', (text) => {
  expect(() => nextTime(text, at(1, 0))).toThrow('it is no time');
});
