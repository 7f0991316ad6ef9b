/** Brings together what is on disk and what kho.toml says of it. Pure; finds all faults, not only the first. */
import { join } from 'node:path';
import { platformsOfName } from '../standards/platforms/platform.ts';
import { quoted } from '../standards/quoted.ts';
import { SYNC_FOLDER } from '../sync-format/sync-names.ts';
import type { SettingsFault } from './check-settings.ts';
import { didYouMean } from './did-you-mean.ts';
import type { FoundRepository } from './discover-repositories.ts';
import type { LoadedSettings, RepositorySettings } from './load-settings.ts';
import { privacyFaults } from './private-repositories.ts';
import { repositoryNameFault, UPSTREAM_FOLDER } from './repository-name.ts';
import type { RepositoryConfig } from './site-config.ts';

/**
 * @param root the site's folder, where a repository that is nothing but includes will have its own
 * @returns repositories sorted by name
 */
export function joinRepositories(
  root: string,
  found: readonly FoundRepository[],
  settings: Pick<LoadedSettings, 'repositories' | 'upstreams' | 'site'>,
): { repositories: RepositoryConfig[]; faults: SettingsFault[] } {
  const faults: SettingsFault[] = [];
  const onDisk = new Map(found.map((repository) => [repository.name, repository]));
  const names = [...new Set([...onDisk.keys(), ...settings.repositories.keys()])].sort();

  /** What `kho pull` brings goes there: it makes the folder. */
  const { follow } = settings.site;
  const followed = follow && (follow.into ?? follow.repository ?? (names.length === 1 ? names[0] : undefined));

  for (const [name, { position, include, upstreams, mirror, sync, sign }] of settings.repositories) {
    // A name that no repository can have was told of already: a folder for it would not help.
    const isFilled = include.length > 0 || name === followed;
    if (!onDisk.has(name) && !isFilled && repositoryNameFault(name) === undefined) {
      const meant = didYouMean(name, [...onDisk.keys()]);
      const message = `There is no repository ${quoted(name)}: no folder "${name}/packages", and nothing that it includes${meant}`;
      faults.push({ position, message });
    }
    for (const included of include) {
      if (names.includes(included.name)) continue;
      const message = `${quoted(name)} includes ${quoted(included.name)}, which is no repository${didYouMean(included.name, names)}`;
      faults.push({ position: included.position, message });
    }
    if (sign && !sync)
      faults.push({ position, message: `${quoted(name)} has sign without sync: nothing of it is signed` });
    const wanted = mirror?.from === undefined ? upstreams : [...upstreams, { name: mirror.from, position }];
    faults.push(...upstreamFaults(name, wanted, [...settings.upstreams.keys()]));
  }
  faults.push(...findCycles(settings.repositories), ...privacyFaults(settings.repositories));

  const taken =
    settings.upstreams.size === 0 ? undefined : names.find((name) => name.toLowerCase() === UPSTREAM_FOLDER);
  if (taken !== undefined) {
    const position = settings.repositories.get(taken)?.position ?? { line: 1, column: 1 };
    faults.push({ position, message: `There are upstreams, so no repository can be called ${quoted(taken)}` });
  }

  if ([...settings.repositories.values()].some(({ sync }) => sync)) {
    const sync = names.find((name) => name.toLowerCase() === SYNC_FOLDER);
    const position = settings.repositories.get(sync ?? '')?.position ?? { line: 1, column: 1 };
    const message = `There is a repository with sync = true, so none can be called ${quoted(sync ?? '')}`;
    if (sync !== undefined) faults.push({ position, message });
  }

  const repositories = names.map((name): RepositoryConfig => {
    const disk = onDisk.get(name);
    const repository = settings.repositories.get(name);
    const {
      glibc,
      musl,
      retag,
      overwrite,
      prune,
      mirror,
      private: isPrivate,
      onlyRunnable,
      sync,
      sign,
    } = repository ?? {};
    const upstreams = [...new Set(repository?.upstreams.map((upstream) => upstream.name))];
    return {
      name,
      folder: disk?.folder ?? join(root, name),
      ...(disk && { packages: disk.packages }),
      include: [...new Set(repository?.include.map((included) => included.name))],
      ...(upstreams.length > 0 && { upstreams }),
      ...(onlyRunnable && { onlyRunnable: true }),
      ...choosePlatforms(name, repository?.platforms),
      ...(glibc && { glibc }),
      ...(musl !== undefined && { musl }),
      ...(retag && { retag: true }),
      ...(isPrivate && { private: true }),
      ...(sync && { sync: sign ? 'signed' : 'plain' }),
      ...(overwrite && { overwrite: true }),
      ...(prune && { prune }),
      ...(mirror && { mirror }),
      projects: repository?.projects ?? new Map(),
    };
  });
  return { repositories, faults };
}

function upstreamFaults(name: string, wanted: RepositorySettings['upstreams'], known: string[]): SettingsFault[] {
  return wanted
    .filter((upstream) => !known.includes(upstream.name))
    .map((upstream) => ({
      position: upstream.position,
      message: `${quoted(name)} has the upstream ${quoted(upstream.name)}, for which there is no [upstreams.NAME]${didYouMean(upstream.name, known)}`,
    }));
}

/** What kho.toml says counts, else what the name says. */
function choosePlatforms(
  name: string,
  platforms: RepositoryConfig['platforms'],
): Pick<RepositoryConfig, 'platforms' | 'platformsByName'> {
  if (platforms) return { platforms };
  const byName = platformsOfName(name);
  return byName ? { platforms: byName, platformsByName: true } : {};
}

/** One fault for each cycle, at the include that closes it. */
function findCycles(repositories: ReadonlyMap<string, RepositorySettings>): SettingsFault[] {
  const faults: SettingsFault[] = [];
  const done = new Set<string>();
  const visit = (name: string, way: string[]): void => {
    for (const { name: included, position } of repositories.get(name)?.include ?? []) {
      const from = way.indexOf(included);
      if (from >= 0) {
        const circle = [...way.slice(from), included].map((step) => quoted(step)).join(' includes ');
        faults.push({ position, message: `A repository cannot include itself: ${circle}` });
      } else if (!done.has(included)) {
        visit(included, [...way, included]);
      }
    }
    done.add(name);
  };
  for (const name of repositories.keys()) if (!done.has(name)) visit(name, [name]);
  return faults;
}
