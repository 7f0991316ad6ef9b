import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folders, folderTree } from '../../test/support/folder-tree.ts';
import { findSite } from './find-site.ts';

const SITE = { ...folders('site/glibc/packages/sub', 'site/glibc/simple/foo', 'site/musl/packages', 'site/docs/more') };
const WITH_SETTINGS = { ...folders('site/glibc/packages/sub', 'site/docs'), 'site/kho.toml': '' };
const BUILT = { ...folders('site/glibc/packages/sub', 'site/docs', 'site/.kho') };
const LONE = folders('site/packages/sub');

test.each([
  ['the site', SITE, 'site', 'site'],
  ['a repository', SITE, 'site/glibc', 'site'],
  ['the packages of a repository', SITE, 'site/glibc/packages', 'site'],
  ['a folder in the packages', SITE, 'site/glibc/packages/sub', 'site'],
  ['published pages', SITE, 'site/glibc/simple/foo', 'site'],
  ['another folder of the site', SITE, 'site/docs/more', 'site'],
  ['a repository, the only one beside kho.toml', WITH_SETTINGS, 'site/glibc', 'site'],
  ['its packages', WITH_SETTINGS, 'site/glibc/packages/sub', 'site'],
  ['a repository, the only one of a site that was built before', BUILT, 'site/glibc/packages', 'site'],
  ['a site that is its own only repository', LONE, 'site', 'site'],
  ['the packages of such a site', LONE, 'site/packages/sub', 'site'],
  [
    'a site beside a site that was built before',
    { ...LONE, ...folders('other/packages', 'other/.kho') },
    'site',
    'site',
  ],
  [
    'a site beside a site with kho.toml',
    { ...LONE, ...folders('other/packages'), 'other/kho.toml': '' },
    'site',
    'site',
  ],
  ['a repository in a site in another site', { ...SITE, 'kho.toml': '' }, 'site/musl', 'site'],
])('findSite() finds the site from %s', async (_what, tree, from, expected) => {
  const base = folderTree(tree);
  const { root, notes } = await findSite(undefined, join(base, from));
  expect(root).toBe(join(base, expected));
  expect(notes).toHaveLength(from === expected ? 0 : 1);
});

test.each([
  ['a site', SITE, 'site', 'site'],
  ['a repository of a site that only its other repositories show', SITE, 'site/glibc', 'site/glibc'],
  ['a repository beside kho.toml', WITH_SETTINGS, 'site/glibc', 'site'],
  ['a repository of a site that was built before', BUILT, 'site/glibc', 'site'],
  ['an empty folder', SITE, 'site/docs', 'site/docs'],
])('findSite() takes %s as it was named', async (_what, tree, given, expected) => {
  const base = folderTree(tree);
  const { root, notes } = await findSite(given, base);
  expect(root).toBe(join(base, expected));
  expect(notes).toHaveLength(given === expected ? 0 : 1);
});

test('findSite() resolves links', async () => {
  const base = folderTree({ ...folders('disk/a/packages'), link: '-> disk' });
  expect(await findSite('link', base)).toEqual({ root: `${base}/disk`, notes: [] });
});

test('findSite() believes no sub-folders in a folder that anybody may write to, unless the search begins there', async () => {
  const base = folderTree(folders('stranger/packages', 'mine/work'));
  chmodSync(base, 0o1777);
  await expect(findSite(undefined, `${base}/mine/work`)).rejects.toThrow('Cannot find a site');
  mkdirSync(`${base}/mine/packages`);
  expect((await findSite(undefined, `${base}/mine`)).root).toBe(`${base}/mine`);
  expect((await findSite(undefined, base)).root).toBe(base);
});

test.each([
  ['that is not there', 'nowhere', 'SITE', 'Cannot look into'],
  ['that is no folder', 'file', 'SITE', 'it is no folder'],
  ['below a file', 'file/x', 'READ', 'Cannot look into'],
])('findSite() refuses a site %s', async (_what, given, code, message) => {
  const base = folderTree({ file: '' });
  await expect(findSite(given, base)).rejects.toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

test('findSite() says how to begin when there is no site', async () => {
  const base = folderTree(folders('x'));
  chmodSync(base, 0o777); // The folders above this one are not the test's to know.
  await expect(findSite(undefined, `${base}/x`)).rejects.toThrow(
    expect.objectContaining({ code: 'SITE', hint: expect.stringContaining('mkdir -p glibc/packages') }),
  );
});
