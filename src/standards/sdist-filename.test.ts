import { expect, test } from 'vitest';
import { normalizeName } from './name.ts';
import { parseSdistFilename, sdistVersionFor } from './sdist-filename.ts';

test.each([
  ['foo-1.0.tar.gz', '.tar.gz', 'foo', '1.0'],
  ['foo_bar-1.0.zip', '.zip', 'foo-bar', '1.0'],
  ['Foo.Bar-baz-1.0.tar.bz2', '.tar.bz2', 'foo-bar-baz', '1.0'],
  ['foo-1.0.tar.xz', '.tar.xz', 'foo', '1.0'],
  ['foo-1.0.tgz', '.tgz', 'foo', '1.0'],
  ['a-1-1.tar.gz', '.tar.gz', 'a', '1-1'], // a post release, as in old days
  ['foo-bar-1.0-2.zip', '.zip', 'foo-bar', '1.0-2'],
  ['foo-1.0-rc1.tar.gz', '.tar.gz', 'foo', '1.0-rc1'],
  ['foo-1!2.0+local.1.tar.gz', '.tar.gz', 'foo', '1!2.0+local.1'],
  ['foo-2-bar-1.0.tar.gz', '.tar.gz', 'foo-2-bar', '1.0'],
  ['pytz-2004d.tar.gz', '.tar.gz', 'pytz', '2004d'], // a legacy version
  ['foo-bar-1.0-final.tar.gz', '.tar.gz', 'foo-bar', '1.0-final'],
  ['foo-bar-latest.tar.gz', '.tar.gz', 'foo', 'bar-latest'],
  ['python-v1.0.x.tar.gz', '.tar.gz', 'python', 'v1.0.x'],
])('parseSdistFilename() guesses %j', (filename, suffix, project, version) => {
  const parsed = parseSdistFilename(filename);
  expect(parsed.suffix).toBe(suffix);
  expect(parsed.candidates[0]).toEqual({ project, version });
});

test('parseSdistFilename() offers the other dashes too', () => {
  expect(parseSdistFilename('foo-2-bar-1.0-1.tar.gz').candidates).toEqual([
    { project: 'foo-2-bar', version: '1.0-1' },
    { project: 'foo-2-bar-1-0', version: '1' },
    { project: 'foo', version: '2-bar-1.0-1' },
    { project: 'foo-2', version: 'bar-1.0-1' },
  ]);
});

test.each([
  ['foo-1.0.whl', 'it must end in one of'],
  ['foo-1.0.tar.GZ', 'it must end in one of'],
  ['foo-1.0.tar', 'it must end in one of'],
  ['foo.tar.gz', 'is not a valid project name, a dash and a version'],
  ['foo-.tar.gz', 'is not a valid project name, a dash and a version'],
  ['-1.0.tar.gz', 'is not a valid project name, a dash and a version'],
  ['.tar.gz', 'is not a valid project name, a dash and a version'],
  ['_foo-1.0.tar.gz', 'is not a valid project name, a dash and a version'],
  ['../foo-1.0.tar.gz', 'only ASCII letters'],
  ['foo-1.0\n.tar.gz', 'only ASCII letters'],
  ['foo-"1.0".tar.gz', 'only ASCII letters'],
  ['foo-1.0\ufffd.tar.gz', 'only ASCII letters'],
])('parseSdistFilename() refuses %j: %s', (filename, why) => {
  expect(() => parseSdistFilename(filename)).toThrow(expect.objectContaining({ code: 'bad-filename' }));
  expect(() => parseSdistFilename(filename)).toThrow(why);
});

test.each([
  ['a-1-1.tar.gz', 'a', '1-1'],
  ['a-1-1.tar.gz', 'a-1', '1'],
  ['Foo_Bar-2004d.zip', 'foo-bar', '2004d'],
  ['foo.bar-1.0-final.zip', 'foo-bar-1-0', 'final'],
  ['foo-bar-1.0.zip', 'foo', 'bar-1.0'],
  ['foo-bar-1.0.zip', 'baz', undefined],
])('sdistVersionFor() reads %j of project %j as %j', (filename, project, version) => {
  expect(sdistVersionFor(filename, normalizeName(project))).toBe(version);
});
