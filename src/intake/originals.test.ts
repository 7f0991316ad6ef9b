import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { checkOriginalsFolder, freeName, keptNames, makeOriginalsFolder, originalsFolder } from './originals.ts';

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
  expect(() => checkOriginalsFolder(site.root, 'glibc')).toThrow('it is no folder');
  expect(() => makeOriginalsFolder(site.root, 'glibc')).toThrow('it is no folder');
});

test('makeOriginalsFolder() makes what is not there, and takes what is', () => {
  for (const repository of ['glibc', 'glibc', '.']) makeOriginalsFolder(site.root, repository);
  expect(originalsFolder(site.root, '.')).toBe(join(site.root, 'originals'));
  checkOriginalsFolder(site.root, 'glibc');
});
