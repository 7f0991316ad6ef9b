import { readingsOf } from '../housekeeping/selection.ts';
import { normalizeVersion } from '../standards/version.ts';
import type { LockedReleases } from './prune-plan.ts';

/** Whether a lock names a file, by its hash or by project and version, as far as these are known. @param project normalized */
export function isLocked(
  { sha256s, releases }: LockedReleases,
  { sha256, project, version }: { sha256: string | undefined; project: string; version: string | undefined },
): boolean {
  if (sha256 !== undefined && sha256s.has(sha256)) return true;
  return version !== undefined && releases.has(`${project}==${normalizeVersion(version)}`);
}

/** The same of a file of which no more is known than its name: any reading of that counts. */
export function isFileLocked(locked: LockedReleases, file: { sha256: string; filename: string }): boolean {
  const { sha256, filename } = file;
  return (
    locked.sha256s.has(sha256) ||
    readingsOf(filename).some((reading) => isLocked(locked, { sha256: undefined, ...reading }))
  );
}
