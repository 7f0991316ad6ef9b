import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { HashingSource } from './hashing-source.ts';

const WINDOW = 64 * 1024;
const SIZE = 10 * WINDOW + 7;
const BYTES = Buffer.from(Array.from({ length: SIZE }, (_, place) => (place * 31 + (place >> 8)) & 255));
const sha256 = createHash('sha256').update(BYTES).digest('hex');

let site: TestSite;
let descriptor: number;
beforeEach(() => {
  site = new TestSite();
  site.put('file', BYTES);
  descriptor = openSync(join(site.root, 'file'), 'r');
});
afterEach(() => {
  closeSync(descriptor);
  site.close();
});

test.each<[what: string, reads: [offset: number, length: number][]]>([
  ['nothing', []],
  ['all of it, in pieces', Array.from({ length: 11 }, (_, n) => [n * WINDOW, WINDOW])],
  ['pieces with gaps between', Array.from({ length: 100 }, (_, n) => [n * 6000, 4000])],
  ['pieces that lie in each other', Array.from({ length: 100 }, (_, n) => [n * 6000, 12_000])],
  [
    'its end, then its start',
    [
      [SIZE - 22, 22],
      [0, 30],
      [30, 1000],
    ],
  ],
  [
    'the same place again',
    [
      [0, 100],
      [50_000, 9000],
      [0, 100],
      [50_000, 9000],
    ],
  ],
  [
    'back, behind what is kept',
    [
      [0, WINDOW],
      [WINDOW, WINDOW],
      [WINDOW * 2, WINDOW],
      [5, 10],
    ],
  ],
  [
    'more than the window holds',
    [
      [10, 3 * WINDOW],
      [3 * WINDOW + 10, 10],
      [0, SIZE],
    ],
  ],
  [
    'beyond its end',
    [
      [SIZE - 10, 100],
      [SIZE, 1],
      [SIZE + 10, 10],
    ],
  ],
])('HashingSource tells the hash of a file of which somebody read %s', async (_what, reads) => {
  const source = new HashingSource(descriptor, SIZE, Buffer.alloc(WINDOW), ['sha256']);
  const pieces: Uint8Array[] = [];
  for (const [offset, length] of reads) pieces.push(await source.read(offset, length));
  // What was read first is still what it was.
  for (const [place, [offset, length]] of reads.entries())
    expect(Buffer.compare(pieces[place] as Uint8Array, BYTES.subarray(offset, offset + length)), `${offset}`).toBe(0);
  expect(source.digests()).toEqual([sha256]);
});

test('HashingSource hashes by several algorithms at once', () => {
  const source = new HashingSource(descriptor, SIZE, Buffer.alloc(WINDOW), ['sha256', 'md5']);
  expect(source.digests()).toEqual([sha256, createHash('md5').update(BYTES).digest('hex')]);
});
