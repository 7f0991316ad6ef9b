import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { packagesOf, type StoredPackage } from '../housekeeping/find-packages.ts';
import { type Doer, housekeep } from '../housekeeping/housekeeping.ts';
import { type RemoveResult, toTrash } from '../housekeeping/remove.ts';
import { type Manifest, readManifest } from '../publish/manifest.ts';
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
  const manifest = readManifest(config.root);
  return config.repositories.flatMap((repository) => {
    const { prune } = repository;
    if (prune === undefined) return [];
    return [{ repository, verdicts: prunePlan(listedFiles(repository, config, manifest), prune, locked, now) }];
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

function listedFiles(
  repository: RepositoryConfig,
  config: SiteConfig,
  manifest: Manifest | undefined,
): StoredPrunable[] {
  const stored = new Map(packagesOf(repository, config).map((file) => [file.file, file]));
  const own = repository.name === '.' ? 'packages/' : `${repository.name}/packages/`;
  const found: StoredPrunable[] = [];
  for (const name of manifest?.projects.names() ?? []) {
    for (const { repository: of, path, facts, problem, uploadedMs } of manifest?.projects.get(name)?.files ?? []) {
      const file = of === repository.name ? stored.get(own + path) : undefined;
      if (!file || !facts || problem || uploadedMs === undefined || file.stamp.size !== facts.size) continue;
      const yanked = file.sides.find(({ side }) => side === 'yanked')?.stamp.changedMs;
      found.push({
        ...{ filename: file.filename, project: facts.project, sha256: facts.sha256, uploadedMs, stored: file },
        version: normalizeVersion(facts.version),
        ...(yanked !== undefined && { yankedMs: yanked }),
      });
    }
  }
  return found;
}
