/** Archives that say two things: a scanner sees one, an installer the other. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeWheel, metadataText, wheelMembers } from '../../../test/support/make-package.ts';
import { makeTar } from '../../../test/support/make-tar.ts';
import { makeZip, type ZipMember, type ZipOptions } from '../../../test/support/make-zip.ts';
import { readBytes, whyHeld } from '../../../test/support/read-bytes.ts';

const FOO = { name: 'foo', version: '1.0' };
const WHEEL = 'foo-1.0-py3-none-any.whl';
const METADATA = 'foo-1.0.dist-info/METADATA';

test.each([METADATA, 'foo/__init__.py'])('a wheel with %s twice, with other bytes, is held', async (path) => {
  const last = { path, bytes: metadataText({ ...FOO, metadata: 'Summary: last' }) };
  const why = `two-readings: holds "${path}" twice, with other bytes`;
  expect(await whyHeld(WHEEL, makeZip([...wheelMembers(FOO), last]))).toBe(why);
});

test('a member twice with the same bytes is worth a note', async () => {
  const [first] = wheelMembers(FOO);
  const { doubts } = await readBytes(WHEEL, makeZip([...wheelMembers(FOO), first as ZipMember]));
  expect(doubts).toEqual([{ code: 'refused-by-some', what: expect.stringContaining('holds "foo/__init__.py" twice') }]);
});

test.each<[string, ZipOptions, string]>([
  ['before', { prefix: Buffer.from('#!/bin/sh\n') }, 'has bytes before its first member: uv refuses it'],
  ['after', { suffix: Buffer.from('x') }, 'has bytes after its end: uv refuses it'],
])('bytes %s a wheel are worth a note', async (_where, zip, what) => {
  expect((await readBytes(WHEEL, makeWheel({ ...FOO, zip }))).doubts).toEqual([{ code: 'refused-by-some', what }]);
});

test('bytes between members, and headers that say other things, are worth a note', async () => {
  const [first, ...rest] = wheelMembers(FOO) as [ZipMember, ...ZipMember[]];
  const said = async (members: ZipMember[]) => (await readBytes(WHEEL, makeZip(members))).doubts[0]?.what;
  expect(await said([first, ...rest.map((each) => ({ ...each, before: Buffer.from('x') }))])).toContain(
    'belong to no member',
  );
  expect(await said([{ ...first, localSays: { crc32: 1 } }, ...rest])).toContain(
    'says other things than the directory',
  );
  expect(await said([{ ...first, descriptor: true }, ...rest])).toBeUndefined();
});

test('a zip with the start of a second end record is held, as zipfile refuses it', async () => {
  const wheel = makeWheel({ ...FOO, zip: { suffix: Buffer.from('PK\x05\x06\0\0', 'latin1') } });
  expect(await whyHeld(WHEEL, wheel)).toContain('incomplete: is a zip archive cut short');
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
  expect(await whyHeld(WHEEL, makeZip(members))).toContain(
    `two-readings: holds "${METADATA}", which is called "foo/x"`,
  );
});

test('a wheel with two folders of metadata is held', async () => {
  const wheel = makeWheel({ ...FOO, members: { 'Foo-1.0.dist-info/METADATA': metadataText(FOO) } });
  expect(await whyHeld(WHEEL, wheel)).toContain('bad-metadata: has two folders of metadata');
});

test('a wheel in front of which stands another is held', async () => {
  const wheel = makeWheel({ ...FOO, zip: { prefix: makeWheel({ ...FOO, metadata: 'Summary: another' }) } });
  expect(await whyHeld(WHEEL, wheel)).toContain('incomplete: ');
});
