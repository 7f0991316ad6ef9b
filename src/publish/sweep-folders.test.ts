import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { INDEX_PAGE, plainTarget } from '../../test/support/plain-target.ts';
import { TestSite } from '../../test/support/site.ts';
import { type OwnedFolders, planSweep, removeEmptyParents } from './sweep-folders.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  for (const path of ['index.html', 'foo/index.html', 'foo/old.html', 'gone/index.html', 'stray.html'])
    site.put(`glibc/simple/${path}`, INDEX_PAGE);
  site.put('glibc/simple/gone/notes.txt', 'of somebody');
  site.put('glibc/simple/precious.txt', 'of somebody');
});
afterEach(() => site.close());

const PUBLISHED = new Map([['glibc/simple/foo/index.html', undefined]]);

function plan(unsure: OwnedFolders['unsure']) {
  return planSweep({
    target: plainTarget(site.root),
    repositories: ['glibc'],
    folders: ['simple', 'pypi'],
    isRoot: (path) => path === 'glibc/simple/index.html',
    lists: (_repository, project) => project === 'foo',
    published: () => PUBLISHED,
    unsure,
  });
}

const ALWAYS = ['glibc/simple/gone/index.html', 'glibc/simple/stray.html'];

test.each<[what: string, unsure: OwnedFolders['unsure'], pages: string[]]>([
  ['of projects that no repository lists', new Set(), ALWAYS],
  ['also of projects that a run that died was at', new Set(['foo']), [...ALWAYS, 'glibc/simple/foo/old.html']],
  ['of all projects where nothing is known', 'all', [...ALWAYS, 'glibc/simple/foo/old.html']],
])('planSweep() finds pages that nobody published, %s', (_what, unsure, pages) => {
  const sweep = plan(unsure);
  expect(sweep.pages.sort()).toEqual([...pages].sort());
  expect(sweep.foreign.sort()).toEqual(['glibc/simple/gone/notes.txt', 'glibc/simple/precious.txt']);
  expect(sweep.folders).toContain('glibc/simple/gone');
});

test('planSweep() leaves a few files of others alone, and passes over what systems put there', () => {
  for (let number = 0; number < 18; number++) site.put(`glibc/simple/gone/${number}.txt`, 'of somebody');
  site.put('glibc/simple/.hidden', '');
  site.put('glibc/simple/@eaDir/x', '');
  site.put('glibc/pypi', 'no folder at all');
  expect(plan(new Set()).foreign).toHaveLength(20);
});

test('planSweep() refuses where something else lives', () => {
  for (let number = 0; number < 20; number++) site.put(`glibc/simple/gone/${number}.txt`, 'of somebody');
  expect(() => plan(new Set())).toThrow(/kho did not write "glibc\/simple\/.*, 17 more/);
  expect(() => plan(new Set())).toThrow(
    expect.objectContaining({
      code: 'SITE',
      hint: 'kho owns simple/ and pypi/ of a repository wholly: move what is in it away',
    }),
  );
});

test('removeEmptyParents() goes up to the folder that kho owns, and no further', () => {
  site.put('glibc/pypi/foo/1.0/json', '{}');
  site.remove('glibc/pypi/foo/1.0/json');
  removeEmptyParents(plainTarget(site.root), 'glibc/pypi/foo/1.0/json');
  expect(existsSync(join(site.root, 'glibc/pypi/foo'))).toBe(false);
  expect(existsSync(join(site.root, 'glibc/pypi'))).toBe(true);
  removeEmptyParents(plainTarget(site.root), 'glibc/simple/foo/missing.html');
  expect(existsSync(join(site.root, 'glibc/simple/foo'))).toBe(true);
  site.put('simple/foo/x', '');
  site.remove('simple/foo/x');
  removeEmptyParents(plainTarget(site.root), 'simple/foo/x');
  expect(existsSync(join(site.root, 'simple/foo'))).toBe(false);
  expect(existsSync(join(site.root, 'simple'))).toBe(true);
});
