import { expect, test } from 'vitest';
import { type ElfOptions, makeElf } from '../../test/support/make-elf.ts';
import { makeWheel } from '../../test/support/make-package.ts';
import { memorySource } from '../formats/byte-source.ts';
import { readPackage } from './read-package.ts';

const MUSL: ElfOptions = { needed: ['libc.musl-x86_64.so.1'] };
const GLIBC: ElfOptions = { needed: ['libc.so.6'], versions: { 'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.17'] } };
const ARM: ElfOptions = { bits: 32, machine: 40, flags: 0x5000400, armAttributes: [[6, 10]] };

async function binariesOf(members: Record<string, Uint8Array | string>, platform = 'linux_x86_64') {
  const tag = `cp311-cp311-${platform}`;
  const contents = await readPackage(
    `foo-1.0-${tag}.whl`,
    memorySource(makeWheel({ name: 'foo', version: '1.0', tag, members })),
  );
  return (await contents.readBinaries?.())?.facts;
}

test.each([
  ['musl', { 'foo/x.so': MUSL }, { libc: 'musl', architectures: ['x86_64'] }],
  ['musl, by its plain name', { 'foo/x.so': { needed: ['libc.so'] } }, { libc: 'musl' }],
  ['musl, by the loader', { 'foo/x': { interpreter: '/lib/ld-musl-x86_64.so.1' } }, { libc: 'musl' }],
  [
    'musl, by the name of a module',
    { 'foo/x.cpython-311-x86_64-linux-musl.so': {} },
    { libc: 'musl', pythons: ['cp311'] },
  ],
  ['glibc, and its version', { 'foo/x.so': GLIBC }, { libc: 'glibc', glibcFloor: '2.17' }],
  [
    'the highest version of all members',
    { 'a.so': GLIBC, 'b.so': { ...GLIBC, versions: { 'libm.so.6': ['GLIBC_2.29'] } } },
    { glibcFloor: '2.29' },
  ],
  ['nothing in a name that musl too had', { 'foo/x.cpython-310-x86_64-linux-gnu.so': {} }, { libc: 'neutral' }],
  ['neutral, of a static program', { 'foo/x': { isStatic: true, type: 2 } }, { libc: 'neutral' }],
  [
    'neutral, with versions of no libc',
    { 'x.so': { versions: { 'libgcc_s.so.1': ['GCC_3.0'] } } },
    { libc: 'neutral' },
  ],
  ['both', { 'foo/x.so': MUSL, 'foo.libs/y.so': GLIBC }, { libc: 'both' }],
  ['packed relocations', { 'foo/x.so': { ...MUSL, packedRelocations: true } }, { libc: 'musl', muslFloor: '1.2.4' }],
  ['a member in a data folder', { 'foo-1.0.data/scripts/x': MUSL }, { libc: 'musl' }],
  [
    'a library that it does not bring',
    { 'x.so': { needed: ['libpq.so.5', 'libc.so.6'] } },
    { outside: ['libpq.so.5'] },
  ],
  ['a plain module', { 'foo/x.so': { ...GLIBC, symbols: ['PyInit_x'] } }, { modules: true }],
] as [string, Record<string, ElfOptions>, object][])('readBinaries() finds %s', async (_what, members, expected) => {
  const files = Object.entries(members).map(([path, options]) => [path, makeElf(options)]);
  expect(await binariesOf(Object.fromEntries(files))).toMatchObject(expected);
});

test('readBinaries() names no library that the wheel brings, by its file or by its own name', async () => {
  const found = await binariesOf({
    'x.so': makeElf({ needed: ['libbar-1a2b.so.1', 'libqux.so.2', 'libc.so.6'] }),
    'foo.libs/libbar-1a2b.so.1': makeElf({}),
    'foo.libs/other': makeElf({ soname: 'libqux.so.2' }),
  });
  expect(found?.outside).toBeUndefined();
});

test('readBinaries() counts the machine that the wheel is named for, and names the others', async () => {
  const members = { 'foo/arm': makeElf({ ...ARM, ...MUSL }), 'foo/x.so': makeElf(GLIBC) };
  expect(await binariesOf(members)).toMatchObject({
    architectures: ['x86_64', 'armv7l'],
    libc: 'glibc',
  });
  expect(await binariesOf(members, 'linux_armv7l')).toMatchObject({
    architectures: ['armv7l', 'x86_64'],
    libc: 'musl',
  });
});

test('readBinaries() unpacks a member as far as it must, also a big one', async () => {
  const found = await binariesOf({ 'foo/x.so': makeElf({ ...GLIBC, code: 20 * 1024 * 1024 }) });
  expect(found).toMatchObject({ libc: 'glibc', glibcFloor: '2.17' });
});

test('readBinaries() says of a cut ELF file what it could not read', async () => {
  const found = await binariesOf({ 'foo/x.so': makeElf({ ...GLIBC, code: 1000 }).subarray(0, 1000) });
  expect(found).toMatchObject({
    architectures: ['x86_64'],
    unexamined: 'the dynamic section of "foo/x.so", which cannot be read',
  });
});

test('readBinaries() finds nothing in a pure wheel, nor in one for another system', async () => {
  expect(await binariesOf({ 'foo/data.bin': 'x'.repeat(1000) })).toBeUndefined();
  expect(await binariesOf({ 'foo/x.so': makeElf(GLIBC) }, 'win_amd64')).toBeUndefined();
});
