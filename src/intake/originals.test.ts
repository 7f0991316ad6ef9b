import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import {
  checkOriginalsFolder,
  freeName,
  keptNames,
  makeOriginalsFolder,
  originalsFolder,
  originalsFolders,
  originalsPath,
} from './originals.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

test('freeName() keeps each file of one name: FILE, FILE.2, FILE.3', () => {
  const names = Array.from({ length: 3 }, () => {
    const name = freeName(site.root, 'a.whl');
    site.put(name, '');
    return name;
  });
  expect(names).toEqual(['a.whl', 'a.whl.2', 'a.whl.3']);
  expect(keptNames(site.root, 'a.whl')).toEqual(names);
});

test.each(['originals', 'originals/glibc'])('checkOriginalsFolder() refuses a link in the place of %s', (path) => {
  site.put('outside/file', '');
  if (path.includes('/')) site.put('originals/file', '');
  symlinkSync(join(site.root, 'outside'), join(site.root, path));
  expect(() => checkOriginalsFolder(site.root, 'glibc')).toThrow(
    expect.objectContaining({
      message: `Cannot move to "${join(site.root, path)}": it is no folder`,
      hint: 'move it away',
    }),
  );
  expect(() => makeOriginalsFolder(site.root, 'glibc')).toThrow('it is no folder');
});

test('makeOriginalsFolder() makes what is not there, and takes what is', () => {
  for (const repository of ['glibc', 'glibc', '.']) makeOriginalsFolder(site.root, repository);
  expect(originalsFolder(site.root, '.')).toBe(join(site.root, 'originals'));
  expect(['glibc', 'musl'].map((repository) => checkOriginalsFolder(site.root, repository))).toEqual([true, false]);
});

test('originalsFolders() has those that are there, each once', async () => {
  for (const name of ['packages', 'glibc/packages', 'musl/packages']) site.put(`${name}/README`, '');
  const { config } = await loadSite(site.root);
  expect(originalsFolders(config)).toEqual([]);
  site.put('originals/glibc/a.whl', '');
  site.put('originals/musl', 'no folder');
  expect(originalsFolders(config)).toEqual(['originals', 'originals/glibc'].map((path) => join(site.root, path)));
});

test('originalsPath() is the path from the root of the site', () => {
  expect(['.', 'glibc'].map((repository) => originalsPath(repository, 'a.whl'))).toEqual([
    'originals/a.whl',
    'originals/glibc/a.whl',
  ]);
});
