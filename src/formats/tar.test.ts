import { expect, test } from 'vitest';
import { makeTar, type TarMember } from '../../test/support/make-tar.ts';
import type { Member } from './archive-member.ts';
import { TarReader } from './tar.ts';

const LONG = `${'long/'.repeat(60)}name.py`;

/** @param step how many bytes are pushed at once */
function readTar(bytes: Uint8Array, step = bytes.length): { members: Member[]; taken: [string, string][] } {
  const taken: [string, string][] = [];
  const tar = new TarReader({
    wants: ({ path }) => path.endsWith('.py'),
    take: ({ path }, content) => taken.push([path, content.toString()]),
  });
  for (let at = 0; at < bytes.length; at += step) tar.push(bytes.subarray(at, at + step));
  tar.end();
  return { members: tar.members, taken };
}

/** A number as GNU tar and star write what does not fit in octal digits. */
function wideNumber(value: number): Uint8Array {
  const field = Buffer.alloc(12);
  field[0] = 0x80;
  field.writeBigUInt64BE(BigInt(value), 4);
  return field;
}

/** What a program whose bytes are signed writes for an empty file. */
function signedChecksum(path: string): number {
  const header = Buffer.from(makeTar([{ path }])).fill(' ', 148, 156);
  return new Int8Array(header.subarray(0, 512)).reduce((total, byte) => total + byte, 0);
}

test.each<[string, TarMember, Partial<Member>]>([
  ['a file', { path: 'a/x.py', bytes: 'x = 1' }, { path: 'a/x.py', size: 5, kind: 'file' }],
  ['a file of old, without a type', { path: 'x.py', type: '\0', bytes: 'x' }, { path: 'x.py', kind: 'file' }],
  ['a file of an unknown type', { path: 'x.py', type: 'Z', bytes: 'x' }, { path: 'x.py', size: 1, kind: 'file' }],
  ['a folder', { path: 'a/', type: '5' }, { path: 'a', size: 0, kind: 'folder' }],
  ['a folder of old', { path: 'a/', type: '\0' }, { path: 'a', kind: 'folder' }],
  ['a link', { path: 'a/x', type: '2', linkTo: '../b' }, { path: 'a/x', size: 0, kind: 'link' }],
  [
    'a hard link, which has no content whatever its size',
    { path: 'b', type: '1', linkTo: 'a', says: { size: 9 } },
    { kind: 'link' },
  ],
  ['a prefix', { path: 'x.py', prefix: 'a/b', bytes: 'x' }, { path: 'a/b/x.py' }],
  ['a pax path', { path: 'short', bytes: 'x', pax: { path: LONG, mtime: '1.5' } }, { path: LONG, size: 1 }],
  ['a pax size', { path: 'x.py', bytes: 'xy', pax: { size: '2' }, says: { size: 7 } }, { path: 'x.py', size: 2 }],
  ['a pax path in UTF-8', { path: 'x', pax: { path: 'ẩn.py' } }, { path: 'ẩn.py' }],
  ['a GNU long name', { path: LONG, bytes: 'x', gnuLong: true }, { path: LONG, size: 1 }],
  ['a size in base 256', { path: 'x.py', bytes: 'x', says: { sizeField: wideNumber(1) } }, { path: 'x.py', size: 1 }],
  [
    'a size padded with blanks',
    { path: 'x.py', bytes: 'x', says: { sizeField: Buffer.from('          1 ') } },
    { size: 1 },
  ],
  ['./ in front', { path: './/a/x.py', bytes: 'x' }, { path: 'a/x.py' }],
  ['nothing but ./ and slashes', { path: './/', type: '5' }, { path: '.', kind: 'folder' }],
  ['a checksum over signed bytes', { path: 'ẩ.py', says: { checksum: signedChecksum('ẩ.py') } }, { path: 'ẩ.py' }],
  ['the top itself', { path: './', type: '5' }, { path: '.', kind: 'folder' }],
  ['`..` that stays inside', { path: 'a/../x.py', bytes: 'x' }, { path: 'a/../x.py' }],
])('TarReader reads %s, and goes on after it', (_what, member, expected) => {
  const { members } = readTar(makeTar([member, { path: 'after.py', bytes: 'y' }]));
  expect(members).toMatchObject([expected, { path: 'after.py', size: 1 }]);
});

test('TarReader applies a global pax header to all that follow, and a local one to the next only', () => {
  const { members } = readTar(
    makeTar([
      { path: 'g', type: 'g', bytes: '17 path=from-all\n' },
      { path: 'a', pax: { path: 'from-next' } },
      { path: 'b' },
    ]),
  );
  expect(members.map(({ path }) => path)).toEqual(['from-next', 'from-all']);
});

test('TarReader skips the map of a sparse file', () => {
  const member = makeTar([{ path: 'sparse', type: 'S', bytes: '' }], Buffer.alloc(0));
  const header = Buffer.from(member);
  header[482] = 1;
  const checksum = header.fill(' ', 148, 156).reduce((total, byte) => total + byte, 0);
  header.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148);
  const map = Buffer.alloc(1024, 7);
  map[504] = 1;
  map[512 + 504] = 0;
  const { members } = readTar(Buffer.concat([header, map, makeTar([{ path: 'after.py' }])]));
  expect(members.map(({ path }) => path)).toEqual(['sparse', 'after.py']);
});

test.each([1, 7, 511, 512, 513, 4096])('TarReader reads the same in pieces of %i bytes', (step) => {
  const bytes = makeTar([
    { path: LONG, bytes: 'x'.repeat(700), gnuLong: true },
    { path: 'empty.py' },
    { path: 'y', bytes: 'y'.repeat(512), pax: { path: 'y.py' } },
    { path: 'skipped.txt', bytes: 'z'.repeat(1300) },
  ]);
  const { members, taken } = readTar(bytes, step);
  expect(members.map(({ path, size }) => [path, size])).toEqual([
    [LONG, 700],
    ['empty.py', 0],
    ['y.py', 512],
    ['skipped.txt', 1300],
  ]);
  expect(taken).toEqual([
    [LONG, 'x'.repeat(700)],
    ['empty.py', ''],
    ['y.py', 'y'.repeat(512)],
  ]);
});

const ONE: TarMember = { path: 'x.py', bytes: 'x'.repeat(600) };

test.each([
  ['without zeros at the end', makeTar([ONE], Buffer.alloc(0))],
  ['with one block of zeros', makeTar([ONE], Buffer.alloc(512))],
  ['with anything after a block of zeros', makeTar([ONE], Buffer.concat([Buffer.alloc(512), Buffer.from('anything')]))],
])('TarReader takes an archive %s', (_what, bytes) => {
  expect(readTar(bytes).members).toHaveLength(1);
});

const whole = makeTar([ONE, { path: 'long.py', pax: { path: LONG } }], Buffer.alloc(0));

test.each([
  ['nothing', Buffer.alloc(0), 'not-an-archive', 'holds nothing'],
  ['text', Buffer.alloc(2048, 'text'), 'not-an-archive', 'holds no tar archive'],
  ['a cut in a header', whole.subarray(0, 100), 'incomplete', 'is a tar archive cut short'],
  ['a cut in a file', whole.subarray(0, 900), 'incomplete', 'is a tar archive cut short'],
  ['a cut after a pax header', whole.subarray(0, 512 + 1024 + 1024), 'incomplete', 'is a tar archive cut short'],
  [
    'garbage between members',
    Buffer.concat([whole, Buffer.alloc(512, 'x')]),
    'damaged',
    'is a tar archive with a damaged header',
  ],
  [
    'a wrong checksum',
    makeTar([ONE, { path: 'y', says: { checksum: 5 } }]),
    'damaged',
    'is a tar archive with a damaged header',
  ],
  [
    'a size that is no number',
    makeTar([{ path: 'y', says: { sizeField: Buffer.from('9x         ') } }]),
    'damaged',
    'impossible size',
  ],
  [
    'a negative size',
    makeTar([{ path: 'y', says: { sizeField: Buffer.alloc(12, 0xff) } }]),
    'damaged',
    'impossible size',
  ],
  [
    'a size no disk has',
    makeTar([{ path: 'y', says: { sizeField: wideNumber(2 ** 62) } }]),
    'damaged',
    'impossible size',
  ],
  [
    'a pax size that is no number',
    makeTar([{ path: 'y', pax: { size: '-1' } }]),
    'damaged',
    'holds "y" with an impossible size',
  ],
  [
    'a pax header without lengths',
    makeTar([{ path: 'y', type: 'x', bytes: 'path=a\n' }]),
    'damaged',
    'damaged pax header',
  ],
  [
    'a pax header that claims too much',
    makeTar([{ path: 'y', type: 'x', bytes: '99 path=a\n' }]),
    'damaged',
    'damaged pax header',
  ],
])('TarReader refuses %s', (_what, bytes, code, message) => {
  expect(() => readTar(bytes)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});
