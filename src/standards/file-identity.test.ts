import { expect, test } from 'vitest';
import { fileIdentity, isTwin } from './file-identity.ts';

test.each([
  ['names', 'Foo_Bar-1.0-py3-none-any.whl', '1.0', 'foo.bar-1.0-py3-none-any.whl', '1.0'],
  ['versions', 'foo-1.0-py3-none-any.whl', '1.0', 'foo-1.0.0-py3-none-any.whl', '1.0.0'],
  ['pre-releases', 'foo-1.0RC1-py3-none-any.whl', '1.0RC1', 'foo-1.0rc1-py3-none-any.whl', '1.0rc1'],
  ['tag sets', 'foo-1-py2.py3-none-any.whl', '1', 'foo-1-py3.py2-none-any.whl', '1'],
  ['letters of tags', 'foo-1-PY3-none-any.whl', '1', 'foo-1-py3-none-any.whl', '1'],
  ['build numbers', 'foo-1-01-py3-none-any.whl', '1', 'foo-1-1-py3-none-any.whl', '1'],
  ['sdists', 'a-b-1.0.tar.gz', '1.0', 'a_b-1.0.0.tar.gz', '1.0.0'],
])('fileIdentity() is one for two spellings of %s', (_what, a, versionOfA, b, versionOfB) => {
  expect(fileIdentity(a, versionOfA)).toBe(fileIdentity(b, versionOfB));
});

test.each([
  ['versions', 'foo-1.0-py3-none-any.whl', '1.0', 'foo-1.1-py3-none-any.whl', '1.1'],
  ['builds', 'foo-1-1-py3-none-any.whl', '1', 'foo-1-2-py3-none-any.whl', '1'],
  ['a build and none', 'foo-1-1-py3-none-any.whl', '1', 'foo-1-py3-none-any.whl', '1'],
  ['tags', 'foo-1-py2.py3-none-any.whl', '1', 'foo-1-py3-none-any.whl', '1'],
  ['suffixes', 'foo-1.0.tar.gz', '1.0', 'foo-1.0.zip', '1.0'],
])('fileIdentity() tells apart other %s', (_what, a, versionOfA, b, versionOfB) => {
  expect(fileIdentity(a, versionOfA)).not.toBe(fileIdentity(b, versionOfB));
});

test.each([
  ['Foo-1.0-py3-none-any.whl', 'foo-1.0.0-py3-none-any.whl', true],
  ['bar.x-1-py2.py3-none-any.whl', 'bar_x-1-py3.py2-none-any.whl', true],
  ['a-b-1.0.tar.gz', 'a_b-1.0.tar.gz', true],
  ['foo-1.0-py3-none-any.whl', 'foo-1.0-py3-none-any.whl', false], // the same name
  ['foo-1.0.tar.gz', 'foo-1.0-py3-none-any.whl', false],
  ['fob-1.0-py3-none-any.whl', 'foo-1.0.0-py3-none-any.whl', false],
  ['foo-x-py3-none-any.whl', 'foo-1.0-py3-none-any.whl', false], // no version
])('isTwin() of %s and %s: %s', (one, two, twins) => {
  const project = (name: string) => (name.startsWith('foo') ? 'foo' : name.startsWith('bar') ? 'bar-x' : 'a-b');
  const version = /-(\d[\d.]*\d|\d)[-.]/.exec(two)?.[1] ?? '';
  expect(isTwin(one, { filename: two, project: project(two), version })).toBe(twins);
});
