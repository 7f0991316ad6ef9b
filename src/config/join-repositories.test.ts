import { expect, test } from 'vitest';
import { joinRepositories } from './join-repositories.ts';
import { loadSettings } from './load-settings.ts';

function join(onDisk: string[], toml: string) {
  const found = onDisk.map((name) => ({ name, folder: `/disk/${name}`, packages: `/disk/${name}/packages` }));
  return joinRepositories('/srv', found, loadSettings(Buffer.from(toml)));
}

function includes(onDisk: string[], toml: string) {
  const { repositories, faults } = join(onDisk, toml);
  expect(faults).toEqual([]);
  return Object.fromEntries(repositories.map(({ name, include }) => [name, include]));
}

test('joinRepositories() takes what is on disk, and adds what kho.toml says', () => {
  const { repositories } = join(['glibc', '.'], '[repositories.glibc.projects.Foo]\nstatus = "archived"');
  expect(repositories).toEqual([
    { name: '.', folder: '/disk/.', packages: '/disk/./packages', include: [], projects: new Map() },
    {
      name: 'glibc',
      folder: '/disk/glibc',
      packages: '/disk/glibc/packages',
      include: [],
      platforms: [{ system: 'glibc' }],
      platformsByName: true,
      projects: new Map([['foo', { status: 'archived' }]]),
    },
  ]);
});

test('joinRepositories() takes a repository that is nothing but includes', () => {
  const { repositories, faults } = join(['glibc'], '[repositories.all]\ninclude = ["glibc"]');
  expect(faults).toEqual([]);
  expect(repositories[0]).toEqual({ name: 'all', folder: '/srv/all', include: ['glibc'], projects: new Map() });
});

test('joinRepositories() lets files replace others only where kho.toml says so', () => {
  const { repositories } = join(['a', 'b', 'c'], '[repositories]\na.overwrite = true\nb.overwrite = false');
  expect(repositories.map(({ overwrite }) => overwrite)).toEqual([true, undefined, undefined]);
});

test('joinRepositories() goes by what a name says of machines, unless kho.toml says it', () => {
  const toml = '[repositories]\nmusl.platforms = ["*"]\na = { glibc = "2.31", musl = "1.2.3", retag = true }';
  const { repositories } = join(['a', 'armhf', 'common', 'musl', 'musl-x86_64'], toml);
  expect(repositories.map(({ platforms, platformsByName }) => [platforms, platformsByName])).toEqual([
    [undefined, undefined],
    [[{ system: 'glibc', architecture: 'armv7l' }], true],
    [[], true],
    ['everything', undefined],
    [[{ system: 'musl', architecture: 'x86_64' }], true],
  ]);
  expect(repositories[0]).toMatchObject({ glibc: { '*': '2.31' }, musl: '1.2.3', retag: true });
});

test.each([
  ['in the order of kho.toml', 'a.include = ["c", "b"]', { a: ['c', 'b'] }],
  ['named twice, once', 'a.include = ["b", "b"]', { a: ['b'] }],
  ['the site itself', 'a.include = ["."]', { a: ['.'] }],
])('joinRepositories() includes %s', (_what, toml, expected) => {
  expect(includes(['.', 'a', 'b', 'c', 'd'], `[repositories]\n${toml}`)).toMatchObject(expected);
});

test.each([
  ['a.include = ["muls"]', 2, '"a" includes "muls", which is no repository; did you mean "musl"?'],
  ['x = {}', 2, 'There is no repository "x": no folder "x/packages", and nothing that it includes'],
  [
    'mucl.include = []',
    2,
    'There is no repository "mucl": no folder "mucl/packages", and nothing that it includes; did you mean "musl"?',
  ],
  ['a.include = ["a"]', 2, 'A repository cannot include itself: "a" includes "a"'],
  ['a.include = ["musl"]\nmusl.include = ["b"]\nb.include = ["musl"]', 4, '"musl" includes "b" includes "musl"'],
])('joinRepositories() finds the fault in %j', (toml, line, message) => {
  const { faults } = join(['a', 'b', 'musl'], `[repositories]\n${toml}`);
  expect(faults).toEqual([{ position: expect.objectContaining({ line }), message: expect.stringContaining(message) }]);
});

test.each([
  ['[follow]\ninto = "new"', ['a'], []],
  ['[follow]\nrepository = "new"', ['a'], []],
  ['[follow]', [], []],
  ['[follow]', ['a'], ['new']],
  ['[follow]\ninto = "a"\nrepository = "new"', ['a'], ['new']],
])('joinRepositories() asks for no folder where kho pull makes it: %j beside %j', (follow, found, missing) => {
  const { faults } = join(found, `[repositories.new]\n${follow}\n`);
  expect(faults.map(({ message }) => message)).toEqual(missing.map((name) => expect.stringContaining(`"${name}"`)));
});

test.each(['simple', '.x', 'a/b', ''])(
  'joinRepositories() asks for no folder called %j, which could be none',
  (name) => {
    expect(join(['a'], `[repositories.${JSON.stringify(name)}]`).faults).toEqual([]);
  },
);

test('joinRepositories() tells of a mirror from an upstream that is not there', () => {
  const toml = (from: string) => `[upstreams.public]\n[repositories.glibc.mirror]\nfrom = "${from}"`;
  expect(join(['glibc'], toml('public')).faults).toEqual([]);
  expect(join(['glibc'], toml('publik')).faults).toMatchObject([
    { message: '"glibc" has the upstream "publik", for which there is no [upstreams.NAME]; did you mean "public"?' },
  ]);
  expect(join(['glibc'], toml('public')).repositories[0]?.mirror).toEqual({
    ...{ from: 'public', projects: [], needs: [], pythons: [], releases: 1 },
    ...{ dependencies: true, sdists: false, prereleases: false },
  });
});
