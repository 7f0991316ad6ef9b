import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { INDEX_PAGE, plainTarget } from '../../test/support/plain-target.ts';
import { TestSite } from '../../test/support/site.ts';
import { KhoError } from '../errors.ts';
import { checkNoLinks, checkOwnedFolders, namePaths } from './check-folders.ts';

let site: TestSite;
let outside: TestSite;
beforeEach(() => {
  [site, outside] = [new TestSite(), new TestSite()];
  site.put('glibc/simple/foo/index.html', INDEX_PAGE);
  site.put('glibc/packages/foo-1.0.tar.gz', '');
  outside.put('index.html', INDEX_PAGE);
});
afterEach(() => {
  site.close();
  outside.close();
});

const check = (repositories: string[]) =>
  checkOwnedFolders(plainTarget(site.root), repositories, ['simple', 'pypi'], 'what to do');

function thrownBy(act: () => void): KhoError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(KhoError);
    return error as KhoError;
  }
  throw new Error('it throws nothing');
}

test('checkOwnedFolders() takes folders of pages, and such as are not there', () => {
  check(['glibc']);
});

test('checkOwnedFolders() refuses a folder that holds anything else, and names it with what to do', () => {
  const path = join(site.root, site.put('glibc/pypi/foo/foo-1.0.tar.gz', 'precious'));
  check([]); // those that an earlier run published are not looked at
  expect(thrownBy(() => check(['glibc']))).toMatchObject({
    code: 'SITE',
    message: `Cannot publish into "${site.root}": kho did not write "${path}"`,
    hint: 'what to do',
  });
});

test.each([
  ['simple', 'glibc/simple'],
  ['pypi', 'glibc/pypi'],
  ['project', 'glibc/project'],
  ['a folder in simple', 'glibc/simple/bar'],
  ['what kho remembers of descriptions', '.kho/readmes'],
  ['a folder at the top', 'project'],
])('checkNoLinks() refuses a link in the place of %s', (_what, path) => {
  site.put('.kho/state', '');
  checkNoLinks(plainTarget(site.root), ['glibc']);
  site.put('glibc/pypi/foo/json', '{}');
  if (path === 'glibc/pypi') site.remove(path);
  if (path === 'glibc/simple') site.remove(path);
  symlinkSync(outside.root, join(site.root, path));
  expect(thrownBy(() => checkNoLinks(plainTarget(site.root), ['glibc']))).toMatchObject({
    code: 'SITE',
    message: `Cannot publish: "${join(site.root, path)}" is a link, and kho owns this folder wholly`,
    hint: expect.stringContaining('put the folder itself there'),
  });
});

test('checkNoLinks() takes a file in the place of a folder, and refuses a link in the place of what kho remembers', () => {
  site.put('glibc/pypi', 'a text');
  checkNoLinks(plainTarget(site.root), ['glibc']);
  mkdirSync(join(outside.root, 'state'));
  symlinkSync(join(outside.root, 'state'), join(site.root, '.kho'));
  expect(thrownBy(() => checkNoLinks(plainTarget(site.root), [])).message).toContain('.kho');
});

test.each([
  [['a'], '"a"'],
  [['a', 'b', 'c', 'd', 'e'], '"a", "b", "c", "d", "e"'],
  [['a', 'b', 'c', 'd', 'e', 'f', 'g'], '"a", "b", "c", "d", "e", 2 more'],
])('namePaths() of %j is %s', (paths, words) => {
  expect(namePaths(paths)).toBe(words);
});
