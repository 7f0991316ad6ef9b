import { sitePath } from '../catalog/resolve-listing.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { packagesOf, type StoredPackage } from '../housekeeping/find-packages.ts';
import { type Doer, housekeep } from '../housekeeping/housekeeping.ts';
import { type RemoveResult, toTrash } from '../housekeeping/remove.ts';
import { readManifest } from '../publish/manifest.ts';
import { normalizeVersion } from '../standards/version.ts';
import { type LockedReleases, type PrunableFile, type PruneVerdict, prunePlan } from './prune-plan.ts';

export type StoredPrunable = PrunableFile & { stored: StoredPackage };

export interface RepositoryPlan {
  repository: RepositoryConfig;
  /** Of all files that are listed. */
  verdicts: PruneVerdict<StoredPrunable>[];
}

/** What would go, of each repository that has rules. Files that are held, or no build has seen, are no part of it. */
export function planPrune(config: SiteConfig, locked: LockedReleases, now: number): RepositoryPlan[] {
  const ruled = config.repositories.flatMap((repository) => {
    const { prune: rules } = repository;
    return rules ? [{ repository, rules }] : [];
  });
  const listed = listedFiles(
    ruled.map(({ repository }) => repository),
    config,
  );
  return ruled.map(({ repository, rules }) => {
    return { repository, verdicts: prunePlan(listed.get(repository.name) ?? [], rules, locked, now) };
  });
}

/** The same plan, made anew under the lock: what came or was named meanwhile stays. @throws {KhoError} LOCKED, WRITE */
export async function prune(config: SiteConfig, locked: LockedReleases, doer: Doer): Promise<RemoveResult[]> {
  return housekeep(config, doer, async (placing) => {
    const going = planPrune(config, locked, doer.now).flatMap(({ verdicts }) =>
      verdicts.filter(({ keptFor }) => keptFor === undefined),
    );
    const reasons = new Map(going.map(({ file, goesFor }) => [file.stored.full, goesFor]));
    const files = going.map(({ file }) => file.stored);
    if (files.length === 0) return [];
    return toTrash(config, placing, files, { ...doer, event: 'prune', reasonOf: ({ full }) => reasons.get(full) });
  });
}

/** By repository, of those that are named. */
function listedFiles(repositories: readonly RepositoryConfig[], config: SiteConfig): Map<string, StoredPrunable[]> {
  const packages = repositories.flatMap((repository) => packagesOf(repository, config));
  const byPath = new Map(packages.map((stored) => [stored.file, stored]));
  const listed = new Map(repositories.map(({ name }): [string, StoredPrunable[]] => [name, []]));
  const projects = readManifest(config.root)?.projects;
  for (const name of projects?.names() ?? []) {
    for (const { repository, path, facts, problem, uploadedMs } of projects?.get(name)?.files ?? []) {
      const stored = byPath.get(sitePath({ repository, path }));
      if (!stored || !facts || problem || uploadedMs === undefined || stored.stamp.size !== facts.size) continue;
      const yankedMs = stored.sides.find(({ side }) => side === 'yanked')?.stamp.changedMs;
      listed.get(repository)?.push({
        ...{ filename: stored.filename, project: facts.project, sha256: facts.sha256, uploadedMs, stored },
        version: normalizeVersion(facts.version),
        ...(yankedMs !== undefined && { yankedMs }),
      });
    }
  }
  return listed;
}
