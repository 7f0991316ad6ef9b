import type { NormalizedName } from '../standards/name.ts';
import type { ProjectStatus } from '../standards/simple-api/types.ts';
import { compareVersions, isPrerelease, versionKey } from '../standards/version.ts';
import type { IndexedFile, Project, Release } from './model.ts';

/**
 * Arrange what a repository lists of one project: releases newest first, and which of them is the latest.
 *
 * @param files sorted by filename, each filename once
 */
export function buildProject(
  name: NormalizedName,
  files: readonly IndexedFile[],
  settings: { status?: ProjectStatus; reason?: string } = {},
): Project {
  const offered = settings.status === 'quarantined' ? [] : files; // PEP 792: a quarantined project offers no files
  const releases = groupReleases(offered);
  const latest = latestRelease(releases);
  const { status, reason } = settings;
  return {
    name,
    displayName: latest?.files[0]?.name ?? files[0]?.name ?? name,
    ...(status && { status }),
    ...(reason !== undefined && { statusReason: reason }),
    releases,
    ...(latest && { latest }),
  };
}

/** Whether nobody should install it: each of its files is yanked (PEP 592). */
export function isYanked(release: Release): boolean {
  return release.files.every((file) => file.yanked !== undefined);
}

function groupReleases(files: readonly IndexedFile[]): Release[] {
  const byKey = new Map<string, Release>();
  for (const file of files) {
    const key = versionKey(file.version);
    const release = byKey.get(key);
    if (!release) byKey.set(key, { version: file.version, files: [file] });
    else {
      release.files.push(file);
      if (file.version < release.version) release.version = file.version; // one spelling, whatever the order of files
    }
  }
  return [...byKey.values()].sort((a, b) => compareVersions(b.version, a.version) || (a.version < b.version ? -1 : 1));
}

/** As PyPI chooses it: not yanked before yanked, final before pre-release, then the highest. */
function latestRelease(newestFirst: readonly Release[]): Release | undefined {
  const rank = (release: Release) => (isYanked(release) ? 2 : 0) + (isPrerelease(release.version) ? 1 : 0);
  let best: Release | undefined;
  for (const release of newestFirst) if (!best || rank(release) < rank(best)) best = release;
  return best;
}
