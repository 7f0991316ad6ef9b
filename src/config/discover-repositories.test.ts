import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { folders, folderTree } from '../../test/support/folder-tree.ts';
import { discoverRepositories } from './discover-repositories.ts';

test('discoverRepositories() takes each direct sub-folder with packages/, sorted, and the site itself', async () => {
  const root = folderTree({
    ...folders('packages', 'musl/packages', 'glibc/packages', 'docs', 'deep/er/packages'),
    'README.txt': 'packages',
  });
  expect(await discoverRepositories(root)).toEqual({
    notes: [],
    repositories: [
      { name: '.', folder: root, packages: `${root}/packages` },
      { name: 'glibc', folder: `${root}/glibc`, packages: `${root}/glibc/packages` },
      { name: 'musl', folder: `${root}/musl`, packages: `${root}/musl/packages` },
    ],
  });
});

test('discoverRepositories() leaves alone what has a reserved name, starts with a dot, or is lost', async () => {
  const root = folderTree(
    folders(
      'simple/packages',
      'pypi/packages',
      'incoming/packages',
      'Originals/packages',
      '.x/packages',
      'lost+found/packages',
      '@eaDir/packages',
      '#recycle/packages',
      '$RECYCLE.BIN/packages',
    ),
  );
  expect(await discoverRepositories(root)).toEqual({ notes: [], repositories: [] });
});

test('discoverRepositories() follows links to a bigger disk', async () => {
  const disk = folderTree(folders('one', 'two/packages'));
  const root = folderTree({ 'glibc/packages': `-> ${disk}/one`, musl: `-> ${disk}/two`, notes: `-> ${disk}/one` });
  const { repositories } = await discoverRepositories(root);
  expect(repositories).toEqual([
    { name: 'glibc', folder: `${root}/glibc`, packages: `${disk}/one` },
    { name: 'musl', folder: `${disk}/two`, packages: `${disk}/two/packages` },
  ]);
});

test('discoverRepositories() takes a folder once, by its own name, and says so', async () => {
  const root = folderTree({ ...folders('glibc/packages'), alias: '-> glibc', 'file-link': '-> f', f: '' });
  const { repositories, notes } = await discoverRepositories(root);
  expect(repositories.map(({ name }) => name)).toEqual(['glibc']);
  expect(notes).toEqual(['alias is a link to glibc: the same repository under a second name']);
});

test('discoverRepositories() says that it leaves a name alone that is not UTF-8', async () => {
  const root = folderTree({});
  mkdirSync(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9])]));
  expect((await discoverRepositories(root)).notes).toEqual([
    'the folder "caf\ufffd" is left alone: its name is not UTF-8',
  ]);
});

test.each([
  [
    'packages that leads nowhere',
    { 'a/packages': '-> /nowhere' },
    'READ',
    'is a link to "/nowhere", which is not there',
  ],
  ['a folder that leads nowhere', { a: '-> /nowhere' }, 'READ', 'is a link to "/nowhere", which is not there'],
  ['a link to itself', { a: '-> a' }, 'READ', 'Cannot look into'],
  ['packages that is a file', { 'a/packages': '' }, 'SITE', 'it is no folder'],
  ['a name that no address should have', folders('a:b/packages'), 'SITE', 'the folder "a:b"'],
  ['packages around the repository', { 'a/packages': '-> .' }, 'SITE', 'lies inside of'],
  ['packages around the site', { 'a/packages': '-> ../..' }, 'SITE', 'lies inside of'],
  [
    'a repository in the packages of another',
    { ...folders('a/packages/x/packages'), b: '-> a/packages/x' },
    'SITE',
    'lies inside of',
  ],
] as const)('discoverRepositories() refuses %s', async (_what, tree, code, message) => {
  const root = folderTree(tree as Record<string, string>);
  await expect(discoverRepositories(root)).rejects.toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message), hint: expect.any(String) }),
  );
});

test('discoverRepositories() refuses a link to a folder around the site', async () => {
  const outside = folderTree({ ...folders('packages'), 'srv/PyPI/a': '-> ../..' });
  await expect(discoverRepositories(`${outside}/srv/PyPI`)).rejects.toThrow('leads to a folder around the site');
});
