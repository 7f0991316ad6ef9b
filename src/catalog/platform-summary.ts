import { compareVersions } from '../standards/version.ts';
import type { CoverageRow, CoverageState } from './coverage.ts';

/** What a project has for one platform, in a word: where it stands, and how far behind. */
export interface PlatformSummary {
  /** `musl-x86_64`. */
  platform: string;
  /** The best that there is of the latest version, on any Python. */
  state: CoverageState;
  /** Pythons with a wheel of the latest version, oldest first; those without are `lacking`. */
  pythons: string[];
  lacking: string[];
  /** The oldest glibc that runs all wheels of the latest version, `2.28`; absent where none of them is tied to one. */
  glibcFloor?: string;
  /** The newest version with a wheel, and by how many releases it is older; absent when it is the latest, or there is none. */
  behind?: { version: string; releases: number };
}

const BEST_FIRST: readonly CoverageState[] = ['wheel', 'pure', 'sdist', 'held', 'yanked', 'excluded', 'missing'];

/**
 * @param rows newest version first, their cells in the order of `machines`
 * @param latest the version that clients get
 */
export function summarizePlatforms(
  rows: readonly CoverageRow[],
  machines: readonly { platform: string; python: string }[],
  latest: string,
): PlatformSummary[] {
  const current = Math.max(
    rows.findIndex(({ version }) => version === latest),
    0,
  );
  return [...new Set(machines.map(({ platform }) => platform))].map((platform): PlatformSummary => {
    const places = machines.flatMap((machine, place) => (machine.platform === platform ? [place] : []));
    const stateOf = (row: CoverageRow | undefined, place: number) => row?.cells[place]?.state ?? 'missing';
    const hasWheel = (row: CoverageRow | undefined, place: number) => ['wheel', 'pure'].includes(stateOf(row, place));
    const states = places.map((place) => stateOf(rows[current], place));
    const pythonsWhere = (has: boolean) =>
      places
        .filter((place) => hasWheel(rows[current], place) === has && stateOf(rows[current], place) !== 'excluded')
        .map((place) => machines[place]!.python);
    const floors = places.flatMap((place) => rows[current]?.cells[place]?.glibcFloor ?? []);
    const glibcFloor = floors.sort(compareVersions).at(-1);
    const summary: PlatformSummary = {
      platform,
      state: BEST_FIRST.find((state) => states.includes(state)) ?? 'missing',
      pythons: pythonsWhere(true),
      lacking: pythonsWhere(false),
      ...(glibcFloor !== undefined && { glibcFloor }),
    };
    if (summary.pythons.length > 0) return summary;
    const older = rows.findIndex((row, at) => at > current && places.some((place) => hasWheel(row, place)));
    if (older < 0) return summary;
    return { ...summary, behind: { version: rows[older]!.version, releases: older - current } };
  });
}
