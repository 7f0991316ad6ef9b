import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeSdist, metadataText } from '../../test/support/make-package.ts';
import { makeTar } from '../../test/support/make-tar.ts';
import { readBytes, whyHeld } from '../../test/support/read-bytes.ts';

const FOO = { name: 'foo', version: '1.0' };

function sdistOf(files: Record<string, string>): Uint8Array {
  return gzipSync(makeTar(Object.entries(files).map(([path, bytes]) => ({ path, bytes }))));
}

/** An sdist `foo-1.0` made by Python, packed with its bz2 and lzma. */
const PACKED = {
  'foo-1.0.tar.bz2':
    'QlpoOTFBWSZTWVy5yJ0AAKdfhc6QSCP/kAGryQBvK94gQAAAAIgIMAC5IaKn6gTTRoPUekMI0ekNB5R+qGAAaNNAGTQGgyA0BJRTag9Q9Q0aZGIAAxDJ8ogXDDE1JJjhAjRHWah4SEB5hQIYB1jaVRG0IXSJOKe04WPNgwFOGQaCOg0RfHFBGTIm5Ay0V3JLHOLfgx5YOp1VOvdQHJKaCG88xh99ek0f5GMLlVBCbKuBBQpJP2kFINrxIEioB/mKGzVECBV/F3JFOFCQXLnInQ==',
  'foo-1.0.tar.xz':
    '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/ALFdADMb7FoxF/lri/v94Z1EuzZKz5iDU6BkH7M6y1q0C2faoayhB7JwXRq90Ua6UZ/t05TGK+UbHWydbjyBiPgJovhof1pjLe40j6yXumHCar/VKx4stqapK/OtFlWnmH946/Lvq2o3xtKFpwnmX9B85wF3K9j4CL7Rsf0WADjKrRcHyS8Ik21j26OLJ1QrhqIC7gPYMsVulrG0MRYGmICDnvEwoLBwAE3NTswwsaQBGdYOAAAAAACZlx0aC9AuAQABzQGAUAAAjGim0rHEZ/sCAAAAAARZWg==',
};

test.each<[string, Uint8Array]>([
  ['foo-1.0.tar.gz', makeSdist(FOO)],
  ['foo-1.0.tgz', makeSdist(FOO)],
  ['foo-1.0.zip', makeSdist({ ...FOO, suffix: '.zip' })],
  ...Object.entries(PACKED).map(([filename, text]): [string, Uint8Array] => [filename, Buffer.from(text, 'base64')]),
])('readPackage() reads %s', async (filename, bytes) => {
  const contents = await readBytes(filename, bytes);
  expect(contents).toMatchObject({ kind: 'sdist', project: 'foo', name: 'foo', version: '1.0' });
  expect(contents.metadata).toMatchObject({ name: 'foo', version: '1.0' });
  expect(contents.members.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['foo-1.0/PKG-INFO', 'foo-1.0/setup.py']),
  );
});

test.each([
  ['a dash in the name', 'foo-bar-1.0.tar.gz', 'foo-bar', '1.0', 'foo-bar', '1.0'],
  ['a normalized file name', 'foo_bar-1.0.tar.gz', 'Foo.Bar', '1.0', 'foo-bar', '1.0'],
  ['a number in the name', 'foo-2-1.0.tar.gz', 'foo-2', '1.0', 'foo-2', '1.0'],
  ['a post release with a dash', 'foo-1.0-1.tar.gz', 'foo', '1.0-1', 'foo', '1.0.post1'],
  ['a project whose name ends in a version', 'foo-1.0-1.tar.gz', 'foo-1.0', '1', 'foo-1-0', '1'],
  ['a version that is equal', 'foo-1.0.tar.gz', 'foo', '1.0.0', 'foo', '1.0'],
  ['a version that is no PEP 440', 'foo-2004b-final.tar.gz', 'foo', '2004b-final', 'foo', '2004b-final'],
  ['a local version', 'foo-1.0+cpu.tar.gz', 'foo', '1.0+cpu', 'foo', '1.0+cpu'],
  ['blanks in the name', 'Foo-Bar-1.0.tar.gz', 'Foo Bar', '1.0', 'foo-bar', '1.0'],
])('readPackage() reads an sdist with %s', async (_what, filename, name, version, project, expected) => {
  const bytes = sdistOf({ 'anything/PKG-INFO': metadataText({ name, version }) });
  expect(await readBytes(filename, bytes)).toMatchObject({ project, name, version: expected });
});

const INFO = metadataText({ ...FOO, metadata: 'Summary: right' });
const OTHER_INFO = metadataText({ ...FOO, metadata: 'Summary: wrong' });

test.each<[string, Record<string, string>]>([
  ['in another folder', { 'Foo/PKG-INFO': INFO }],
  ['behind ./', { './foo-1.0/PKG-INFO': INFO }],
  ['without a folder', { 'PKG-INFO': INFO }],
  ['in the right folder of two', { 'a/PKG-INFO': OTHER_INFO, 'foo-1.0/PKG-INFO': INFO, 'z/PKG-INFO': OTHER_INFO }],
  ['in a folder before that without', { 'PKG-INFO': OTHER_INFO, 'a/PKG-INFO': INFO }],
  ['at the top before that of egg-info', { 'foo-1.0/foo.egg-info/PKG-INFO': OTHER_INFO, 'foo-1.0/PKG-INFO': INFO }],
])('readPackage() finds PKG-INFO %s', async (_what, files) => {
  const { metadata } = await readBytes('foo-1.0.tar.gz', sdistOf(files));
  expect(metadata.summary).toBe('right');
});

test.each([
  [
    'setup.py',
    'Foo_Bar-0.1.tar.gz',
    { 'Foo_Bar-0.1/setup.py': '' },
    { project: 'foo-bar', name: 'Foo_Bar', version: '0.1' },
  ],
  ['pyproject.toml', 'foo-1.0.tgz', { 'x/pyproject.toml': '' }, { project: 'foo', name: 'foo', version: '1.0' }],
])(
  'readPackage() takes an sdist without PKG-INFO by its name, if it has %s',
  async (_what, filename, files, expected) => {
    expect(await readBytes(filename, sdistOf(files))).toMatchObject(expected);
  },
);

test.each<[string, Uint8Array, string]>([
  ['neither PKG-INFO nor anything to build', sdistOf({ 'foo-1.0/README': '' }), 'no-metadata: has no PKG-INFO, nor'],
  ['another name in PKG-INFO', makeSdist({ ...FOO, name: 'bar' }), 'name-mismatch'],
  [
    'another version in PKG-INFO',
    makeSdist({ ...FOO, version: '1.1' }),
    'version-mismatch: is named for version 1.0, but its metadata says "1.1"',
  ],
  ['an empty PKG-INFO', sdistOf({ 'foo-1.0/PKG-INFO': '' }), 'bad-metadata'],
])('readPackage() refuses an sdist with %s', async (_what, bytes, why) => {
  expect(await whyHeld('foo-1.0.tar.gz', bytes)).toContain(why);
});
