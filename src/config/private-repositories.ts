/** What of a site only those with a token may see, and what follows from that for all other pages. */
import { quoted } from '../standards/quoted.ts';
import type { SettingsFault } from './check-settings.ts';
import type { RepositorySettings } from './load-settings.ts';
import type { RepositoryConfig, SiteConfig } from './site-config.ts';

type Repositories = Pick<SiteConfig, 'repositories'>;

export function publicRepositories({ repositories }: Repositories): RepositoryConfig[] {
  return repositories.filter((repository) => !repository.private);
}

export function privateNames({ repositories }: Repositories): string[] {
  return repositories.filter((repository) => repository.private).map(({ name }) => name);
}

/**
 * What other indexes have is for everybody, unless private repositories are the only ones that pass it on: that index may ask for a password.
 *
 * @returns one of these
 */
export function onlyPrivateUser(upstream: string, { repositories }: Repositories): string | undefined {
  const isMeant = (name: string) => name.toLowerCase() === upstream.toLowerCase(); // no two are alike, but for case
  const using = repositories.filter(({ upstreams = [] }) => upstreams.some(isMeant));
  return using.every((each) => each.private) ? using[0]?.name : undefined;
}

/** `"a" and "b" are private`: for messages. */
export function isPrivate(names: readonly string[]): string {
  return `${names.map((name) => quoted(name)).join(', ')} ${names.length === 1 ? 'is' : 'are'} private`;
}

/**
 * Repositories that pages of one may speak of: itself and the public ones. A private one may not tell of another one either, since a token
 * for the one is not for the other; but it does of those that it includes, whose files it lists.
 *
 * @param repository `.` for pages of the whole site, which are public
 */
export function visibleFrom(repository: string, config: Repositories): Set<string> {
  const visible = new Set(publicRepositories(config).map(({ name }) => name));
  const own = config.repositories.find(({ name }) => name === repository);
  if (!own?.private) return visible;
  const reached = new Set([repository]);
  for (const each of reached) {
    visible.add(each);
    for (const name of config.repositories.find(({ name }) => name === each)?.include ?? []) reached.add(name);
  }
  return visible;
}

/** Those of what is told of files that pages of a repository may show: neither file nor words name what is hidden from it. */
export function tellable<Told extends { file: string; what: string }>(
  told: readonly Told[],
  repository: string,
  config: Repositories,
): Told[] {
  const visible = visibleFrom(repository, config);
  const hidden = privateNames(config).filter((name) => !visible.has(name));
  if (hidden.length === 0) return [...told];
  return told.filter(
    ({ file, what }) =>
      !hidden.some((name) => file.startsWith(`${name}/`) || what.includes(`"${name}"`) || what.includes(`${name}/`)),
  );
}

/** The same settings with these repositories private too. */
export function withPrivate(config: SiteConfig, names: ReadonlySet<string>): SiteConfig {
  const repositories = config.repositories.map((one) =>
    names.has(one.name) ? { ...one, private: true as const } : one,
  );
  return { ...config, repositories };
}

/** What would show to everybody what only some may see. */
export function privacyFaults(repositories: ReadonlyMap<string, RepositorySettings>): SettingsFault[] {
  const faults: SettingsFault[] = [];
  for (const [name, { position, include, private: isPrivate }] of repositories) {
    if (isPrivate && name === '.') {
      const message =
        'The site itself cannot be private: its pages are about all repositories. Move the packages into a repository of their own';
      faults.push({ position, message });
    }
    for (const included of isPrivate ? [] : include) {
      if (!repositories.get(included.name)?.private) continue;
      const message = `${quoted(name)} includes ${quoted(included.name)}, which is private: anybody could read it there. Make ${quoted(name)} private too, or leave the include out`;
      faults.push({ position: included.position, message });
    }
  }
  return faults;
}
