import { join } from 'node:path';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { anchor } from '../io/reach.ts';
import { trustOwnerOf } from '../io/trusted-owners.ts';
import { isSyncName, SYNC_FOLDER } from '../sync-format/sync-names.ts';

/** Where a site is published to: beside its packages, or in another folder that then holds copies of them. */
export interface Target {
  /** Absolute and real. */
  root: string;
  /** The folder of a repository's pages, absolute. */
  folderOf(repository: string): string;
  /** A repository's packages/ folder, absolute. */
  packagesOf(repository: string): string;
  /** How packages get there; absent where they already are. */
  copies?: { link: boolean };
}

/** The site's own folder. A repository's folder and its packages/ may be links to another disk; here they are resolved. */
export function inPlaceTarget(config: SiteConfig): Target {
  const byName = new Map(config.repositories.map((repository) => [repository.name, repository]));
  const repositoryOf = (name: string) => byName.get(name) as RepositoryConfig;
  anchor(config.root, 'own');
  trustOwnerOf(config.root);
  for (const { folder, packages } of config.repositories) {
    anchor(folder, 'own');
    if (packages !== undefined) anchor(packages, 'shared');
  }
  return {
    root: config.root,
    folderOf: (name) => (name === '.' ? config.root : repositoryOf(name).folder),
    packagesOf: (name) => repositoryOf(name).packages ?? join(repositoryOf(name).folder, 'packages'),
  };
}

export function folderTarget(root: string, link: boolean): Target {
  anchor(root, 'own');
  trustOwnerOf(root);
  return {
    root,
    folderOf: (name) => join(root, name),
    packagesOf: (name) => join(root, name, 'packages'),
    copies: { link },
  };
}

/** Paths from a repository's folder to those from the site's root, which is how the manifest names everything. */
export function fromRoot(repository: string, path: string): string {
  return repository === '.' ? path : `${repository}/${path}`;
}

/** What stands at the top of a repository's folder, and incoming/ of the site. No repository may bear such a name, so that a path tells its repository. */
const OF_A_REPOSITORY = new Set(['simple', 'pypi', 'project', 'packages', 'incoming', 'index.html', 'SHA256SUMS']);

/** The repository and the path from its folder, of a path from the site's root. */
export function splitRepository(path: string): { repository: string; rest: string } {
  const slash = path.indexOf('/');
  const first = slash < 0 ? path : path.slice(0, slash);
  const rest = path.slice(slash + 1);
  // A repository may be called sync where nothing is followed; in its folder nothing bears such names.
  const isSync = first === SYNC_FOLDER && isSyncName(rest);
  if (slash < 0 || isSync || OF_A_REPOSITORY.has(first)) return { repository: '.', rest: path };
  return { repository: first, rest };
}

/** The absolute path of what a path from the site's root names. Not by `join`: it is asked for each page of each run. */
export function locate(target: Target, path: string): string {
  const { repository, rest } = splitRepository(path);
  if (repository === '.' && !rest.includes('/')) return `${target.root}/${rest}`;
  if (rest.startsWith('packages/')) return `${target.packagesOf(repository)}/${rest.slice('packages/'.length)}`;
  return `${target.folderOf(repository)}/${rest}`;
}
