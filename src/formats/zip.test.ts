import { expect, test } from 'vitest';
import { makeZip, type ZipMember, type ZipOptions } from '../../test/support/make-zip.ts';
import { type ByteSource, memorySource } from './byte-source.ts';
import { readZipDirectory, readZipEntry } from './zip.ts';

const HELLO: ZipMember = { path: 'a/hello.txt', bytes: 'hello '.repeat(20), deflate: true };
const PLAIN: ZipMember = { path: 'plain.txt', bytes: 'plain' };
const NUMBERS = Buffer.from('0102', 'hex');

async function readAll(bytes: Uint8Array): Promise<[string, string][]> {
  const source = memorySource(bytes);
  const result: [string, string][] = [];
  for (const entry of await readZipDirectory(source)) {
    result.push([entry.path, Buffer.from(await readZipEntry(source, entry, 1000)).toString()]);
  }
  return result;
}

test.each<[string, ZipMember[], ZipOptions?]>([
  ['stored and deflated members', [HELLO, PLAIN]],
  [
    'sizes after the data',
    [
      { ...HELLO, descriptor: true },
      { ...PLAIN, descriptor: true },
    ],
  ],
  ['sizes in zip64 fields', [{ ...HELLO, zip64: true }, PLAIN]],
  ['a zip64 field after another', [{ ...HELLO, zip64: true, extra: Buffer.from('feca0200abcd', 'hex') }, PLAIN]],
  ['a zip64 end record', [HELLO, PLAIN], { zip64: true }],
  ['a comment', [HELLO, PLAIN], { comment: Buffer.from('made by hand') }],
  ['the longest comment', [HELLO, PLAIN], { comment: Buffer.alloc(0xffff, 'x'), zip64: true }],
  ['bytes in front', [HELLO, PLAIN], { prefix: Buffer.from('#!/bin/sh\n') }],
  ['bytes in front of zip64', [{ ...HELLO, zip64: true }, PLAIN], { prefix: NUMBERS, zip64: true }],
  ['bytes behind', [HELLO, PLAIN], { suffix: Buffer.alloc(3000, 'x') }],
  ['a long local extra field', [{ ...HELLO, localExtra: Buffer.alloc(5000) }, PLAIN]],
  ['an empty member', [{ path: 'a/hello.txt', deflate: true, bytes: '' }, PLAIN]],
])('readZipDirectory() and readZipEntry() read %s', async (_what, members, options) => {
  const expected = members.map(({ path, bytes }) => [path, bytes]);
  expect(await readAll(makeZip(members, options))).toEqual(expected);
});

test('readZipDirectory() tells files, folders and links, and their sizes', async () => {
  const entries = await readZipDirectory(
    memorySource(makeZip([{ path: 'a/' }, HELLO, { path: 'link', bytes: 'a', mode: 0o120777 }])),
  );
  expect(entries).toMatchObject([
    { path: 'a', kind: 'folder', size: 0 },
    { path: 'a/hello.txt', kind: 'file', size: 120 },
    { path: 'link', kind: 'link', size: 1 },
  ]);
});

test.each([
  ['UTF-8', 'ẩn.py', 'ẩn.py'],
  ['code page 437 when nothing is said', Buffer.from([0x81, 0xe1, 0x2e]), 'üß.'],
  ['colons and dots that lead nowhere', 'ab:c/d..e/...', 'ab:c/d..e/...'],
  ['`..` that stays inside', 'a/../b.py', 'a/../b.py'],
  ['backslashes, as Python on Linux does', 'pkg\\mod.py', 'pkg\\mod.py'],
])('readZipDirectory() reads a name in %s', async (_what, path, expected) => {
  const [entry] = await readZipDirectory(memorySource(makeZip([{ path }])));
  expect(entry?.path).toBe(expected);
});

test('readZipDirectory() reads members in any order', async () => {
  const zip = Buffer.from(makeZip([HELLO, PLAIN]));
  const start = zip.readUInt32LE(zip.length - 6);
  const first = zip.subarray(start, start + 46 + HELLO.path.length);
  const second = zip.subarray(start + first.length, zip.length - 22);
  const swapped = Buffer.concat([zip.subarray(0, start), second, first, zip.subarray(zip.length - 22)]);
  expect((await readAll(swapped)).map(([path]) => path)).toEqual(['plain.txt', 'a/hello.txt']);
});

test('readZipDirectory() reads a directory longer than what it reads at once', async () => {
  const members = Array.from({ length: 2500 }, (_, index) => ({ path: `${'long/'.repeat(120)}${index}` }));
  const entries = await readZipDirectory(memorySource(makeZip(members)));
  expect(entries.map(({ path }) => path)).toEqual(members.map(({ path }) => path));
});

test.each<[string, ZipMember[], string]>([
  ['a wrong checksum', [{ ...HELLO, says: { crc32: 1 } }], 'damaged: holds "a/hello.txt", which fails its checksum'],
  [
    'fewer bytes than said',
    [{ ...HELLO, says: { size: 121 } }],
    'damaged: holds "a/hello.txt", which does not have the size',
  ],
  ['more bytes than said', [{ ...HELLO, says: { size: 119 } }], 'damaged: holds "a/hello.txt", which unpacks to more'],
  ['more than the limit', [{ ...HELLO, says: { size: 1001 } }], 'too-big: holds "a/hello.txt" of more than 1000 bytes'],
  ['a packed size over the limit', [{ ...PLAIN, bytes: Buffer.alloc(70_000), says: { size: 5 } }], 'too-big'],
  [
    'what is no deflate',
    [{ ...PLAIN, bytes: '\xff\xff', says: { method: 8 } }],
    'damaged: holds "plain.txt", which cannot be',
  ],
  [
    'an unknown compression',
    [{ ...PLAIN, says: { method: 14 } }],
    'unsupported: holds "plain.txt", which is compressed with method 14',
  ],
  ['encryption', [{ ...PLAIN, says: { flags: 1 } }], 'unsupported: holds "plain.txt", which is encrypted'],
  [
    'another name in its own header',
    [{ ...PLAIN, says: { localPath: 'x' } }],
    'damaged: holds "plain.txt", which is called "x"',
  ],
  [
    'no header where it should be',
    [
      { ...PLAIN, bytes: Buffer.alloc(99) },
      { ...PLAIN, says: { offset: 50 } },
    ],
    'overlapping-members',
  ],
])('readZipEntry() refuses %s', async (_what, members, why) => {
  const failure = await readAll(makeZip(members)).catch((error) => `${error.code}: ${error.message}`);
  expect(failure).toContain(why);
});

/** A zip with 2 GiB of zeros as its first member, of which only the end is in memory. */
function hugeZip(): ByteSource & { bytesRead: number } {
  const path = 'model.bin';
  const size = 2 ** 31;
  const says = { size, compressedSize: size, offset: 0 };
  const end = Buffer.from(makeZip([{ path, says }, PLAIN].map((member) => ({ ...member }))));
  const directoryStart = end.readUInt32LE(end.length - 6);
  end.writeUInt32LE(directoryStart + size, end.length - 6);
  const second = end.indexOf('PK\x01\x02', directoryStart + 4, 'latin1');
  end.writeUInt32LE(end.readUInt32LE(second + 42) + size, second + 42);
  const headLength = 30 + path.length;
  const huge = {
    size: end.length + size,
    bytesRead: 0,
    async read(offset: number, length: number) {
      this.bytesRead += length;
      const result = Buffer.alloc(Math.min(length, this.size - offset));
      if (offset < headLength) result.set(end.subarray(offset, Math.min(headLength, offset + result.length)));
      const from = Math.max(offset, headLength + size);
      const to = offset + result.length;
      if (from < to) result.set(end.subarray(from - size, to - size), from - offset);
      return result;
    },
  };
  return huge;
}

test('readZipDirectory() and readZipEntry() read no more of 2 GiB than they need', async () => {
  const source = hugeZip();
  const entries = await readZipDirectory(source);
  expect(entries.map(({ size }) => size)).toEqual([2 ** 31, 5]);
  expect(Buffer.from(await readZipEntry(source, entries[1]!, 100)).toString()).toBe('plain');
  expect(source.bytesRead).toBeLessThan(70_000);
});
