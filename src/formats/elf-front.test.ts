import { afterEach, expect, test, vi } from 'vitest';
import { makeElf } from '../../test/support/make-elf.ts';
import { memorySource } from './byte-source.ts';
import { readElf } from './elf.ts';
import { ElfView } from './elf-view.ts';

const NEEDED = { needed: ['libc.so.6'], versions: { 'libc.so.6': ['GLIBC_2.17'] } };

/** Of 300 kB: each number once would be a quarter of it. */
const MOST_READS = 150_000;

/** As System V's ABI has it. */
const GLIBC_2_17_HASH = 0x06969197;

afterEach(() => vi.restoreAllMocks());

/** Three in a row, near the end, without which nothing is believed. */
function addRelocations(head: Buffer): void {
  const relocations = (head.length - 900) & ~7;
  for (const index of [0, 1, 2]) {
    head.writeBigUInt64LE(BigInt(0x10000 + 8 * (index + 1)), relocations + 24 * index);
    head.writeBigUInt64LE(8n, relocations + 24 * index + 8);
  }
}

test('readElf() believes first pages whose chain of versions proves itself', async () => {
  const head = makeElf({ ...NEEDED, code: 10_000 });
  const table = head.indexOf(Buffer.from([1, 0, 1, 0]), 64);
  addRelocations(head);
  expect(await readElf(memorySource(head), head)).not.toMatchObject({ quick: true });
  head.writeUInt32LE(GLIBC_2_17_HASH, table + 16);
  const versions = [{ library: 'libc.so.6', versions: ['GLIBC_2.17'], optional: [] }];
  expect(await readElf(memorySource(head), head)).toMatchObject({ quick: true, needed: ['libc.so.6'], versions });
});

test('readElf() does not trust first pages that prove nothing', async () => {
  const bytes = makeElf(NEEDED);
  const facts = await readElf(memorySource(bytes), bytes);
  expect(facts?.quick).toBeUndefined();
  expect(facts).toEqual(await readElf(memorySource(bytes)));
});

test.each([
  ['every chain of versions begins anew, and none ends', 0xffff, 0],
  ['every library leads to all libraries behind it', 0, 32],
])('readElf() reads first pages in which %s, only so far', async (_what, versions, next) => {
  const head = makeElf({ ...NEEDED, code: 300_000 });
  const library = head.indexOf('libc.so.6');
  const toName = head.indexOf('GLIBC_2.17') - library;
  expect(toName).toBeGreaterThan(0);
  for (let at = (library + 400) & ~3; at + 48 < head.length - 1000; at += 32) {
    head.writeUInt16LE(1, at);
    head.writeUInt16LE(versions, at + 2);
    head.writeUInt32LE(16, at + 8);
    head.writeUInt32LE(next, at + 12);
    head.writeUInt32LE(GLIBC_2_17_HASH, at + 16);
    head.writeUInt32LE(toName, at + 24);
  }
  addRelocations(head);
  let reads = 0;
  const { u32 } = ElfView.prototype;
  vi.spyOn(ElfView.prototype, 'u32').mockImplementation(function (this: ElfView, at) {
    if (++reads > MOST_READS) throw new Error(`more than ${MOST_READS} numbers are read`);
    return u32.call(this, at);
  });
  await readElf(memorySource(head), head);
  expect(reads).toBeGreaterThan(4096); // it began to follow them
});
