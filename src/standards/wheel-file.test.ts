import { expect, test } from 'vitest';
import { checkWheelFile, withTags } from './wheel-file.ts';

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
  'A: 1\r\nWheel-Version:1.9\r\nTag: a\n',
  'Wheel-Version: 1.0.0',
  'Wheel-Version: 1.0 \n',
])('checkWheelFile() takes %j', (wheel) => expect(checkWheelFile(Buffer.from(wheel))).toBeUndefined());

test.each([
  'wheel-version: 1.0\n',
  'Wheel-Version: 1\n',
  'Wheel-Version: 0.9\n',
  'Wheel-Version: +1.0\n',
  'Wheel-Version: 1 . 0\n',
])('checkWheelFile() knows that uv alone refuses %j', (wheel) =>
  expect(checkWheelFile(Buffer.from(wheel))).toContain('which uv refuses'),
);

test.each([
  ['', 'says no Wheel-Version'],
  ['Tag: a\n', 'says no Wheel-Version'],
  ['A: 1\n\nWheel-Version: 1.0\n', 'says no Wheel-Version'],
  ['\ufeffWheel-Version: 1.0\n', 'says no Wheel-Version'],
  [Buffer.from('Wheel-Version: 1.0\nGenerator: \xe9\n', 'latin1'), 'is not UTF-8'],
  ['Wheel-Version: 2.0\n', 'says Wheel-Version "2.0", which no installer knows: they know 1.x'],
  ['A: 1\nWHEEL-VERSION:  10\n', 'says Wheel-Version "10", which no installer knows'],
  ['Wheel-Version: \n', 'says Wheel-Version "", which is no version'],
  ['Wheel-Version: one\n', 'says Wheel-Version "one", which is no version'],
  ['Wheel-Version: 1.\n', 'says Wheel-Version "1.", which is no version'],
])('checkWheelFile() refuses %j', (wheel, why) => {
  expect(() => checkWheelFile(Buffer.from(wheel as string))).toThrow(expect.objectContaining({ code: 'bad-metadata' }));
  expect(() => checkWheelFile(Buffer.from(wheel as string))).toThrow(why);
});
