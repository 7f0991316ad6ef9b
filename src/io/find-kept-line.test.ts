import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { findKeptLine } from './find-kept-line.ts';
import { writeKeptLines } from './kept-lines.ts';

/** Names in their order, each with a record of so many characters. */
function keptFile(count: number, lengthOf: (place: number) => number) {
  const path = join(folderTree({}), 'kept');
  const names = Array.from({ length: count }, (_, place) => `name${String(place * 2).padStart(6, '0')}`);
  writeKeptLines(path, ['{"first":1}', ...names.map((name, place) => `${name} ${'x'.repeat(lengthOf(place))}`)]);
  return { path, names };
}

test.each<[string, number, (place: number) => number]>([
  ['no lines', 0, () => 0],
  ['one line', 1, () => 10],
  ['empty records', 50, () => 0],
  ['short lines', 3000, (place) => place % 40],
  ['lines longer than what is read at once', 40, (place) => (place % 3) * 40_000],
  ['one long line among short ones', 2000, (place) => (place === 700 ? 300_000 : 30)],
])('findKeptLine() finds lines of %s, and no other', (_what, count, lengthOf) => {
  const { path, names } = keptFile(count, lengthOf);
  for (const [place, name] of names.entries()) {
    if (place % 37 > 1 && place < names.length - 1) continue;
    const record = 'x'.repeat(lengthOf(place));
    expect(findKeptLine(path, name)).toEqual({ first: '{"first":1}', line: `${name} ${record}` });
  }
  for (const name of ['a', 'name000001', 'name001001', 'name00000', 'zzz'])
    expect(findKeptLine(path, name)).toEqual({ first: '{"first":1}', line: undefined });
});

test.each([
  ['the first line', 3],
  ['the line itself', 45],
])('findKeptLine() believes nothing when %s is damaged', (_what, offset) => {
  const { path, names } = keptFile(2, () => 30);
  const bytes = readFileSync(path);
  bytes[offset] = 0x2a;
  writeFileSync(path, bytes);
  expect(findKeptLine(path, names[0] as string)).toBeUndefined();
});

test('findKeptLine() throws when there is no such file', () => {
  expect(() => findKeptLine(join(folderTree({}), 'none'), 'name')).toThrow('ENOENT');
});
