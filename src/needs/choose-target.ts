/** Which machines are asked about, and which repository serves each of them. */

import type { Project } from '../catalog/model.ts';
import type { RepositoryCatalog } from '../catalog/repository-catalog.ts';
import { seenPythons } from '../catalog/seen-machines.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { pythonSeries, type TargetMachine } from '../standards/platforms/target-machine.ts';
import { quoted } from '../standards/quoted.ts';
import { readPlatformName, readPython } from './read-machine.ts';
import { ANY_PLATFORM, machineOf, servedPlatforms, suppliersOf } from './served-machines.ts';

export interface InstallTarget {
  machine: TargetMachine;
  repository: RepositoryConfig;
  catalog: RepositoryCatalog;
}

export interface TargetOptions {
  /** As written; all that the site says it serves, when absent. */
  for?: readonly string[] | undefined;
  /** As written; the newest that the repository, else the site, has wheels for, when absent. */
  python?: readonly string[] | undefined;
  /** The name of the repository, where not exactly one serves a platform. */
  repository?: string | undefined;
  /** How that option is called. */
  repositoryOption: string;
}

/** @throws {KhoError} USAGE when it is not clear which are meant */
export function chooseTargets(
  config: SiteConfig,
  catalogs: readonly RepositoryCatalog[],
  options: TargetOptions,
): InstallTarget[] {
  const platforms = options.for ? options.for.map(readPlatformName) : platformsOfSite(config, catalogs, options);
  return [...new Set(platforms)].flatMap((platform) => {
    const repository = repositoryFor(platform, config, options);
    const catalog = catalogs.find((each) => each.repository === repository.name) as RepositoryCatalog;
    return pythonsFor(catalog, catalogs, options).map((python) => ({
      machine: machineOf(repository, platform, python),
      repository,
      catalog,
    }));
  });
}

/** @throws {KhoError} USAGE */
export function repositoryNamed(name: string, { repositories }: SiteConfig): RepositoryConfig {
  const found = repositories.find((repository) => repository.name === name);
  if (found) return found;
  throw new KhoError(
    'USAGE',
    `Cannot use the repository ${quoted(name)}: the site has none of that name${didYouMean(
      name,
      repositories.map((repository) => repository.name),
    )}`,
    {
      hint: `it has ${repositories.map((repository) => repository.name).join(', ')}`,
    },
  );
}

function platformsOfSite(config: SiteConfig, catalogs: readonly RepositoryCatalog[], options: TargetOptions): string[] {
  const repositories =
    options.repository === undefined ? config.repositories : [repositoryNamed(options.repository, config)];
  const platforms = repositories.flatMap((repository) => {
    const projects = catalogs.find((each) => each.repository === repository.name)?.projects ?? [];
    return servedPlatforms(repository, projects, config.repositories).filter((platform) => platform !== ANY_PLATFORM);
  });
  if (platforms.length > 0 && platforms.length <= MOST_PLATFORMS) return platforms;
  const why =
    platforms.length === 0 ? 'nothing tells for which machines' : 'it has wheels for too many platforms to take all';
  throw new KhoError('USAGE', `Cannot tell which machines are meant: ${why}`, {
    hint: 'name the machines: --for musl-x86_64 --python 3.11',
  });
}

/** More are no answer to anybody. */
const MOST_PLATFORMS = 8;

function repositoryFor(
  platform: string,
  config: SiteConfig,
  { repository, repositoryOption }: TargetOptions,
): RepositoryConfig {
  if (repository !== undefined) return repositoryNamed(repository, config);
  const [one, ...others] = suppliersOf(platform, config.repositories);
  if (one && others.length === 0) return one;
  const why = one ? `several repositories serve ${platform}` : `no repository serves ${platform}`;
  const names = (one ? [one, ...others] : config.repositories).map(({ name }) => name).join(', ');
  throw new KhoError('USAGE', `Cannot tell which repository is meant: ${why}`, {
    hint: `name one with ${repositoryOption}: ${names}`,
  });
}

/** An empty repository is to be filled for the Python that others are for. */
function pythonsFor(
  { repository, projects }: RepositoryCatalog,
  all: readonly RepositoryCatalog[],
  { python }: TargetOptions,
): string[] {
  if (python) {
    for (const written of python) readPython(written);
    return [...new Set(python)];
  }
  const newestOf = (some: readonly Project[]) =>
    seenPythons(some)
      .filter((series) => !series.endsWith('t'))
      .at(-1);
  const newest = newestOf(projects) ?? newestOf(all.flatMap((each) => each.projects));
  if (newest !== undefined) return [pythonSeries(readPython(newest))];
  throw new KhoError(
    'USAGE',
    `Cannot tell which Python is meant: no wheel in ${quoted(repository)} or beside it names one`,
    {
      hint: 'name it like --python 3.11',
    },
  );
}
