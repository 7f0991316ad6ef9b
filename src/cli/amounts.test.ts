import { expect, test } from 'vitest';
import { counted, inBytes, inColumns, inSeconds, onDay } from './amounts.ts';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [9_949, '9.9 kB'],
  [9_950, '10 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [2_500_000_000, '2.5 GB'],
  [5e15, '5000 TB'],
])('inBytes(%d) is %s', (bytes, expected) => {
  expect(inBytes(bytes)).toBe(expected);
});

test.each([
  [0, '0.00 s'],
  [314, '0.31 s'],
  [9_994, '9.99 s'],
  [9_996, '10.0 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 0 s'],
  [125_400, '2 min 5 s'],
])('inSeconds(%d) is %s', (milliseconds, expected) => {
  expect(inSeconds(milliseconds)).toBe(expected);
});

test('counted() knows one from many', () => {
  expect([counted(0, 'file'), counted(1, 'file'), counted(1234, 'file'), counted(2, 'entry', 'entries')]).toEqual([
    '0 files',
    '1 file',
    '1,234 files',
    '2 entries',
  ]);
});

test('onDay() is in UTC', () => {
  expect(onDay(Date.UTC(2026, 0, 2, 23, 59))).toBe('2026-01-02');
});

test('inColumns() lines cells up, and leaves no blanks at the end', () => {
  const rows = inColumns(
    [
      ['a', '1', 'x'],
      ['bá', '10', 'long'],
    ],
    [1],
  );
  expect(rows.map((row) => row.join('|'))).toEqual(['a | 1|x', 'bá|10|long']);
});
