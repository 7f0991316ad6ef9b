import { expect, test } from 'vitest';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import type { BinaryFacts } from '../standards/platforms/binary-facts.ts';
import { readPlatform } from '../standards/platforms/platform.ts';
import { chooseRepositories } from './choose-repositories.ts';

/** Lines like `common: pure`, `musl: musl < common`, `all: * < glibc`, `team` (says nothing), `none: glibc, no packages`. */
function siteOf(...lines: string[]): SiteConfig {
  const repositories = lines.map((line): RepositoryConfig => {
    const [, name = '', platforms, included, empty] =
      /^(\S+?)(?:: (\S+))?(?: < (\S+))?(, no packages)?$/.exec(line) ?? [];
    return {
      name,
      folder: `/${name}`,
      ...(!empty && { packages: `/${name}/packages` }),
      include: included?.split('+') ?? [],
      ...(platforms === '*' && { platforms: 'everything' as const }),
      ...(platforms &&
        platforms !== '*' && { platforms: platforms.split('+').flatMap((text) => readPlatform(text) ?? []) }),
      projects: new Map(),
    };
  });
  return { root: '/', title: '', upstreams: new Map(), repositories };
}

const FILES: Record<string, [platform: string, libc?: BinaryFacts['libc'], architecture?: string]> = {
  pure: ['any'],
  glibc: ['linux_x86_64', 'glibc'],
  musl: ['linux_x86_64', 'musl'],
  neutral: ['linux_x86_64', 'neutral'],
  arm: ['linux_armv7l', 'glibc', 'armv7l'],
  windows: ['win_amd64'],
  lying: ['manylinux_2_17_x86_64', 'musl'],
};

function choose(file: string, site: SiteConfig): string {
  const [platform, libc, architecture = 'x86_64'] = FILES[file] as (typeof FILES)[string];
  const binaries: BinaryFacts | undefined = libc && { libc, architectures: [architecture], evidence: {} };
  const choice = chooseRepositories(
    { filename: `foo-1.0-py3-none-${platform}.whl`, ...(binaries && { binaries }) },
    site,
  );
  if (choice.is === 'for') return choice.repositories.map(({ name }) => name).join(' ');
  return choice.is === 'undecided' ? `? ${choice.between.map(({ name }) => name).join(' ')}` : 'none';
}

const THREE = ['armhf: armhf < common', 'common: pure', 'glibc: glibc < common', 'musl: musl < common'];
const APART = ['glibc: glibc', 'musl: musl'];

test.each([
  ['glibc', THREE, 'glibc'],
  ['musl', THREE, 'musl'],
  ['neutral', THREE, 'glibc musl'],
  ['arm', THREE, 'armhf glibc'],
  ['pure', THREE, 'common'],
  ['windows', THREE, 'none'],
  ['lying', THREE, 'none'],
  ['pure', APART, 'glibc musl'],
  ['pure', ['armhf: armhf', 'common: pure', 'glibc: glibc < common'], 'common armhf'],
  ['pure', ['common: pure', 'glibc: glibc < base', 'base: pure < common, no packages'], 'common'],
  ['pure', ['common: pure', 'glibc: glibc < base', 'base: musl'], 'common glibc base'],
  ['pure', ['common: pure', 'glibc: glibc < gone'], 'common glibc'],
  ['pure', ['team'], 'team'],
  ['musl', ['team'], 'team'],
  ['lying', ['team'], 'none'],
  ['pure', ['blue', 'red'], '? blue red'],
  ['musl', ['blue', 'red'], '? blue red'],
  ['glibc', [...APART, 'team'], 'glibc'],
  ['pure', [...APART, 'team'], 'glibc musl team'],
  ['windows', [...APART, 'team'], 'team'],
  ['windows', [...APART, 'blue', 'red'], '? blue red'],
  ['musl', [...APART, 'all: *'], 'musl all'],
  ['musl', ['musl: musl, no packages'], '? '],
])('chooseRepositories() for a %s file among %j: %s', (file, repositories, expected) => {
  expect(choose(file, siteOf(...repositories))).toBe(expected);
});
