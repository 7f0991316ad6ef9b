import { expect, test } from 'vitest';
import { ignoredNameFault, isPassedOver } from './passed-over.ts';

test.each([
  'lost+found',
  '@eaDir',
  '#recycle',
  '@Recycle',
  '$RECYCLE.BIN',
  '$Recycle.Bin',
  'System Volume Information',
  '~snapshot',
  'Thumbs.db',
])('isPassedOver() passes over %s, which a system put there', (name) => {
  expect(isPassedOver(name)).toBe(true);
});

test.each(['recycle', 'snapshot', 'foo-1.0-py3-none-any.whl', 'packages', ''])(
  'isPassedOver() takes %j for what somebody put there',
  (name) => {
    expect(isPassedOver(name)).toBe(false);
  },
);

test.each([
  ['old', 'old', true],
  ['old', 'older', false],
  ['old', 'Old', false],
  ['*.bak', 'foo.bak', true],
  ['*.bak', '.bak', true],
  ['*.bak', 'foo.bak2', false],
  ['old-?', 'old-1', true],
  ['old-?', 'old-', false],
  ['*-debug-*', 'foo-debug-1.0', true],
  ['a*b*c', 'a-bb-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['[x]', 'x', false],
  ['[x]', '[x]', true],
])('isPassedOver() takes %j for a pattern: %j %s', (pattern, name, expected) => {
  expect(isPassedOver(name, [pattern])).toBe(expected);
});

test('isPassedOver() takes little time for many stars', () => {
  expect(isPassedOver('a'.repeat(255), [`${'*a'.repeat(127)}b`])).toBe(false);
});

test.each([
  ['', 'is empty'],
  ['a/b', 'is a path'],
  ['*', 'would pass over everything'],
  ['?*', 'would pass over everything'],
  ['a\nb', 'control characters'],
  ['a'.repeat(256), 'longer than any name'],
  ['*.bak', undefined],
])('ignoredNameFault(%j) says %j', (pattern, expected) => {
  if (expected === undefined) expect(ignoredNameFault(pattern)).toBeUndefined();
  else expect(ignoredNameFault(pattern)).toContain(expected);
});
