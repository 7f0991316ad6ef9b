import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ElfOptions, makeElf } from '../../test/support/make-elf.ts';
import { memorySource } from './byte-source.ts';
import { readElf } from './elf.ts';

const FULL: ElfOptions = {
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libfoo.so.1', 'libc.so.6'],
  soname: 'libbar.so',
  runpath: '$ORIGIN/../foo.libs',
  versions: { 'libfoo.so.1': ['FOO_1'], 'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.17', 'GLIBC_2.28?'] },
  packedRelocations: true,
  symbols: ['PyInit_bar'],
};

const FACTS = {
  kind: 'library',
  dynamic: true,
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libfoo.so.1', 'libc.so.6'],
  soname: 'libbar.so',
  searchPaths: ['$ORIGIN/../foo.libs'],
  versions: [
    { library: 'libfoo.so.1', versions: ['FOO_1'], optional: [] },
    { library: 'libc.so.6', versions: ['GLIBC_2.2.5', 'GLIBC_2.17'], optional: ['GLIBC_2.28'] },
  ],
  packedRelocations: true,
  pythonModule: true,
};

const read = (bytes: Uint8Array) => readElf(memorySource(bytes));

test.each([
  ['of 64 bits', FULL, { ...FACTS, bits: 64, bigEndian: false, machine: 62 }],
  ['of 32 bits', { ...FULL, bits: 32, machine: 3 }, { ...FACTS, bits: 32, machine: 3 }],
  ['of 64 bits, highest byte first', { ...FULL, bigEndian: true, machine: 22 }, { ...FACTS, bigEndian: true }],
  ['of 32 bits, highest byte first', { ...FULL, bits: 32, bigEndian: true, machine: 20 }, { ...FACTS, machine: 20 }],
  ['with code before the dynamic section', { ...FULL, code: 100_000 }, FACTS],
  ['that is static', { isStatic: true, type: 2 }, { kind: 'program', dynamic: false, needed: [], pythonModule: false }],
  ['that needs nothing', {}, { dynamic: true, needed: [], versions: [] }],
  [
    'for ARM',
    {
      bits: 32,
      machine: 40,
      flags: 0x5000400,
      armAttributes: [
        [6, 10],
        [28, 1],
      ],
    },
    { flags: 0x5000400, arm: { cpuArchitecture: 10, floatArguments: 1 } },
  ],
  ['that is an object file', { type: 1 }, { kind: 'other', dynamic: false }],
] as [string, ElfOptions, object][])('readElf() reads a file %s', async (_what, options, expected) => {
  const facts = await read(makeElf(options));
  expect(facts).toMatchObject(expected);
  expect(facts?.fault).toBeUndefined();
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('\x7fELF is a magic'.padEnd(100))],
  ['a class that is none', Buffer.from(makeElf()).fill(3, 4, 5)],
  ['an order of bytes that is none', Buffer.from(makeElf()).fill(0, 5, 6)],
  ['a header cut short', makeElf().subarray(0, 60)],
])('readElf() finds no ELF file in %s', async (_what, bytes) => {
  expect(await read(bytes)).toBeUndefined();
});

test.each([
  ['program headers beyond the end', 'program headers', makeElf(FULL).subarray(0, 100)],
  ['its dynamic section cut off', 'dynamic section', makeElf({ ...FULL, code: 1000 }).subarray(0, 1000)],
  ['too many program headers', 'program headers', Buffer.from(makeElf(FULL)).fill(0xff, 56, 58)],
])('readElf() tells of %s', async (_what, fault, bytes) => {
  expect(await read(bytes)).toMatchObject({ machine: 62, fault });
});

test('readElf() tells of names without an end', async () => {
  const bytes = makeElf({ needed: ['libc.so.6'] });
  const at = bytes.indexOf('libc.so.6');
  // The last segment's table is gone as well: only what is before the end is there.
  expect(await read(Buffer.concat([bytes.subarray(0, at + 4)]))).toMatchObject({ fault: 'dynamic section' });
});

test('readElf() ends, without an error, on any file cut short or with bytes changed', async () => {
  const whole = [FULL, { ...FULL, bits: 32 as const, machine: 40, armAttributes: [[6, 10]] as [number, number][] }].map(
    makeElf,
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...whole),
      fc.nat(1000),
      fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { maxLength: 12 }),
      async (elf, missing, changes) => {
        const bytes = Buffer.from(elf.subarray(0, Math.max(0, elf.length - (missing > 500 ? 0 : missing))));
        for (const [at, value] of changes) if (at >= 6 && at < bytes.length) bytes[at] = value;
        const facts = await read(bytes);
        expect(JSON.stringify(facts ?? {}).length).toBeLessThan(100_000);
      },
    ),
    { numRuns: 1000 },
  );
});

test('readElf() follows no loop of versions, and reads tables that claim to be endless only so far', async () => {
  const bytes = makeElf(FULL);
  const table = bytes.indexOf(Buffer.from([1, 0, 1, 0]), 64); // one version of the first library
  bytes.writeUInt32LE(1, table + 12); // the next entry begins a byte further on
  bytes.writeUInt16LE(0xffff, table + 2);
  bytes.writeUInt32LE(1, table + 16 + 12);
  const facts = await read(bytes);
  expect(facts?.versions.flatMap(({ versions }) => versions).length).toBeLessThan(5000);
});
