import { expect, test } from 'vitest';
import { judgeConditions, mayAnswerInPart, writeTag } from './conditions.ts';

const CURRENT = { etag: '"abc"', lastModified: 'Sun, 22 Nov 2026 10:00:00 GMT' };
const SAME_TIME = CURRENT.lastModified;
const BEFORE = 'Sun, 22 Nov 2026 09:59:59 GMT';
const AFTER = 'Sun, 22 Nov 2026 10:00:01 GMT';

test.each([
  ['nothing', {}, 'send'],
  ['the same tag', { 'if-none-match': '"abc"' }, 'unchanged'],
  ['the same tag, weak', { 'if-none-match': 'W/"abc"' }, 'unchanged'],
  ['the same tag among others', { 'if-none-match': '"x", "a,b", W/"abc"' }, 'unchanged'],
  ['a tag that only starts like it', { 'if-none-match': '"abcd"' }, 'send'],
  ['any tag', { 'if-none-match': '*' }, 'unchanged'],
  ['another tag', { 'if-none-match': '"x"' }, 'send'],
  ['no tag at all', { 'if-none-match': 'abc' }, 'send'],
  ['the same time', { 'if-modified-since': SAME_TIME }, 'unchanged'],
  ['a later time', { 'if-modified-since': AFTER }, 'unchanged'],
  ['an earlier time', { 'if-modified-since': BEFORE }, 'send'],
  ['a time that is none', { 'if-modified-since': 'yesterday' }, 'send'],
  ['another tag before the same time', { 'if-none-match': '"x"', 'if-modified-since': SAME_TIME }, 'send'],
  ['If-Match with the tag', { 'if-match': '"x", "abc"' }, 'send'],
  ['If-Match with anything', { 'if-match': '*' }, 'send'],
  ['If-Match with another tag', { 'if-match': '"x"' }, 'failed'],
  ['If-Match with the tag, but weak', { 'if-match': 'W/"abc"' }, 'failed'],
  ['If-Unmodified-Since then', { 'if-unmodified-since': SAME_TIME }, 'send'],
  ['If-Unmodified-Since before', { 'if-unmodified-since': BEFORE }, 'failed'],
  ['If-Match, which beats If-Unmodified-Since', { 'if-match': '"abc"', 'if-unmodified-since': BEFORE }, 'send'],
] as const)('judgeConditions() with %s', (_what, headers, expected) => {
  expect(judgeConditions(headers, CURRENT)).toBe(expected);
});

test.each([
  [undefined, true],
  ['"abc"', true],
  ['"x"', false],
  ['W/"abc"', false],
  [SAME_TIME, true],
  [BEFORE, false],
  [AFTER, false],
  ['', false],
])('mayAnswerInPart() with If-Range: %s', (condition, expected) => {
  expect(mayAnswerInPart({ 'if-range': condition }, CURRENT)).toBe(expected);
});

test('mayAnswerInPart() lets nobody go on with what may yet turn out wrong, whatever it bears', () => {
  const coming = { ...CURRENT, isWeak: true } as const;
  expect(writeTag(coming)).toBe('W/"abc"');
  for (const condition of ['"abc"', 'W/"abc"', SAME_TIME])
    expect(mayAnswerInPart({ 'if-range': condition }, coming)).toBe(false);
  expect(mayAnswerInPart({ 'if-range': writeTag(coming) }, CURRENT)).toBe(false);
  for (const condition of ['"abc"', 'W/"abc"'])
    expect(judgeConditions({ 'if-match': condition }, coming)).toBe('failed');
  expect(judgeConditions({ 'if-match': '*' }, coming)).toBe('send');
  expect(judgeConditions({ 'if-none-match': writeTag(coming) }, CURRENT)).toBe('unchanged');
});
