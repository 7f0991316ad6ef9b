import { expect, test } from 'vitest';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { readPlatform } from '../standards/platforms/platform.ts';
import { chooseTargets } from './choose-target.ts';
import { servedPlatforms } from './served-machines.ts';

/** By name: its platforms as in kho.toml; null where nothing says them. */
function choose(platforms: Record<string, string[] | null>, asked: string, more: { repository?: string } = {}) {
  const repositories = repositoriesOf(platforms);
  const catalogs = repositories.map(({ name }) => ({ repository: name, projects: [], held: new Map() }));
  const config = { repositories } as Partial<SiteConfig> as SiteConfig;
  const options = { for: [asked], python: ['3.11'], repositoryOption: '--to', ...more };
  return chooseTargets(config, catalogs, options).map(({ repository }) => repository.name);
}

function repositoriesOf(platforms: Record<string, string[] | null>): RepositoryConfig[] {
  return Object.entries(platforms).map(([name, list]) => ({
    ...{ name, folder: name, packages: name, include: [], projects: new Map() },
    ...(list && { platforms: list.map((text) => readPlatform(text)!) }),
  }));
}

const README = { glibc: ['glibc-x86_64'], musl: ['musl-x86_64'], armhf: ['armhf'], common: [] };
const BY_NAME = { glibc: ['glibc'], musl: ['musl'], armhf: ['armhf'], common: [] };

test.each<[asked: string, platforms: Record<string, string[] | null>, repository: string]>([
  ['armhf', README, 'armhf'],
  ['musl-x86_64', README, 'musl'],
  ['armhf', BY_NAME, 'armhf'],
  ['glibc-x86_64', BY_NAME, 'glibc'],
  ['glibc-x86_64', { glibc: ['glibc'], anything: null }, 'glibc'],
  ['glibc-x86_64', { anything: null, armhf: ['armhf'] }, 'anything'],
])('chooseTargets() serves %s of %j from %s', (asked, platforms, repository) => {
  expect(choose(platforms, asked)).toEqual([repository]);
});

test('servedPlatforms() has a column for those repositories only that such machines use', () => {
  const repositories = repositoriesOf({ glibc: ['glibc'], armhf: ['armhf'], musl: ['musl'], common: [], any: null });
  const serving = (platform: string, among = repositories) =>
    among.filter((each) => servedPlatforms(each, [], among, [platform]).length > 0).map(({ name }) => name);
  expect(serving('glibc-armv7l')).toEqual(['armhf']);
  expect(serving('glibc-aarch64')).toEqual(['glibc']);
  expect(serving('windows-amd64')).toEqual(['any']);
  expect(serving('glibc-armv7l', repositoriesOf({ one: ['armhf'], two: ['armhf'], glibc: ['glibc'] }))).toEqual([
    'one',
    'two',
  ]);
});

test('chooseTargets() asks where two are as good, and takes the one that is named', () => {
  const two = { old: ['armhf'], new: ['armhf'] };
  expect(() => choose(two, 'armhf')).toThrow('several repositories serve glibc-armv7l');
  expect(choose(two, 'armhf', { repository: 'new' })).toEqual(['new']);
  expect(() => choose(README, 'musl-armv7l')).toThrow('no repository serves musl-armv7l');
});
