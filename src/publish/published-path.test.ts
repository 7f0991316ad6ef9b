import { expect, test } from 'vitest';
import { isOwnPath, leadsDown } from './published-path.ts';

test.each(['a', 'a/b', 'a/b.c/..d', 'a/...'])('leadsDown() takes %j', (path) => {
  expect(leadsDown(path)).toBe(true);
});

test.each(['', '/a', 'a/', 'a//b', '.', '..', 'a/..', '../a', 'a/../b', './a', 'a\0b', 7, undefined])(
  'leadsDown() refuses %j',
  (path) => {
    expect(leadsDown(path)).toBe(false);
  },
);

test.each([
  ['simple/index.html', true],
  ['glibc/simple/foo/index.json', true],
  ['pypi/foo/json', true],
  ['glibc/project/held.html', true],
  ['index.html', true],
  ['glibc/index.html.gz', true],
  ['glibc/SHA256SUMS', true],
  ['glibc/packages/sub/foo.whl.metadata', true],
  ['packages/foo.whl.metadata', true],
  ['glibc/sync/head.json', true],
  ['sync/head.json', true],
  ['sync/simple/index.html', true], // of a repository of that name
  ['glibc/sync/notes.txt', false],
  ['sync/notes.txt', false],
  ['glibc/sync/sub/head.json', false],
  ['glibc/other/head.json', false],
  ['glibc/packages/foo.whl', false],
  ['packages/foo.whl', false],
  ['kho.toml', false],
  ['glibc', false],
  ['glibc/other/index.html', false],
  ['glibc/other/foo.whl.metadata', false],
  ['a/b/simple/index.html', false],
  ['glibc/simple/../../kho.toml', false],
])('isOwnPath() of %s is %s', (path, isOwn) => {
  expect(isOwnPath(path, false)).toBe(isOwn);
});

test('isOwnPath() counts packages where they are copies', () => {
  expect(isOwnPath('glibc/packages/foo.whl', true)).toBe(true);
  expect(isOwnPath('kho.toml', true)).toBe(false);
});
