/** What the pictures of a repository show: made of sizes and upload times only, and of no clock. */
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

/** @param cards sorted by name */
export function picturesOf(cards: readonly ProjectCard[], machines: RepositoryMachines): Pictures {
  const year = yearOf(cards);
  return {
    machines: machines.platforms.flatMap((platform) => shareOf(platform, cards) ?? []),
    room: roomOf(cards),
    ...(year.days.length > 1 && { year }),
  };
}

/** Undefined where nothing was built for it: what else runs there runs everywhere. */
function shareOf(platform: string, cards: readonly ProjectCard[]): MachineShare | undefined {
  let isBuiltFor = false;
  const share = { platform, runs: 0, partly: 0, source: 0, nothing: 0 };
  for (const { latest, coverage } of cards) {
    if (latest === undefined) continue;
    const summary = coverage?.find((one) => one.platform === platform);
    if (coverage === undefined) share.runs++;
    else if (summary !== undefined && summary.pythons.length > 0) {
      share[summary.lacking.length > 0 ? 'partly' : 'runs']++;
      isBuiltFor ||= summary.state === 'wheel';
    } else share[summary?.state === 'sdist' ? 'source' : 'nothing']++;
  }
  return isBuiltFor ? share : undefined;
}

function roomOf(cards: readonly ProjectCard[]): RoomTaken {
  const sorted = cards.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  const rest = sorted.slice(LARGEST_SHOWN);
  return {
    largest: sorted.slice(0, LARGEST_SHOWN).map(({ name, displayName, bytes }) => ({ name, displayName, bytes })),
    others: { projects: rest.length, bytes: rest.reduce((sum, { bytes }) => sum + bytes, 0) },
  };
}

function yearOf(cards: readonly ProjectCard[]): Year {
  const counts = new Map<number, number>();
  for (const { recent } of cards) {
    for (const { publishedMs } of recent) {
      const day = Math.floor(publishedMs / DAY_MS);
      counts.set(day, (counts.get(day) ?? 0) + 1);
    }
  }
  const lastDay = [...counts.keys()].reduce((last, day) => Math.max(last, day), 0);
  const days = [...counts].filter(([day]) => placeInYear(day, lastDay) !== undefined).sort(([a], [b]) => a - b);
  return { lastDay, days: days.map(([day, releases]) => ({ day, releases })) };
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
