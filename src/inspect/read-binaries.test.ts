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
    'nothing of a version that may be missing, but for manylinux by the letter',
    { 'x.so': { needed: ['libc.so.6'], versions: { 'libc.so.6': ['GLIBC_2.14', 'GLIBC_2.28?'] } } },
    { glibcFloor: '2.14', manylinuxFloor: '2.28' },
  ],
  [
    'the manylinux that brings its libstdc++',
    { 'x.so': { ...GLIBC, versions: { 'libstdc++.so.6': ['GLIBCXX_3.4.22'], 'libc.so.6': ['GLIBC_2.17'] } } },
    { glibcFloor: '2.17', manylinuxFloor: '2.24' },
  ],
  [
    'what glibc keeps for itself',
    { 'x.so': { needed: ['libc.so.6'], versions: { 'libc.so.6': ['GLIBC_PRIVATE', 'GLIBC_2.17'] } } },
    { libc: 'glibc', glibcFloor: '2.17', privateGlibc: true },
  ],
  [
    'musl, also with the version called GLIBC_2.0 that libgcc_s of ARM has',
    { 'x.so': { ...MUSL, versions: { 'libgcc_s-0bf60adc.so.1': ['GLIBC_2.0'] } } },
    { libc: 'musl' },
  ],
  [
    'the highest version of all members',
    { 'a.so': GLIBC, 'b.so': { ...GLIBC, versions: { 'libm.so.6': ['GLIBC_2.29'] } } },
    { glibcFloor: '2.29' },
  ],
  [
    'neither in names that the loader of musl takes for itself, as long as no version is asked for',
    { 'x.so': { needed: ['libc.so.6', 'libpthread.so.0', 'libm.so.6'] } },
    { libc: 'neutral' },
  ],
  ['glibc in the name of its loader', { 'x.so': { needed: ['libc.so.6', 'ld-linux-x86-64.so.2'] } }, { libc: 'glibc' }],
  [
    'what its libraries are for, and no more, where a helper program is for the other libc',
    {
      'x.so': MUSL,
      'bin/x': { interpreter: '/lib64/ld-linux-x86-64.so.2', versions: { 'libc.so.6': ['GLIBC_2.34'] } },
    },
    { libc: 'musl' },
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

test('readBinaries() knows that CentOS 7 for AArch64 has the one symbol of glibc 2.18', async () => {
  const options = { needed: ['libc.so.6'], versions: { 'libc.so.6': ['GLIBC_2.17', 'GLIBC_2.18'] } };
  const arm = makeElf({ ...options, machine: 183 });
  expect(await binariesOf({ 'x.so': arm }, 'linux_aarch64')).toMatchObject({ glibcFloor: '2.17' });
  expect(await binariesOf({ 'x.so': makeElf(options) })).toMatchObject({ glibcFloor: '2.18' });
});

test.each([
  ['Android', { needed: ['libc.so', 'libm.so', 'liblog.so'] }],
  ['a loader of Android', { interpreter: '/system/bin/linker64', needed: ['libc.so'] }],
  ['FreeBSD', { system: 9, needed: ['libc.so.7'] }],
  ['no machine that Python runs on', { machine: 247 }],
])('readBinaries() leaves out what is for %s', async (_what, options) => {
  expect(await binariesOf({ 'x.so': makeElf(options) }, 'any')).toBeUndefined();
});

test('readBinaries() finds what is in a wheel for any machine', async () => {
  expect(await binariesOf({ 'x.so': makeElf({ ...GLIBC, symbols: ['PyInit_x'] }) }, 'any')).toMatchObject({
    libc: 'glibc',
    modules: true,
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

test('readBinaries() takes a static program for soft float for one that fits hard float too', async () => {
  const soft: ElfOptions = { ...ARM, flags: 0x5000200 };
  const program = makeElf({ ...soft, isStatic: true, type: 2 });
  expect(await binariesOf({ 'foo/x': program }, 'linux_armv7l')).toMatchObject({ architectures: ['armv7l'] });
  expect(await binariesOf({ 'x.so': makeElf(soft) }, 'linux_armv7l')).toMatchObject({ architectures: ['armel'] });
});

test.each(['manylinux_x86_64', 'x86_64', 'win_x64'])(
  'readBinaries() looks into a wheel with the tag %s, which is none',
  async (platform) => {
    expect(await binariesOf({ 'x.so': makeElf(GLIBC) }, platform)).toMatchObject({ libc: 'glibc', glibcFloor: '2.17' });
    expect(await binariesOf({ 'x.so': makeElf(GLIBC) }, 'win_amd64')).toBeUndefined();
  },
);
