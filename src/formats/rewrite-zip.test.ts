import { expect, test } from 'vitest';
import { makeZip, type ZipMember, type ZipOptions } from '../../test/support/make-zip.ts';
import { type ByteSource, memorySource } from './byte-source.ts';
import { rewriteZip } from './rewrite-zip.ts';
import { verifyZip } from './verify-zip.ts';
import { readZipDirectory, readZipEntry } from './zip.ts';

async function rewrite(source: ByteSource, replace: Record<string, string | undefined>): Promise<Buffer> {
  const contents = Object.entries(replace).map(([path, text]): [string, Uint8Array | undefined] => [
    path,
    text === undefined ? undefined : Buffer.from(text),
  ]);
  const pieces: Buffer[] = [];
  for await (const piece of rewriteZip(source, new Map(contents))) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

async function contentsOf(zip: Uint8Array): Promise<[string, string][]> {
  const source = memorySource(zip);
  await verifyZip(source);
  const contents: [string, string][] = [];
  for (const entry of await readZipDirectory(source)) {
    contents.push([entry.path, Buffer.from(await readZipEntry(source, entry, 1e6)).toString()]);
  }
  return contents;
}

const MEMBERS: ZipMember[] = [
  { path: 'a/first', bytes: 'x'.repeat(3000), deflate: true, mode: 0o100755 },
  { path: 'a/WHEEL', bytes: 'old', deflate: true, mode: 0o100664 },
  { path: 'ä', bytes: 'last' },
];

test.each<[string, ZipMember[], ZipOptions]>([
  ['a plain one', MEMBERS, {}],
  ['sizes after the data', MEMBERS.map((member) => ({ ...member, descriptor: true })), {}],
  ['zip64 fields', MEMBERS.map((member) => ({ ...member, zip64: true })), { zip64: true }],
  ['a program in front, and a comment', MEMBERS, { prefix: Buffer.from('#!/bin/sh\n'), comment: Buffer.from('hi') }],
  ['extra fields', MEMBERS.map((member) => ({ ...member, extra: Buffer.from([0x55, 0x54, 1, 0, 9]) })), {}],
])('rewriteZip() puts one member in place of another, and copies the rest: %s', async (_what, members, options) => {
  const zip = makeZip(members, options);
  const changed = await rewrite(memorySource(zip), { 'a/WHEEL': 'new and longer' });
  expect(await contentsOf(changed)).toEqual([
    ['a/first', 'x'.repeat(3000)],
    ['a/WHEEL', 'new and longer'],
    ['ä', 'last'],
  ]);
  expect(await rewrite(memorySource(zip), { 'a/WHEEL': 'new and longer' })).toEqual(changed);
  expect(await rewrite(memorySource(changed), { 'a/WHEEL': 'new and longer' })).toEqual(changed);
});

test('rewriteZip() leaves members out, and keeps modes', async () => {
  const changed = await rewrite(memorySource(makeZip(MEMBERS)), { 'a/WHEEL': undefined, none: 'not there' });
  expect((await contentsOf(changed)).map(([path]) => path)).toEqual(['a/first', 'ä']);
  const directory = changed.indexOf('PK\u0001\u0002', 0, 'latin1');
  expect(changed.readUInt32LE(directory + 38) >>> 16).toBe(0o100755);
});

test('rewriteZip() replaces both of two members with one name by one', async () => {
  const members = [...MEMBERS, { path: 'a/WHEEL', bytes: 'twice' }];
  const contents = await contentsOf(await rewrite(memorySource(makeZip(members)), { 'a/WHEEL': 'new' }));
  expect(contents.filter(([path]) => path === 'a/WHEEL')).toEqual([['a/WHEEL', 'new']]);
});

/** Zeros without an end, stored: an archive of any size that takes no memory. */
function hugeZip(size: number): ByteSource {
  const part = makeZip([{ path: 'huge', says: { size: 0, compressedSize: 0 }, bytes: '' }]);
  const header = Buffer.from(part.subarray(0, 34)); // 30 and the name
  const tail = Buffer.from(
    makeZip([
      { path: 'huge', says: { size, compressedSize: size } },
      { path: 'WHEEL', bytes: 'old' },
    ]),
  );
  const whole = header.length + size;
  const second = tail.indexOf('PK\u0003\u0004', 4, 'latin1');
  const rest = Buffer.from(tail.subarray(second));
  const entries = rest.indexOf('PK\u0001\u0002', 0, 'latin1');
  const secondEntry = rest.indexOf('PK\u0001\u0002', entries + 4, 'latin1');
  rest.writeUInt32LE(whole, secondEntry + 42);
  const end = rest.indexOf('PK\u0005\u0006', 0, 'latin1');
  rest.writeUInt32LE(whole + entries, end + 16);
  return {
    size: whole + rest.length,
    async read(offset, length) {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, whole + rest.length - offset)));
      if (offset < header.length) header.copy(bytes, 0, offset);
      if (offset + length > whole) {
        const from = Math.max(0, whole - offset);
        rest.copy(bytes, from, offset + from - whole);
      }
      return bytes;
    },
  };
}

test('rewriteZip() holds no more than a piece of a big archive in memory', async () => {
  const size = 300 * 1024 * 1024;
  let [total, longest] = [0, 0];
  for await (const piece of rewriteZip(hugeZip(size), new Map([['WHEEL', Buffer.from('new')]]))) {
    total += piece.length;
    longest = Math.max(longest, piece.length);
  }
  expect(total).toBeGreaterThan(size);
  expect(longest).toBeLessThanOrEqual(1024 * 1024);
});
