import { expect, test } from 'vitest';
import { folders, folderTree } from '../../test/support/folder-tree.ts';
import { loadSite } from './load-config.ts';

test('loadSite() makes a site of folders alone', async () => {
  const root = folderTree(folders('glibc/packages'));
  expect(await loadSite(root)).toEqual({
    notes: [],
    config: {
      root,
      title: 'Python packages',
      upstreams: new Map(),
      repositories: [
        {
          name: 'glibc',
          folder: `${root}/glibc`,
          packages: `${root}/glibc/packages`,
          include: [],
          platforms: [{ system: 'glibc' }],
          platformsByName: true,
          projects: new Map(),
        },
      ],
    },
  });
});

test('loadSite() adds what kho.toml says', async () => {
  const root = folderTree({
    ...folders('glibc/packages', 'common/packages'),
    'kho.toml': `title = "Farm"\nurl = "https://x.vn/py/"\n[repositories.glibc]\ninclude = ["common"]\n[repositories.all]\ninclude = ["glibc"]`,
  });
  const { config } = await loadSite(root);
  expect(config).toMatchObject({
    title: 'Farm',
    url: 'https://x.vn/py',
    repositories: [
      { name: 'all', folder: `${root}/all`, include: ['glibc'] },
      { name: 'common', include: [] },
      { name: 'glibc', include: ['common'] },
    ],
  });
  expect(config.repositories[0]).not.toHaveProperty('packages');
});

test('loadSite() puts a repository that is nothing but includes where its link leads', async () => {
  const disk = folderTree({});
  const root = folderTree({
    ...folders('a/packages'),
    all: `-> ${disk}`,
    'kho.toml': 'repositories.all.include = ["a"]',
  });
  const { config } = await loadSite(root);
  expect(config.repositories.find(({ name }) => name === 'all')?.folder).toBe(disk);
});

test('loadSite() lists all faults of kho.toml in their order, with file, line and column', async () => {
  const root = folderTree({
    ...folders('a/packages'),
    'kho.toml': 'titel = "x"\n[repositories.a]\ninclude = ["b"]\nx = 1\n',
  });
  const error = await loadSite(root).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'CONFIG', hint: expect.stringContaining('docs/config.md') });
  expect(error.message.split('\n')).toEqual([
    'Cannot use kho.toml: it has 3 faults',
    `${root}/kho.toml:1:1: titel is no key that kho knows; did you mean "title"?`,
    `${root}/kho.toml:3:12: "a" includes "b", which is no repository`,
    `${root}/kho.toml:4:1: repositories.a.x is no key that kho knows`,
  ]);
});

test.each([
  ['no repository', folders('docs'), 'SITE', 'no folder in it has a "packages" folder'],
  ['kho.toml that is no TOML', { ...folders('a/packages'), 'kho.toml': '[' }, 'CONFIG', 'kho.toml:1:2: '],
  ['kho.toml that is a folder', folders('a/packages', 'kho.toml'), 'READ', 'Cannot read'],
  ['kho.toml that leads nowhere', { ...folders('a/packages'), 'kho.toml': '-> /nowhere' }, 'READ', 'Cannot read'],
  [
    'a file where a repository should be',
    { ...folders('a/packages'), all: '', 'kho.toml': 'repositories.all.include = ["a"]' },
    'SITE',
    'is no folder',
  ],
])('loadSite() refuses %s', async (_what, tree, code, message) => {
  await expect(loadSite(folderTree(tree as Record<string, string>))).rejects.toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

test('loadSite() of a site that needs a newer kho says which one, and nothing else', async () => {
  const needing = folderTree({ ...folders('glibc/packages'), 'kho.toml': 'needs = "99.1"\nlater = 1\n' });
  await expect(loadSite(needing)).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringMatching(/^Cannot use ".*kho\.toml": it needs kho 99\.1 or later, and this is kho \d/),
    hint: expect.stringContaining('install kho 99.1'),
  });
  const silent = folderTree({ ...folders('glibc/packages'), 'kho.toml': 'later = 1\n' });
  await expect(loadSite(silent)).rejects.toMatchObject({ hint: expect.stringContaining('a newer one may know more') });
});

test('loadSite() tells of repositories whose names kho is going to use itself', async () => {
  const { config, notes } = await loadSite(folderTree(folders('sync/packages', 'glibc/packages')));
  expect(config.repositories.map(({ name }) => name)).toEqual(['glibc', 'sync']);
  expect(notes).toEqual([expect.stringContaining('"sync" has a name that kho uses itself')]);
});
