import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeZip } from '../../test/support/make-zip.ts';
import { memorySource } from './byte-source.ts';
import { verifyZip } from './verify-zip.ts';
import { readZipDirectory, readZipEntry } from './zip.ts';

/** In bytes, before the name of a member. */
const LOCAL_HEADER = 30;

/** Does not compress, and is the same each time. */
const noise = (length: number): Buffer => createHash('shake256', { outputLength: length }).digest();

const members = [
  { path: 'stored', bytes: noise(600_000) },
  { path: 'deflated', bytes: noise(900_000), deflate: true },
  { path: 'empty' },
  { path: 'folder/' },
];

test('verifyZip() accepts members that are what the directory says', async () => {
  await expect(verifyZip(memorySource(makeZip(members)))).resolves.toBe(true);
});

test('verifyZip() stops where its budget does', async () => {
  const damaged = makeZip([...members, { path: 'bad', bytes: noise(10), says: { crc32: 1 } }]);
  await expect(verifyZip(memorySource(damaged))).rejects.toMatchObject({ code: 'damaged' });
  await expect(verifyZip(memorySource(damaged), { bytes: 1_500_009 })).resolves.toBe(false);
  await expect(verifyZip(memorySource(damaged), { bytes: 1_500_010 })).rejects.toMatchObject({ code: 'damaged' });
  await expect(verifyZip(memorySource(damaged), { bytes: 2_000_000, isOver: () => true })).resolves.toBe(false);
});

test('verifyZip() sees a hole of zeros in a member of any size', async () => {
  for (const length of [5_000, 3_000_000]) {
    const zip = Buffer.from(makeZip([{ path: 'x', bytes: noise(length) }]));
    zip.fill(0, 1000, 2000);
    await expect(verifyZip(memorySource(zip))).rejects.toMatchObject({ code: 'damaged' });
  }
});

test.each([0.1, 0.3, 0.5, 0.7, 0.9])('verifyZip() sees that %d of a file are written over already', async (part) => {
  const old = Buffer.from(makeZip(members));
  const other = Buffer.from(
    makeZip(members.map((member) => ({ ...member, bytes: Buffer.from(member.bytes ?? '').reverse() }))),
  );
  const mixed = Buffer.concat([
    other.subarray(0, Math.floor(old.length * part)),
    old.subarray(Math.floor(old.length * part)),
  ]);
  await expect(verifyZip(memorySource(mixed))).rejects.toMatchObject({ code: 'damaged' });
});

test('verifyZip() sees that what a member was written over with ends before the member does', async () => {
  const mixed = Buffer.from(makeZip([{ path: 'deflated', bytes: noise(900_000), deflate: true }]));
  deflateRawSync('something short').copy(mixed, LOCAL_HEADER + 'deflated'.length);
  await expect(verifyZip(memorySource(mixed))).rejects.toMatchObject({ code: 'damaged' });
});

test('verifyZip() reads no member again that was unpacked from the same bytes, and all others', async () => {
  const zip = makeZip([...members, { path: 'bad', bytes: noise(10), says: { crc32: 1 } }]);
  const offsets: number[] = [];
  const { size, read } = memorySource(zip);
  const source = {
    size,
    read: (offset: number, length: number) => {
      offsets.push(offset);
      return read(offset, length);
    },
  };
  const entries = await readZipDirectory(source);
  for (const entry of entries.slice(0, 2)) await readZipEntry(source, entry, 1_000_000);
  offsets.length = 0;
  await expect(verifyZip(source, undefined, entries)).rejects.toMatchObject({ code: 'damaged' });
  expect(offsets).toEqual(entries.slice(2).map(({ offset }) => offset));
});
