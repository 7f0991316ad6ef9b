/** For which Pythons is asked where nobody says it, and what is refused. */
import { expect, test } from 'vitest';
import { makeFile, makeProject } from '../../test/support/make-project.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { readPlatform } from '../standards/platforms/platform.ts';
import { chooseTargets, repositoryNamed, type TargetOptions } from './choose-target.ts';

/** By repository: file names of one project. The first is for glibc-x86_64 and the second for musl-x86_64 only. */
function choose(wheels: Record<string, string[]>, more: Partial<TargetOptions> = {}, platforms = ['glibc', 'musl']) {
  const repositories = Object.keys(wheels).map(
    (name, place): RepositoryConfig => ({
      ...{ name, folder: name, packages: name, include: [], projects: new Map() },
      ...(platforms[place] && { platforms: [readPlatform(`${platforms[place]}-x86_64`)!] }),
    }),
  );
  const catalogs = Object.entries(wheels).map(([repository, names]) => {
    const files = names.map((name) => makeFile(name));
    return { repository, projects: [makeProject('foo', [{ version: '1.0', files }])], held: new Map() };
  });
  const config = { repositories } as Partial<SiteConfig> as SiteConfig;
  const targets = chooseTargets(config, catalogs, { repositoryOption: '--to', ...more });
  return targets.map(({ repository, machine }) => `${repository.name} ${machine.platform} ${machine.python.written}`);
}

const wheel = (python: string, platform = 'manylinux_2_17_x86_64', abi = python) =>
  `foo-1.0-${python}-${abi}-${platform}.whl`;
const FOR_GLIBC = { for: ['glibc-x86_64'] };

test.each<[what: string, wheels: string[], python: string]>([
  ['the newest that it has wheels for', [wheel('cp39'), wheel('cp311'), wheel('cp310')], '3.11'],
  ['no free-threaded one unasked', [wheel('cp312'), wheel('cp313', undefined, 'cp313t')], '3.12'],
])('chooseTargets() takes %s', (_what, wheels, python) => {
  expect(choose({ a: wheels }, FOR_GLIBC)).toEqual([`a glibc-x86_64 ${python}`]);
});

test('chooseTargets() fills an empty repository for the newest Python of the others', () => {
  expect(choose({ a: [], b: [wheel('cp311', 'musllinux_1_2_x86_64')] }, FOR_GLIBC)).toEqual(['a glibc-x86_64 3.11']);
});

test('chooseTargets() answers once for each machine that is asked for, however often it is', () => {
  const asked = { for: ['glibc-x86_64', 'musl-x86_64', 'glibc-x86_64'], python: ['3.11', '3.10', '3.11'] };
  expect(choose({ a: [], b: [] }, asked)).toEqual([
    'a glibc-x86_64 3.11',
    'a glibc-x86_64 3.10',
    'b musl-x86_64 3.11',
    'b musl-x86_64 3.10',
  ]);
});

test('chooseTargets() takes all platforms that the site has, where none is asked for', () => {
  const wheels = { a: [wheel('cp311')], b: [wheel('cp311', 'musllinux_1_2_x86_64')] };
  expect(choose(wheels)).toEqual(['a glibc-x86_64 3.11', 'b musl-x86_64 3.11']);
  expect(choose(wheels, { repository: 'b' })).toEqual(['b musl-x86_64 3.11']);
});

const ARCHITECTURES = ['x86_64', 'i686', 'aarch64', 'armv7l', 'ppc64le', 's390x', 'riscv64', 'loongarch64', 'ppc64'];

test.each<[what: string, run: () => unknown, why: string]>([
  [
    'which Python, where no wheel names one',
    () => choose({ a: ['foo-1.0-py3-none-any.whl'] }, FOR_GLIBC),
    'which Python is meant',
  ],
  ['a Python that is none', () => choose({ a: [] }, { ...FOR_GLIBC, python: ['three'] }), 'three'],
  [
    'for which machines, where nothing tells',
    () => choose({ a: ['foo-1.0-py3-none-any.whl'] }, {}, []),
    'nothing tells',
  ],
  [
    'too many machines at once',
    () => choose({ a: ARCHITECTURES.map((architecture) => wheel('cp311', `manylinux_2_17_${architecture}`)) }, {}, []),
    'too many platforms',
  ],
  ['a repository that is not there', () => choose({ aa: [] }, { ...FOR_GLIBC, repository: 'ab' }), 'none of that name'],
])('chooseTargets() refuses %s', (_what, run, why) => {
  expect(run).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(why) }));
});

test('repositoryNamed() suggests what may be meant, and names all', () => {
  const config = { repositories: [{ name: 'glibc' }, { name: 'musl' }] } as SiteConfig;
  expect(repositoryNamed('musl', config).name).toBe('musl');
  const fault = { message: expect.stringContaining('glibc'), hint: 'it has glibc, musl' };
  expect(() => repositoryNamed('glib', config)).toThrow(expect.objectContaining(fault));
});
