/** What a plan says of files that are here: marked, or moved to the trash. */
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { packagesOf, type StoredPackage } from '../housekeeping/find-packages.ts';
import { type Doer, housekeep } from '../housekeeping/housekeeping.ts';
import { toTrash } from '../housekeeping/remove.ts';
import { unyank, yank } from '../housekeeping/yank.ts';
import type { MirrorPlan } from './mirror-plan.ts';

interface Acting {
  config: SiteConfig;
  doer: Doer;
}

/** @throws {KhoError} LOCKED, WRITE */
export async function mark(
  only: string,
  plan: Pick<MirrorPlan, 'yank' | 'unyank'>,
  { config, doer }: Acting,
): Promise<void> {
  const selected = (files: readonly { filename: string }[]) =>
    files.map(({ filename }) => ({ is: 'file' as const, text: filename, filename }));
  for (const reason of new Set(plan.yank.map((each) => each.reason))) {
    const meant = plan.yank.filter((each) => each.reason === reason);
    await yank(config, selected(meant), { ...doer, only, reason });
  }
  if (plan.unyank.length > 0) await unyank(config, selected(plan.unyank), { ...doer, only });
}

/** To the trash. @throws {KhoError} LOCKED, WRITE */
export async function drop(
  repository: RepositoryConfig,
  plan: Pick<MirrorPlan, 'drop'>,
  { config, doer }: Acting,
): Promise<void> {
  if (plan.drop.length === 0) return;
  const reasons = new Map(plan.drop.map(({ filename, why }) => [filename, `kho mirror: ${why}`]));
  await housekeep(config, doer, async (placing) => {
    const files = packagesOf(repository, config).filter(({ filename }) => reasons.has(filename));
    const reasonOf = ({ filename }: StoredPackage) => reasons.get(filename);
    await toTrash(config, placing, files, { ...doer, event: 'prune', reasonOf });
  });
}
