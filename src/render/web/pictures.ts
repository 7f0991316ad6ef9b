/** What the pictures of a repository show: made of sizes and upload times only, and of no clock. */
import type { PlatformSummary } from '../../catalog/platform-summary.ts';
import type { ProjectCard, RepositoryMachines } from './model.ts';

export interface Pictures {
  machines: MachineShare[];
  room: RoomTaken;
  /** Absent where all came on one day: there is nothing to see in that. */
  year?: Year;
}

/** How many projects have what for a platform, in their latest versions. */
export interface MachineShare {
  platform: string;
  /** Pure ones too. */
  runs: number;
  /** With wheels for some of the Pythons only. */
  partly: number;
  source: number;
  nothing: number;
}

export interface RoomTaken {
  /** The largest first. */
  largest: { name: string; displayName: string; bytes: number }[];
  others: { projects: number; bytes: number };
}

export interface Year {
  /** Days since 1970, in UTC. It ends with the day on which the newest came. */
  lastDay: number;
  /** By day, oldest first; the days on which none came are left out. */
  days: { day: number; releases: number }[];
}

/** So many projects have a bar of their own. */
const LARGEST_SHOWN = 8;

const DAY_MS = 86_400_000;
/** 53 weeks hold any year whole; these are drawn as two halves, one below the other. */
export const WEEKS = 54;

/** What pictures are made of, added up: of a repository, or of a part of it. */
export interface PictureSums {
  /** Projects whose latest version runs on all machines, and those that were built for some. */
  pure: number;
  built: number;
  /** Of those that were built for some: sorted by platform. */
  platforms: PlatformSum[];
  largest: RoomTaken['largest'];
  /** Of all that take room. */
  room: RoomTaken['others'];
  /** Of the year that ends with the newest: oldest first. */
  days: Year['days'];
}

/** How many projects have what for it. */
interface PlatformSum {
  platform: string;
  runs: number;
  partly: number;
  source: number;
  /** Some of them were built for this very platform: what else runs there runs everywhere. */
  isBuiltFor: boolean;
}

export function pictureSums(cards: readonly ProjectCard[]): PictureSums {
  const sums: PictureSums = {
    pure: 0,
    built: 0,
    platforms: [],
    largest: [],
    room: { projects: 0, bytes: 0 },
    days: [],
  };
  const platforms = new Map<string, PlatformSum>();
  const days = new Map<number, number>();
  for (const { latest, coverage, bytes, recent } of cards) {
    if (latest !== undefined) sums[coverage ? 'built' : 'pure']++;
    for (const summary of (latest !== undefined && coverage) || []) countPlatform(summary, platforms);
    sums.room.projects += bytes > 0 ? 1 : 0;
    sums.room.bytes += bytes;
    for (const { publishedMs } of recent) {
      const day = Math.floor(publishedMs / DAY_MS);
      days.set(day, (days.get(day) ?? 0) + 1);
    }
  }
  sums.platforms = sortedPlatforms(platforms);
  sums.largest = largestOf(cards.filter(({ bytes }) => bytes > 0));
  sums.days = lastYear(days);
  return sums;
}

export function addPictureSums(parts: readonly PictureSums[]): PictureSums {
  const platforms = new Map<string, PlatformSum>();
  const days = new Map<number, number>();
  for (const part of parts) {
    for (const one of part.platforms) {
      const sum = platformSum(one.platform, platforms);
      for (const key of ['runs', 'partly', 'source'] as const) sum[key] += one[key];
      sum.isBuiltFor ||= one.isBuiltFor;
    }
    for (const { day, releases } of part.days) days.set(day, (days.get(day) ?? 0) + releases);
  }
  const sum = (of: (part: PictureSums) => number) => parts.reduce((all, part) => all + of(part), 0);
  return {
    pure: sum(({ pure }) => pure),
    built: sum(({ built }) => built),
    platforms: sortedPlatforms(platforms),
    largest: largestOf(parts.flatMap(({ largest }) => largest)),
    room: { projects: sum(({ room }) => room.projects), bytes: sum(({ room }) => room.bytes) },
    days: lastYear(days),
  };
}

export function picturesOf(sums: PictureSums, { platforms }: RepositoryMachines): Pictures {
  const { pure, built, largest, room, days } = sums;
  const known = new Map(sums.platforms.map((one) => [one.platform, one]));
  return {
    machines: platforms.flatMap((platform): MachineShare[] => {
      const { runs, partly, source, isBuiltFor } = known.get(platform) ?? noneFor(platform);
      return isBuiltFor
        ? [{ platform, runs: pure + runs, partly, source, nothing: built - runs - partly - source }]
        : [];
    }),
    room: {
      largest,
      others: {
        projects: room.projects - largest.length,
        bytes: largest.reduce((rest, { bytes }) => rest - bytes, room.bytes),
      },
    },
    ...(days.length > 1 && { year: { lastDay: days.at(-1)?.day ?? 0, days } }),
  };
}

function countPlatform({ platform, pythons, lacking, state }: PlatformSummary, into: Map<string, PlatformSum>): void {
  const sum = platformSum(platform, into);
  if (pythons.length > 0) {
    sum[lacking.length > 0 ? 'partly' : 'runs']++;
    sum.isBuiltFor ||= state === 'wheel';
  } else if (state === 'sdist') sum.source++;
}

function platformSum(platform: string, all: Map<string, PlatformSum>): PlatformSum {
  const sum = all.get(platform) ?? noneFor(platform);
  all.set(platform, sum);
  return sum;
}

function noneFor(platform: string): PlatformSum {
  return { platform, runs: 0, partly: 0, source: 0, isBuiltFor: false };
}

function sortedPlatforms(platforms: ReadonlyMap<string, PlatformSum>): PlatformSum[] {
  return [...platforms.values()].sort((a, b) => (a.platform < b.platform ? -1 : 1));
}

function largestOf(projects: readonly RoomTaken['largest'][number][]): RoomTaken['largest'] {
  return [...projects]
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
    .slice(0, LARGEST_SHOWN)
    .map(({ name, displayName, bytes }) => ({ name, displayName, bytes }));
}

/** @param counts releases by day */
function lastYear(counts: ReadonlyMap<number, number>): Year['days'] {
  const lastDay = [...counts.keys()].reduce((last, day) => Math.max(last, day), 0);
  const days = [...counts].filter(([day]) => placeInYear(day, lastDay) !== undefined).sort(([a], [b]) => a - b);
  return days.map(([day, releases]) => ({ day, releases }));
}

/** In which week (0 is the oldest) and on which day of it (0 is Monday); undefined for days before. */
export function placeInYear(day: number, lastDay: number): { week: number; weekday: number } | undefined {
  const monday = (of: number) => of - weekdayOf(of);
  const week = WEEKS - 1 - (monday(lastDay) - monday(day)) / 7;
  return week < 0 ? undefined : { week, weekday: weekdayOf(day) };
}

/** 1970 began on a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** `2026-11-22`. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 'yyyy-mm-dd'.length);
}
