import { expect, test } from 'vitest';
import { makeWheel, metadataText, wheelMembers } from '../../test/support/make-package.ts';
import { makeZip } from '../../test/support/make-zip.ts';
import { readBytes, whyHeld } from '../../test/support/read-bytes.ts';

const FOO = { name: 'foo', version: '1.0' };

/** A wheel whose folder of metadata and METADATA say what they like. */
function wheelSaying(folder: string, metadata: string): Uint8Array {
  const others = [{ path: `${folder}/WHEEL`, bytes: 'Wheel-Version: 1.0\n' }, { path: `${folder}/RECORD` }];
  return makeZip([{ path: 'foo.py' }, { path: `${folder}/METADATA`, bytes: metadata, deflate: true }, ...others]);
}

test('readPackage() reads a wheel', async () => {
  const metadata = ['Requires-Python: >=3.8', 'Summary: A foo'];
  const contents = await readBytes('foo-1.0-py3-none-any.whl', makeWheel({ ...FOO, metadata }));
  expect(contents).toMatchObject({ kind: 'wheel', project: 'foo', name: 'foo', version: '1.0' });
  expect(contents.metadata).toMatchObject({ requiresPython: '>=3.8', summary: 'A foo' });
  expect(Buffer.from(contents.metadataBytes).toString()).toBe(metadataText({ ...FOO, metadata }));
  expect(contents.members.map(({ path, kind }) => [path, kind])).toEqual([
    ['foo/__init__.py', 'file'],
    ['foo-1.0.dist-info/METADATA', 'file'],
    ['foo-1.0.dist-info/WHEEL', 'file'],
    ['foo-1.0.dist-info/RECORD', 'file'],
  ]);
});

test('readPackage() gives metadata that no later read of the source overwrites', async () => {
  const shared = Buffer.from(makeZip(wheelMembers(FOO).map((member) => ({ ...member, deflate: false }))));
  const { metadataBytes } = await readBytes('foo-1.0-py3-none-any.whl', shared);
  shared.fill(0);
  expect(Buffer.from(metadataBytes).toString()).toBe(metadataText(FOO));
});

test.each([
  ['a name in upper case', 'Foo_Bar-1.0-py3-none-any.whl', 'Foo_Bar-1.0', 'Foo-Bar', '1.0', 'foo-bar', '1.0'],
  ['a dot in the name', 'foo.bar-1.0-py3-none-any.whl', 'foo.bar-1.0', 'foo.bar', '1.0', 'foo-bar', '1.0'],
  [
    'a folder normalized, a file name not',
    'Foo.Bar-1.0-py3-none-any.whl',
    'foo_bar-1.0',
    'Foo.Bar',
    '1.0',
    'foo-bar',
    '1.0',
  ],
  ['a dash in the folder', 'foo_bar-1.0-py3-none-any.whl', 'foo-bar-1.0', 'foo-bar', '1.0', 'foo-bar', '1.0'],
  ['a local version', 'foo-1.0+cpu-py3-none-any.whl', 'foo-1.0+cpu', 'foo', '1.0+cpu', 'foo', '1.0+cpu'],
  ['a post release in old spelling', 'foo-1.0_1-py3-none-any.whl', 'foo-1.0_1', 'foo', '1.0-1', 'foo', '1.0.post1'],
  ['an epoch', 'foo-1!2.0-py3-none-any.whl', 'foo-1!2.0', 'foo', '1!2.0', 'foo', '1!2.0'],
  ['a build tag', 'foo-1.0-7a-py3-none-any.whl', 'foo-1.0', 'foo', '1.0', 'foo', '1.0'],
  ['an equal version', 'foo-1.0-py3-none-any.whl', 'foo-1.0.0', 'foo', 'v1.0.0', 'foo', '1.0'],
  ['a version not normalized', 'foo-1.0.RC1-py3-none-any.whl', 'foo-1.0.RC1', 'foo', '1.0rc1', 'foo', '1.0rc1'],
])('readPackage() reads a wheel with %s', async (_what, filename, folder, name, version, project, expected) => {
  const contents = await readBytes(filename, wheelSaying(`${folder}.dist-info`, metadataText({ name, version })));
  expect(contents).toMatchObject({ project, name, version: expected });
});

test.each([
  [
    'another name in METADATA',
    'foo-1.0.dist-info',
    { name: 'bar', version: '1.0' },
    'name-mismatch: is named for foo, but its metadata says "bar"',
  ],
  [
    'another version in METADATA',
    'foo-1.0.dist-info',
    { name: 'foo', version: '1.1' },
    'version-mismatch: is named for version 1.0, but its metadata says "1.1"',
  ],
  ['another local version', 'foo-1.0.dist-info', { name: 'foo', version: '1.0+cpu' }, 'version-mismatch'],
  [
    'the folder of another project',
    'bar-1.0.dist-info',
    FOO,
    'name-mismatch: is named for foo, but holds "bar-1.0.dist-info"',
  ],
  ['the folder of a project with a longer name', 'foo-bar-1.0.dist-info', FOO, 'name-mismatch'],
  [
    'the folder of another version',
    'foo-1.1.dist-info',
    FOO,
    'version-mismatch: is named for version 1.0, but holds "foo-1.1.dist-info"',
  ],
  ['a folder without a version', 'foo.dist-info', FOO, 'name-mismatch'],
  ['metadata in a deeper folder only', 'x/foo-1.0.dist-info', FOO, 'no-metadata: has no folder .dist-info'],
  ['metadata in a folder in upper case', 'foo-1.0.DIST-INFO', FOO, 'no-metadata: has no folder .dist-info'],
])('readPackage() refuses a wheel with %s', async (_what, folder, metadata, why) => {
  expect(await whyHeld('foo-1.0-py3-none-any.whl', wheelSaying(folder, metadataText(metadata)))).toContain(why);
});

test('readPackage() refuses a wheel without METADATA, or with one that says nothing', async () => {
  const filename = 'foo-1.0-py3-none-any.whl';
  const without = makeZip([{ path: 'foo-1.0.dist-info/WHEEL' }]);
  expect(await whyHeld(filename, without)).toBe(
    'no-metadata: has no "foo-1.0.dist-info/METADATA", without which pip refuses it',
  );
  expect(await whyHeld(filename, makeZip([]))).toContain('no-metadata');
  expect(await whyHeld(filename, wheelSaying('foo-1.0.dist-info', ''))).toContain('bad-metadata');
});

test.each(['WHEEL', 'RECORD'])(
  'readPackage() refuses a wheel without %s, which pip could not install',
  async (name) => {
    const wheel = makeZip(wheelMembers(FOO).filter(({ path }) => !String(path).endsWith(name)));
    expect(await whyHeld('foo-1.0-py3-none-any.whl', wheel)).toContain(
      `no-metadata: has no "foo-1.0.dist-info/${name}"`,
    );
  },
);

test('readPackage() refuses a wheel of a format that installers do not know, after any number that they do', async () => {
  const wheel = (said: string) => {
    const members = wheelMembers(FOO).map((member) =>
      String(member.path).endsWith('/WHEEL') ? { ...member, bytes: `Wheel-Version: ${said}\n` } : member,
    );
    return makeZip(members);
  };
  for (let time = 0; time < 2; time++) {
    await readBytes('foo-1.0-py3-none-any.whl', wheel('1.0'));
    expect(await whyHeld('foo-1.0-py3-none-any.whl', wheel('2.0'))).toContain('bad-metadata: says Wheel-Version "2.0"');
  }
});

test('readPackage() sees that WHEEL is damaged, whatever it has read before', async () => {
  const good = Buffer.from(makeZip(wheelMembers(FOO).map((member) => ({ ...member, deflate: false }))));
  const bad = Buffer.from(good);
  bad.write('9', good.indexOf('Wheel-Version: 1.0') + 'Wheel-Version: 1.'.length);
  await readBytes('foo-1.0-py3-none-any.whl', good);
  expect(await whyHeld('foo-1.0-py3-none-any.whl', bad)).toContain('damaged: holds "foo-1.0.dist-info/WHEEL"');
});

test('readPackage() refuses a wheel by its name before it looks inside', async () => {
  expect(await whyHeld('foo-1.0.whl', new Uint8Array())).toContain('bad-filename');
});
