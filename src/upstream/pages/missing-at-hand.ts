/** Which pages of what is at hand there ought to be: of projects of which files of another index are kept. */
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { keptUpstreamOf } from '../../admission/kept-offer.ts';
import type { RepositoryConfig, SiteConfig } from '../../config/site-config.ts';
import { look, namesIn } from '../../io/open-file.ts';
import { closeFolders } from '../../io/reach.ts';
import { keptFiles, keptProjects } from '../../kept-upstream/kept-packages.ts';
import { atHandFolder, type UpstreamPlace, upstreamFolder } from '../../kept-upstream/kept-places.ts';
import type { NormalizedName } from '../../standards/name.ts';

/** Looked at in a row: others are answered in between. */
const IN_A_ROW = 50;

/**
 * Where a repository has none.
 *
 * @param isThorough folders are looked into: a run that was killed may have left one with a page in one form only, or none
 * @throws {KhoError} READ, SITE
 */
export async function missingAtHand(config: SiteConfig, isThorough: boolean): Promise<UpstreamPlace[]> {
  const missing: UpstreamPlace[] = [];
  let seen = 0;
  closeFolders(upstreamFolder(config.root));
  const there = new Map(config.repositories.map(({ name }) => [name, foldersIn(atHandFolder(config.root, name))]));
  for (const upstream of config.upstreams.keys()) {
    const through = config.repositories.filter((each) => hasAtHand(each, upstream));
    if (through.length === 0) continue;
    for (const project of keptProjects(config.root, upstream)) {
      if (++seen % IN_A_ROW === 0) await turn();
      const isThere = ({ name }: RepositoryConfig) =>
        there.get(name)?.has(project) === true && (!isThorough || hasForms(config.root, name, project));
      if (through.every(isThere) || keptFiles(config.root, { upstream, project }).length === 0) continue;
      missing.push({ upstream, project });
    }
  }
  return missing;
}

function foldersIn(folder: string): ReadonlySet<string> {
  return new Set(look(folder)?.isDirectory() ? namesIn(folder) : []);
}

function hasForms(root: string, repository: string, project: NormalizedName): boolean {
  const folder = join(atHandFolder(root, repository), project);
  return ['index.html', 'index.json'].every((name) => look(join(folder, name)));
}

/** Repositories that have the project from that upstream: it is the first of theirs of which a page is kept. */
export function repositoriesOf(config: SiteConfig, { upstream, project }: UpstreamPlace): RepositoryConfig[] {
  const isFrom = (each: RepositoryConfig) => keptUpstreamOf(config, each, project).kept?.name === upstream;
  return config.repositories.filter((each) => hasAtHand(each, upstream) && isFrom(each));
}

/** Not where only some may read it: nobody could be asked who they are. */
function hasAtHand({ upstreams, private: isPrivate }: RepositoryConfig, upstream: string): boolean {
  return !isPrivate && upstreams?.includes(upstream) === true;
}
