/** What has to be brought from another index, and into which repositories. Changes nothing. */
import { join } from 'node:path';
import { isForSomeMachines } from '../catalog/judge-file.ts';
import { withIncluded } from '../config/included.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { chooseRepositories } from '../intake/choose-repositories.ts';
import type { InstallTarget } from '../needs/choose-target.ts';
import type { TargetReport } from '../needs/missing-report.ts';
import type { PackageSource } from '../needs/package-source.ts';
import { resolveNeeds } from '../needs/resolve-needs.ts';
import { siteSource } from '../needs/site-source.ts';
import type { NeedsFile } from '../needs/wanted.ts';
import type { NormalizedName } from '../standards/name.ts';
import { MachineFit } from '../standards/platforms/machine-fit.ts';
import { bothSources, oursOrTheirs } from './ours-or-theirs.ts';
import type { UpstreamCandidate } from './read-index-page.ts';

export interface ToFetch {
  project: NormalizedName;
  file: UpstreamCandidate;
  /** Names of repositories. */
  into: string[];
  /** A file of this name is there, and held. */
  isHeld: boolean;
}

export interface FetchPlan {
  /** Sorted by filename. */
  files: ToFetch[];
  /** What is needed, as it will be when all that is fetched is there. */
  reports: TargetReport[];
}

export interface PlanOptions {
  needs: readonly NeedsFile[];
  targets: readonly InstallTarget[];
  config: SiteConfig;
  upstream: PackageSource<UpstreamCandidate>;
  /** Also sdists where there is no wheel: to build them from. */
  sdists: boolean;
}

/** @throws {KhoError} UPSTREAM; {FormatError} when what is needed cannot be told */
export async function planFetch({ needs, targets, config, upstream, sdists }: PlanOptions): Promise<FetchPlan> {
  const files = new Map<string, ToFetch>();
  const reports: TargetReport[] = [];
  for (const { machine, repository, catalog } of targets) {
    const fit = new MachineFit(machine);
    const ours = siteSource(catalog, config);
    const resolution = await resolveNeeds(needs, fit, bothSources(ours, upstream), oursOrTheirs(fit, ours, upstream));
    reports.push({
      platform: machine.platform,
      python: machine.python.written,
      repository: repository.name,
      resolution,
    });
    for (const { name, file: chosen, sha256s } of resolution.projects) {
      if (chosen?.origin !== 'upstream' || (!chosen.wheel && !sdists)) continue;
      const file = sha256s && chosen.sha256 === undefined ? { ...chosen, allowedSha256s: sha256s } : chosen;
      const held = ours.held?.(name) ?? [];
      const planned = files.get(file.filename) ?? { project: name, file, into: [], isHeld: false };
      planned.isHeld ||= held.some(({ filename }) => filename === file.filename);
      planned.into = [...new Set([...planned.into, ...destinationsOf(file, repository, config)])].sort();
      files.set(file.filename, planned);
    }
  }
  return { files: [...files.values()].sort((a, b) => (a.file.filename < b.file.filename ? -1 : 1)), reports };
}

/** As files from incoming/ are spread, as far as the machines that asked would find them there; a wheel for some machines goes where these look. */
function destinationsOf({ filename }: UpstreamCandidate, repository: RepositoryConfig, config: SiteConfig): string[] {
  const sources = withIncluded(repository.name, config.repositories);
  const choice = chooseRepositories({ filename }, config);
  const chosen = choice.is === 'for' ? choice.repositories.map(({ name }) => name) : [];
  const isUseful = chosen.some((name) => sources.has(name));
  if (isUseful && !isForSomeMachines(filename)) return chosen;
  const own = [...sources].find((name) =>
    config.repositories.some((each) => each.name === name && each.packages !== undefined),
  );
  return [own ?? repository.name];
}

export function packagesOf(repository: string, { repositories, root }: SiteConfig): string {
  return repositories.find(({ name }) => name === repository)?.packages ?? join(root, repository, 'packages');
}
