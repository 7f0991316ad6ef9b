import { expect, test } from 'vitest';
import { checkWheelVersion, withTags } from './wheel-file.ts';

test.each([
  ['one', 'Wheel-Version: 1.0\nTag: a-b-c\nBuild: 1\n', 'Wheel-Version: 1.0\nTag: x\nTag: y\nBuild: 1\n'],
  ['several, in any case', 'A: 1\ntag: a\nB: 2\nTAG: b\n', 'A: 1\nTag: x\nTag: y\nB: 2\n'],
  ['the ends of lines', 'A: 1\r\nTag: a\r\n\r\n', 'A: 1\r\nTag: x\r\nTag: y\r\n\r\n'],
  ['the last line, without an end', 'A: 1\nTag: a', 'A: 1\nTag: x\nTag: y\n'],
  ['none', 'A: 1\n', 'A: 1\nTag: x\nTag: y\n'],
  ['none, before a body', 'A: 1\n\nTag: body\n', 'A: 1\nTag: x\nTag: y\n\nTag: body\n'],
  ['none, without an end', 'A: 1', 'A: 1\nTag: x\nTag: y\n'],
  ['one that goes on', 'Tag: a\n b\nA: 1\n', 'Tag: x\nTag: y\nA: 1\n'],
  ['other headers that begin so', 'Tags: a\nA: Tag: b\n', 'Tags: a\nA: Tag: b\nTag: x\nTag: y\n'],
])('withTags() in place of %s', (_what, wheel, expected) => {
  expect(withTags(Buffer.from(wheel), ['x', 'y']).toString()).toBe(expected);
});

test.each([
  'Wheel-Version: 1.0\n',
  'wheel-version:1.9\r\nTag: a\n',
  'Wheel-Version: 0.1',
  'Tag: a\n',
  '',
  'A: 1\n\nWheel-Version: 2.0\n',
])('checkWheelVersion() takes %j', (wheel) => expect(() => checkWheelVersion(Buffer.from(wheel))).not.toThrow());

test.each([
  ['Wheel-Version: 2.0\n', 'says Wheel-Version "2.0", which no installer knows: they know 1.x'],
  ['A: 1\nWHEEL-VERSION:  10\n', 'says Wheel-Version "10", which no installer knows'],
  ['Wheel-Version: \n', 'says Wheel-Version "", which is no version'],
  ['Wheel-Version: one\n', 'says Wheel-Version "one", which is no version'],
])('checkWheelVersion() refuses %j', (wheel, why) => {
  expect(() => checkWheelVersion(Buffer.from(wheel))).toThrow(expect.objectContaining({ code: 'bad-metadata' }));
  expect(() => checkWheelVersion(Buffer.from(wheel))).toThrow(why);
});
