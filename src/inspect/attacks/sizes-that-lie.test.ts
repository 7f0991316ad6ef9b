/** Sizes are what the archive says. Believing them costs memory, or shows other bytes than an installer sees. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeSdist, makeWheel, metadataText, sdistMembers, wheelMembers } from '../../../test/support/make-package.ts';
import { makeTar } from '../../../test/support/make-tar.ts';
import { makeZip, type ZipMember } from '../../../test/support/make-zip.ts';
import { whyHeld } from '../../../test/support/read-bytes.ts';

const FOO = { name: 'foo', version: '1.0' };
const WHEEL = 'foo-1.0-py3-none-any.whl';
const MIB = 1024 * 1024;

/** A wheel of which one member is changed. */
function wheelWith(path: RegExp, change: Partial<ZipMember>): Uint8Array {
  return makeZip(
    wheelMembers(FOO).map((member) => (path.test(String(member.path)) ? { ...member, ...change } : member)),
  );
}

test.each<[string, Uint8Array, string]>([
  [
    'a member larger than the file',
    wheelWith(/__init__/, { says: { compressedSize: 1e9, size: 1e9 } }),
    'damaged: holds "foo/__init__.py", which is said',
  ],
  [
    'a member larger than any file',
    wheelWith(/__init__/, { zip64: true, says: { compressedSize: 2 ** 60 } }),
    'damaged',
  ],
  ['a member that begins after the end', wheelWith(/__init__/, { says: { offset: 1e6 } }), 'damaged'],
  [
    'METADATA that unpacks to more than it says',
    wheelWith(/METADATA/, { bytes: `${metadataText(FOO)}${' '.repeat(50 * MIB)}`, says: { size: 100 } }),
    'damaged: holds "foo-1.0.dist-info/METADATA", which unpacks to more',
  ],
  [
    'METADATA over the limit',
    makeWheel({ ...FOO, description: 'x'.repeat(4 * MIB) }),
    'metadata-too-big: holds "foo-1.0.dist-info/METADATA" of more than 4 MiB',
  ],
  ['METADATA with the checksum of another', wheelWith(/METADATA/, { says: { crc32: 1 } }), 'damaged'],
  [
    'METADATA encrypted',
    wheelWith(/METADATA/, { says: { flags: 1 } }),
    'unsupported: holds "foo-1.0.dist-info/METADATA", which is encrypted',
  ],
  ['METADATA in a compression that pip has not', wheelWith(/METADATA/, { says: { method: 93 } }), 'unsupported'],
  ['a module encrypted, which only clients read', wheelWith(/__init__/, { says: { flags: 1 } }), 'unsupported'],
  ['a module in a compression that pip has not', wheelWith(/__init__/, { says: { method: 9 } }), 'unsupported'],
])('a wheel with %s is held', async (_what, wheel, why) => {
  expect(await whyHeld(WHEEL, wheel)).toContain(why);
});

test('PKG-INFO over the limit is held, in a tar and in a zip', async () => {
  const options = { ...FOO, description: 'x'.repeat(4 * MIB) };
  expect(await whyHeld('foo-1.0.tar.gz', makeSdist(options))).toBe(
    'metadata-too-big: holds "foo-1.0/PKG-INFO" of more than 4 MiB',
  );
  expect(await whyHeld('foo-1.0.zip', makeSdist({ ...options, suffix: '.zip' }))).toContain('metadata-too-big');
});

test('PKG-INFO that says it is larger than the archive is not waited for', async () => {
  const [folder, info, ...rest] = sdistMembers(FOO);
  const tar = makeTar([folder!, ...rest, { ...info!, says: { size: 3 * MIB } }]);
  expect(await whyHeld('foo-1.0.tar.gz', gzipSync(tar))).toContain('incomplete');
});

test('a pax header of gigabytes is refused before it is read', async () => {
  const tar = makeTar([{ path: 'x', type: 'x', says: { size: 2 ** 32 } }]);
  expect(await whyHeld('foo-1.0.tar.gz', gzipSync(tar))).toContain('damaged');
});

test('members that compress well are no fault, as long as nobody must unpack them', async () => {
  const zeros = Buffer.alloc(40 * MIB);
  expect(await whyHeld(WHEEL, makeWheel({ ...FOO, members: { 'foo/zeros.bin': zeros } }))).toBe('fine');
  expect(await whyHeld('foo-1.0.tar.gz', makeSdist({ ...FOO, members: { 'zeros.bin': zeros } }))).toBe('fine');
});
