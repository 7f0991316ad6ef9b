import { expect, test } from 'vitest';
import { KnownEnds } from './known-ends.ts';

const FILE = Uint8Array.from({ length: 100 }, (_, place) => place);
const SIZE = FILE.length;
const part = (start: number, end: number) => [{ start, end }, FILE.subarray(start, end), SIZE] as const;

test.each([
  ['the end', [part(90, 100)], 90],
  ['what stands before it, and touches it', [part(90, 100), part(70, 90)], 70],
  ['what overlaps it', [part(90, 100), part(70, 95)], 70],
  ['no part that is known already', [part(70, 100), part(90, 100)], 70],
  ['no part that leaves a gap', [part(90, 100), part(70, 80)], 90],
  ['nothing of the middle', [part(10, 20)], undefined],
])('KnownEnds keeps %s', (_what, parts, from) => {
  const ends = new KnownEnds(() => 0);
  for (const one of parts) ends.keep('file', ...one);
  const known = ends.get('file');
  expect(known?.from).toBe(from);
  if (from !== undefined) expect([...(known?.bytes ?? [])]).toEqual([...FILE.subarray(from)]);
});

test('KnownEnds knows nothing of another file, nor of one that it was to forget', () => {
  const ends = new KnownEnds(() => 0);
  ends.keep('file', ...part(80, 100));
  expect(ends.get('other')).toBeUndefined();
  ends.drop('file');
  expect(ends.get('file')).toBeUndefined();
});

test('KnownEnds forgets the oldest first, and holds no more than 4 MiB', () => {
  const ends = new KnownEnds(() => 0);
  const mebibyte = 1024 * 1024;
  for (let file = 0; file < 6; file++)
    ends.keep(String(file), { start: 0, end: mebibyte }, new Uint8Array(mebibyte), mebibyte);
  expect(Array.from({ length: 6 }, (_, file) => ends.get(String(file)) !== undefined)).toEqual([
    ...[false, false, true, true, true, true],
  ]);
});

test('KnownEnds knows the ends of no more than 1,000 files, however short they are', () => {
  const ends = new KnownEnds(() => 0);
  for (let file = 0; file < 1001; file++) ends.keep(String(file), ...part(99, 100));
  expect(['0', '1', '1000'].map((file) => ends.get(file) !== undefined)).toEqual([false, true, true]);
});

test('KnownEnds forgets what came ten minutes ago, also where more was put before it since', () => {
  let now = 0;
  const ends = new KnownEnds(() => now);
  ends.keep('file', ...part(90, 100));
  now = 599_999;
  ends.keep('file', ...part(70, 90));
  expect(ends.get('file')?.from).toBe(70);
  now = 600_000;
  expect(ends.get('file')).toBeUndefined();
  ends.keep('file', ...part(70, 90));
  expect(ends.get('file')).toBeUndefined(); // it reaches to nothing that is known
});
