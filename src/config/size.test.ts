import { expect, test } from 'vitest';
import { readSize } from './size.ts';

test.each([
  ['2 GiB', 2 * 1024 ** 3],
  ['500MB', 500_000_000],
  ['1 kB', 1000],
  ['0 MiB', 0],
])('readSize() reads %s', (text, bytes) => {
  expect(readSize(text)).toBe(bytes);
});

test.each(['', '2', '2 gib', '-1 GiB', '1.5 GiB', '2  GiB', '9999999 GiB', '2 TiB'])(
  'readSize() refuses %j',
  (text) => {
    expect(readSize(text)).toBeUndefined();
  },
);
