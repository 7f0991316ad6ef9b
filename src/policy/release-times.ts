/**
 * From when on files are old enough. What was published within a day of the first file of its release belongs to it: all of that is listed
 * at the same time, so that nobody gets an sdist to compile while the wheels wait. What is added later counts for itself.
 */
import type { OfferedFile, Policy } from './policy.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface ReleaseTimes {
  /** For each file, in their order, in milliseconds since 1970. */
  untilMs: number[];
  /** Of the files of the first day together. */
  releaseMs: number;
  unseen: string[];
}

/** Stands for a file whose time nobody tells: other bytes under its name are another file. */
export function seenKey({ filename, sha256 = '' }: Pick<OfferedFile, 'filename' | 'sha256'>): string {
  return `${filename} ${sha256.slice(0, 32)}`.trimEnd();
}

/** @param release its files, at least one */
export function releaseTimes(release: readonly OfferedFile[], policy: Policy, nowMs: number): ReleaseTimes {
  const { cooldownMs = 0 } = policy;
  if (cooldownMs <= 0) return { untilMs: release.map(() => 0), releaseMs: 0, unseen: [] };
  const unseen: string[] = [];
  const times = release.map((file) => {
    const told = Date.parse(file.uploadTime ?? '');
    if (!Number.isNaN(told)) return told;
    const seen = policy.firstSeen?.get(seenKey(file));
    if (seen === undefined) unseen.push(seenKey(file));
    return seen ?? nowMs;
  });
  const first = least(times);
  const releaseMs = most(times.filter((time) => time < first + DAY_MS)) + cooldownMs;
  return { untilMs: times.map((time) => Math.max(releaseMs, time + cooldownMs)), releaseMs, unseen };
}

function least(times: readonly number[]): number {
  return times.reduce((a, b) => Math.min(a, b));
}

function most(times: readonly number[]): number {
  return times.reduce((a, b) => Math.max(a, b));
}
