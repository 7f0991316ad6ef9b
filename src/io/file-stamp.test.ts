import type { Stats } from 'node:fs';
import { expect, test } from 'vitest';
import { fileStamp, isSameFile, isUntouched } from './file-stamp.ts';
import { pageStamp, scannedPageStamp } from './page-stamp.ts';

const STATS = { size: 10, mtimeMs: 20.5, ctimeMs: 30, ino: 7, dev: 3 } as Stats;
const SEEN = fileStamp(STATS);

test('fileStamp() keeps what tells a file, and one state of it, from another', () => {
  expect(SEEN).toEqual({ size: 10, modifiedMs: 20.5, changedMs: 30, inode: 7, device: 3 });
  expect([pageStamp(STATS), scannedPageStamp(SEEN)]).toEqual(['10:20.5:7', '10:20.5:7']);
});

test.each([
  ['as it was', {}, true, true],
  ['with another size', { size: 11 }, true, false],
  ['with another time', { mtimeMs: 20 }, true, false],
  ['under another mode', { ctimeMs: 31 }, true, true],
  ['in place of it', { ino: 8 }, false, false],
  ['on another disk', { dev: 4 }, false, true],
])('isSameFile() and isUntouched() of a file %s', (_what, change, same, untouched) => {
  const now = { ...STATS, ...change } as Stats;
  expect([isSameFile(now, SEEN), isUntouched(now, SEEN)]).toEqual([same, untouched]);
});
