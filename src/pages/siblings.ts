import type { IndexedFile, Project } from '../catalog/model.ts';
import { visibleFrom } from '../config/private-repositories.ts';
import type { SiteConfig } from '../config/site-config.ts';
import type { ProjectCard, Sibling, Twins } from '../render/web/model.ts';
import type { MachineRuns } from '../render/web/siblings-section.ts';
import { runsOn } from '../standards/platforms/runs-on.ts';
import { platformTagsOf } from '../standards/platforms/wheel-platforms.ts';
import { versionKey } from '../standards/version.ts';

/** One project in all repositories that list it. */
export interface EverywhereListed {
  cards: Readonly<Record<string, ProjectCard>>;
  projects: ReadonlyMap<string, Project>;
}

/** What pages of one repository tell of a project in the others. */
export interface SeenElsewhere {
  /** In all repositories that list it, this one too; none where no other does. */
  siblings: Sibling[];
  twins: Twins[];
  /** The project in all repositories that list it. */
  projects: ReadonlyMap<string, Project>;
}

/** Of all repositories only those that pages of this one may speak of: here it is decided for all that they tell. */
export function seenElsewhere(
  repository: string,
  { cards, projects }: EverywhereListed,
  config: Pick<SiteConfig, 'repositories'>,
): SeenElsewhere {
  const visible = visibleFrom(repository, config);
  const seen = new Map([...projects].filter(([name]) => visible.has(name)));
  return {
    siblings: siblingsOf(Object.fromEntries(Object.entries(cards).filter(([name]) => visible.has(name)))),
    twins: twinsOf(repository, seen),
    projects: seen,
  };
}

/** Sorted by repository; nothing where that is one. */
function siblingsOf(cards: EverywhereListed['cards']): Sibling[] {
  const listed = Object.entries(cards).filter(([, { unlisted }]) => !unlisted);
  if (listed.length < 2) return [];
  return listed
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([repository, { latest, coverage, platforms }]) => ({
      repository,
      ...(latest !== undefined && { latest }),
      ...(coverage && { coverage }),
      hasSource: platforms.includes('sdist'),
      hasPure: platforms.includes('any'),
    }));
}

/** One version in all repositories that list it, sorted by repository; nothing where one repository has the project. */
export function machinesOf(version: string, projects: ReadonlyMap<string, Project>): MachineRuns[] {
  if (projects.size < 2) return [];
  const key = versionKey(version);
  return [...projects]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([repository, { releases, status }]): MachineRuns[] => {
      if (status === 'quarantined') return [];
      const release = releases.find((one) => versionKey(one.version) === key);
      const files = release?.files.filter(({ yanked }) => yanked === undefined) ?? [];
      if (!release || files.length === 0) return [];
      const wheels = files.filter(({ kind }) => kind === 'wheel');
      const isForAny = wheels.some(({ filename }) => platformTagsOf(filename) === 'any');
      const platforms = runsOn(wheels).map(({ system, architecture }) => `${system}-${architecture}`);
      return [[repository, release.version, isForAny ? 0 : platforms, files.length > wheels.length ? 1 : 0]];
    });
}

/** Files of a repository that lie in the folders of others too, with the same bytes: what `include` would list from one folder. */
function twinsOf(repository: string, projects: ReadonlyMap<string, Project>): Twins[] {
  const own = ownFiles(repository, projects);
  if (own.length === 0 || projects.size < 2) return [];
  return [...projects.keys()].sort().flatMap((other): Twins[] => {
    if (other === repository) return [];
    const theirs = new Set(ownFiles(other, projects).map(({ sha256 }) => sha256));
    const same = own.filter(({ sha256 }) => theirs.has(sha256));
    if (same.length === 0) return [];
    return [{ repository: other, files: same.length, bytes: same.reduce((sum, { size }) => sum + size, 0) }];
  });
}

/** Not those that it includes. */
function ownFiles(repository: string, projects: ReadonlyMap<string, Project>): IndexedFile[] {
  const releases = projects.get(repository)?.releases ?? [];
  return releases.flatMap(({ files }) => files.filter((file) => file.repository === repository));
}
