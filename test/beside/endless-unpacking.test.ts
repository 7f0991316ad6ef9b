/** Members that pack a thousand times: a small wheel that asks for minutes of unpacking, to see what programs are in it. */
import { crc32, deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { memorySource } from '../../src/formats/byte-source.ts';
import { readPackage } from '../../src/inspect/read-package.ts';
import { makeElf } from '../support/make-elf.ts';
import { wheelMembers } from '../support/make-package.ts';
import { makeZip, type ZipMember } from '../support/make-zip.ts';

const MIB = 1024 * 1024;
const OPTIONS = { name: 'foo', version: '1.0', tag: 'cp311-cp311-linux_x86_64' };
const GLIBC = { needed: ['libc.so.6'], versions: { 'libc.so.6': ['GLIBC_2.17'] } };

/** So many members of the same bytes, packed once. */
function many(count: number, path: (index: number) => string, whole: Buffer): ZipMember[] {
  const says = { method: 8, size: whole.length, crc32: crc32(whole) };
  const bytes = deflateRawSync(whole);
  return Array.from({ length: count }, (_, index) => ({ path: path(index), bytes, says }));
}

test.each<[string, ZipMember[]]>([
  [
    'libraries whose names lie far behind',
    many(60, (index) => `foo/${index}.so`, makeElf({ ...GLIBC, code: 7 * MIB })),
  ],
  ['big libraries', many(20, (index) => `foo/${index}.so`, makeElf({ ...GLIBC, code: 20 * MIB }))],
  ['members that are nothing', many(1000, (index) => `foo/${index}.bin`, Buffer.alloc(MIB))],
])('a wheel with many %s is unpacked only so far, and it is said', async (_what, members) => {
  const wheel = makeZip([...wheelMembers(OPTIONS), ...members]);
  expect(wheel.length).toBeLessThan(2 * MIB);
  const contents = await readPackage(`foo-1.0-${OPTIONS.tag}.whl`, memorySource(wheel));
  for (const depth of ['quick', 'whole'] as const) {
    const found = await contents.readBinaries?.(depth);
    expect(found?.facts?.unexamined).toContain('more is in it than kho unpacks');
    expect(found?.members.length).toBeLessThan(members.length);
  }
});
