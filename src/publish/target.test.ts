import { expect, test } from 'vitest';
import { inPlaceTarget, locate } from './target.ts';

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
