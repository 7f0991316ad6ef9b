import { expect, test } from 'vitest';
import { withTags } from './wheel-file.ts';

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
