import { expect, test } from 'vitest';
import { folderTarget, fromRoot, inPlaceTarget, locate, splitRepository } from './target.ts';

const target = inPlaceTarget({
  root: '/srv',
  title: 'Packages',
  upstreams: new Map(),
  repositories: [
    { name: '.', folder: '/srv', packages: '/mnt/own', include: [], projects: new Map() },
    { name: 'glibc', folder: '/mnt/glibc', packages: '/mnt/wheels', include: [], projects: new Map() },
  ],
});

test.each([
  ['index.html', '/srv/index.html'],
  ['kho.toml', '/srv/kho.toml'],
  ['simple/foo/index.html', '/srv/simple/foo/index.html'],
  ['packages/sub/a.whl', '/mnt/own/sub/a.whl'],
  ['glibc/simple/index.html', '/mnt/glibc/simple/index.html'],
  ['glibc/packages/a.whl', '/mnt/wheels/a.whl'],
  ['incoming/sub/a.whl', '/srv/incoming/sub/a.whl'],
])('locate() finds %s', (path, expected) => {
  expect(locate(target, path)).toBe(expected);
});

test('folderTarget() has all repositories in one folder, with copies', () => {
  const out = folderTarget('/srv/out', true);
  expect([out.folderOf('.'), out.folderOf('glibc'), out.packagesOf('glibc')]).toEqual([
    '/srv/out',
    '/srv/out/glibc',
    '/srv/out/glibc/packages',
  ]);
  expect(out.copies).toEqual({ link: true });
  expect(locate(out, 'glibc/packages/sub/a.whl')).toBe('/srv/out/glibc/packages/sub/a.whl');
});

test('inPlaceTarget() knows where packages of a repository would be that has none', () => {
  const repositories = [{ name: 'musl', folder: '/srv/musl', include: [], projects: new Map() }];
  const { packagesOf, copies } = inPlaceTarget({ root: '/srv', title: '', upstreams: new Map(), repositories });
  expect([packagesOf('musl'), copies]).toEqual(['/srv/musl/packages', undefined]);
});

test.each([
  ['index.html', '.', 'index.html'],
  ['glibc', '.', 'glibc'],
  ['simple/foo/index.html', '.', 'simple/foo/index.html'],
  ['pypi/foo/json', '.', 'pypi/foo/json'],
  ['project/all.html', '.', 'project/all.html'],
  ['packages/a.whl', '.', 'packages/a.whl'],
  ['incoming/a.whl', '.', 'incoming/a.whl'],
  ['glibc/index.html', 'glibc', 'index.html'],
  ['/x', '', 'x'],
])('splitRepository() of %s is %s and %s, and fromRoot() puts them together', (path, repository, rest) => {
  expect(splitRepository(path)).toEqual({ repository, rest });
  if (repository !== '') expect(fromRoot(repository, rest)).toBe(path);
});
