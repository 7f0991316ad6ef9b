import { readRate } from './rate.ts';
import type { Settings } from './schema.ts';
import { DEFAULT_KEEP, DEFAULT_PARALLEL, type FollowSettings } from './site-config.ts';

/** All values have been checked. */
export function readFollow(written: NonNullable<Settings['follow']>): FollowSettings {
  const { url, repository, into, needs, pythons, allowed_signers, revoked_keys, rate, parallel, keep, report } =
    written;
  const bytes = rate === undefined ? undefined : readRate(rate);
  return {
    ...(url !== undefined && { url }),
    ...(repository !== undefined && { repository }),
    ...(into !== undefined && { into }),
    ...{ needs: needs ?? [], pythons: pythons ?? [] },
    ...(allowed_signers !== undefined && { allowedSigners: allowed_signers }),
    ...(revoked_keys !== undefined && { revokedKeys: revoked_keys }),
    ...(bytes !== undefined && { rate: bytes }),
    ...{ parallel: parallel ?? DEFAULT_PARALLEL, keep: keep ?? DEFAULT_KEEP },
    ...(report && { report: true }),
  };
}
