/** Archives that say two things: a scanner sees one, an installer the other. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeWheel, metadataText, wheelMembers } from '../../../test/support/make-package.ts';
import { makeTar } from '../../../test/support/make-tar.ts';
import { makeZip } from '../../../test/support/make-zip.ts';
import { readBytes, whyHeld } from '../../../test/support/read-bytes.ts';

const FOO = { name: 'foo', version: '1.0' };
const WHEEL = 'foo-1.0-py3-none-any.whl';
const METADATA = 'foo-1.0.dist-info/METADATA';

test('of two METADATA the last counts, as when it is unpacked', async () => {
  const last = { path: METADATA, bytes: metadataText({ ...FOO, metadata: 'Summary: last' }) };
  const { metadata } = await readBytes(WHEEL, makeZip([...wheelMembers(FOO), last]));
  expect(metadata.summary).toBe('last');
});

test('of two PKG-INFO the last counts, and one that is deeper never', async () => {
  const info = (path: string, summary: string) => ({
    path,
    bytes: metadataText({ ...FOO, metadata: `Summary: ${summary}` }),
  });
  const tar = makeTar([
    info('other/PKG-INFO', 'another folder'),
    info('foo-1.0/PKG-INFO', 'first'),
    info('foo-1.0/PKG-INFO', 'last'),
    info('foo-1.0/foo.egg-info/PKG-INFO', 'deeper'),
    info('PKG-INFO', 'at the top'),
  ]);
  const { metadata } = await readBytes('foo-1.0.tar.gz', gzipSync(tar));
  expect(metadata.summary).toBe('last');
});

test('METADATA that has another name in its own header is held', async () => {
  const members = wheelMembers(FOO).map((member) =>
    member.path === METADATA ? { ...member, says: { localPath: 'foo/x' } } : member,
  );
  expect(await whyHeld(WHEEL, makeZip(members))).toContain(`damaged: holds "${METADATA}", which is called "foo/x"`);
});

test('a wheel with two folders of metadata is held', async () => {
  const wheel = makeWheel({ ...FOO, members: { 'Foo-1.0.dist-info/METADATA': metadataText(FOO) } });
  expect(await whyHeld(WHEEL, wheel)).toContain('bad-metadata: has two folders of metadata');
});

test('a wheel in front of which stands another is held', async () => {
  const wheel = makeWheel({ ...FOO, zip: { prefix: makeWheel({ ...FOO, metadata: 'Summary: another' }) } });
  expect(await whyHeld(WHEEL, wheel)).toContain('incomplete: ');
});
