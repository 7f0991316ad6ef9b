import { expect, test } from 'vitest';
import { makeElf } from '../../test/support/make-elf.ts';
import { memorySource } from './byte-source.ts';
import { readElf } from './elf.ts';

const NEEDED = { needed: ['libc.so.6'], versions: { 'libc.so.6': ['GLIBC_2.17'] } };

test('readElf() does not trust first pages that prove nothing', async () => {
  const bytes = makeElf(NEEDED);
  const facts = await readElf(memorySource(bytes), bytes);
  expect(facts?.quick).toBeUndefined();
  expect(facts).toEqual(await readElf(memorySource(bytes)));
});

test('readElf() reads first pages in which every chain of versions begins anew, and none ends, only so far', async () => {
  const head = makeElf({ ...NEEDED, code: 300_000 });
  const string = head.indexOf('GLIBC_2.17');
  const table = head.indexOf(Buffer.from([1, 0, 1, 0]), 64);
  const hash = head.readUInt32LE(table + 16);
  // Records of one library with 65,535 versions, each of which is the one known version, again and again.
  for (let at = string + 400; at + 48 < head.length - 1000; at += 32) {
    head.writeUInt16LE(1, at);
    head.writeUInt16LE(0xffff, at + 2);
    head.writeUInt32LE(16, at + 8);
    head.writeUInt32LE(hash, at + 16);
  }
  const relocations = (head.length - 900) & ~7;
  for (const index of [0, 1, 2]) {
    head.writeBigUInt64LE(BigInt(0x10000 + 8 * (index + 1)), relocations + 24 * index);
    head.writeBigUInt64LE(8n, relocations + 24 * index + 8);
  }
  const started = performance.now();
  await readElf(memorySource(head), head);
  expect(performance.now() - started).toBeLessThan(1000);
});
