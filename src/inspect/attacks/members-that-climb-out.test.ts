/** A member whose path leads out of the folder it is unpacked in overwrites files of whoever installs it ("zip slip"). */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { sdistMembers, wheelMembers } from '../../../test/support/make-package.ts';
import { makeTar, type TarMember } from '../../../test/support/make-tar.ts';
import { makeZip } from '../../../test/support/make-zip.ts';
import { whyHeld } from '../../../test/support/read-bytes.ts';

const FOO = { name: 'foo', version: '1.0' };

const EVIL_PATHS = [
  '../evil.py',
  'foo/../../evil.py',
  '..',
  'foo/../..',
  '/etc/cron.d/evil',
  '//server/share/evil',
  '\\windows\\evil.dll',
  '..\\evil.dll',
  'foo\\..\\..\\evil.dll',
  'C:evil.dll',
  'c:\\evil.dll',
];

test.each([...EVIL_PATHS, 'evil.py\0.txt'])('a wheel with a member %j is held', async (path) => {
  const wheel = makeZip([...wheelMembers(FOO), { path, bytes: 'evil' }]);
  expect(await whyHeld('foo-1.0-py3-none-any.whl', wheel)).toContain(
    `unsafe-member: holds ${JSON.stringify(path)}, whose path`,
  );
});

test.each(EVIL_PATHS)('an sdist with a member %j is held', async (path) => {
  const zip = makeZip([...sdistMembers(FOO).map(({ path, bytes = '' }) => ({ path, bytes })), { path, bytes: 'evil' }]);
  expect(await whyHeld('foo-1.0.zip', zip)).toContain('unsafe-member');
  for (const member of [{ path }, { path: 'x', pax: { path } }, { path, gnuLong: true }]) {
    expect(await whyHeld('foo-1.0.tar.gz', sdistWith({ ...member, bytes: 'evil' }))).toContain('unsafe-member');
  }
});

test('an sdist whose folder climbs out is held', async () => {
  expect(await whyHeld('foo-1.0.tar.gz', sdistWith({ path: '../evil/', type: '5' }))).toContain('unsafe-member');
});

test.each<[string, TarMember]>([
  ['a link to an absolute path', { path: 'foo-1.0/x', type: '2', linkTo: '/etc/passwd' }],
  ['a link out of the archive', { path: 'foo-1.0/x', type: '2', linkTo: '../../evil' }],
  ['a hard link out of the archive', { path: 'foo-1.0/x', type: '1', linkTo: '../evil' }],
  ['a long link out of the archive', { path: 'foo-1.0/x', type: '2', pax: { linkpath: '../../evil' } }],
  ['a GNU long link out of the archive', { path: 'foo-1.0/x', type: '2', linkTo: '../../evil', gnuLong: true }],
  ['a device', { path: 'foo-1.0/x', type: '4' }],
  ['a pipe', { path: 'foo-1.0/x', type: '6' }],
])('an sdist with %s is held', async (_what, member) => {
  expect(await whyHeld('foo-1.0.tar.gz', sdistWith(member))).toContain('unsafe-member: holds "foo-1.0/x", a ');
});

test.each<[string, TarMember]>([
  ['a link beside it', { path: 'foo-1.0/x', type: '2', linkTo: 'setup.py' }],
  ['a link to another folder of the archive', { path: 'foo-1.0/a/x', type: '2', linkTo: '../setup.py' }],
  ['a hard link inside', { path: 'foo-1.0/a/x', type: '1', linkTo: 'foo-1.0/setup.py' }],
])('an sdist with %s is fine', async (_what, member) => {
  expect(await whyHeld('foo-1.0.tar.gz', sdistWith(member))).toBe('fine');
});

function sdistWith(member: TarMember): Uint8Array {
  return gzipSync(makeTar([...sdistMembers(FOO), member]));
}
