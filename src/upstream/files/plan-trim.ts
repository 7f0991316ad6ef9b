/** Which files of other indexes go, where there are too many. Pure: the same files, the same plan. */

import { packageOf } from '../../kept-upstream/kept-places.ts';
import { isLocked } from '../../prune/is-locked.ts';
import type { LockedReleases } from '../../prune/prune-plan.ts';
import type { NormalizedName } from '../../standards/name.ts';
import { versionOfFile } from '../../standards/version-of-file.ts';
import type { CacheEntry } from './cache-survey.ts';

/** What is to be freed, in bytes. Pages and metadata count. */
export interface TrimGoal {
  /** At least so much; Infinity for all that may go. */
  bytes: number;
  /** What lock files name stays. */
  locked: LockedReleases;
  /** Of a path, as far as kho knows it. */
  sha256Of: (path: string) => string | undefined;
}

export interface TrimPlan {
  gone: CacheEntry[];
  /** What they hold, in bytes. */
  bytes: number;
}

/**
 * Least recently served first. What belongs to a file (its metadata) goes with it, and a page only when nothing of its project is kept: with
 * its page gone, a file could not be had while the line is down.
 */
export function planTrim(entries: readonly CacheEntry[], { bytes, locked, sha256Of }: TrimGoal): TrimPlan {
  const plan: TrimPlan = { gone: [], bytes: 0 };
  const groups = new Map<string, CacheEntry[]>();
  for (const entry of entries) {
    if (entry.kind === 'part' || entry.kind === 'other') continue;
    const key = packageOf(entry.path);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const left = new Map<string, number>();
  const projectOf = ({ upstream, project }: CacheEntry) => `${upstream}/${project}`;
  for (const entry of entries) {
    if (entry.kind === 'package') left.set(projectOf(entry), (left.get(projectOf(entry)) ?? 0) + 1);
  }
  const take = (group: readonly CacheEntry[]) => {
    for (const entry of group) {
      plan.gone.push(entry);
      plan.bytes += entry.size;
      if (entry.kind === 'package') left.set(projectOf(entry), (left.get(projectOf(entry)) ?? 1) - 1);
    }
  };
  const oldestFirst = [...groups.values()].sort((a, b) => lastUse(a) - lastUse(b) || (pathOf(a) < pathOf(b) ? -1 : 1));
  const isPage = ([first]: readonly CacheEntry[]) => first?.kind === 'page';
  for (const group of oldestFirst.filter((each) => !isPage(each))) {
    if (plan.bytes >= bytes) return plan;
    if (!group.some((entry) => isNamed(entry, locked, sha256Of))) take(group);
  }
  for (const group of oldestFirst.filter(isPage)) {
    if (plan.bytes >= bytes) return plan;
    if ((left.get(projectOf(group[0] as CacheEntry)) ?? 0) === 0) take(group);
  }
  return plan;
}

function lastUse(group: readonly CacheEntry[]): number {
  return Math.max(...group.map(({ usedMs }) => usedMs));
}

function pathOf([first]: readonly CacheEntry[]): string {
  return first?.path ?? '';
}

function isNamed({ path, project = '' }: CacheEntry, locked: LockedReleases, sha256Of: TrimGoal['sha256Of']): boolean {
  const filePath = packageOf(path);
  const sha256 = sha256Of(filePath);
  const version = versionOfFile(filePath.slice(filePath.lastIndexOf('/') + 1), project as NormalizedName);
  return isLocked(locked, { sha256, project, version });
}
