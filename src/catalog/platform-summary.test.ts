import { expect, test } from 'vitest';
import type { CoverageRow, CoverageState } from './coverage.ts';
import { summarizePlatforms } from './platform-summary.ts';

const MACHINES = ['glibc-x86_64', 'musl-x86_64'].flatMap((platform) =>
  ['3.11', '3.12'].map((python) => ({ platform, python })),
);

/** Of glibc 3.11, glibc 3.12, musl 3.11, musl 3.12. */
const row = (version: string, ...states: CoverageState[]): CoverageRow => ({
  version,
  cells: states.map((state) => ({ state })),
});

const musl = (rows: CoverageRow[], latest = rows[0]!.version) => summarizePlatforms(rows, MACHINES, latest)[1];

test('summarizePlatforms() names the Pythons with a wheel, and those without', () => {
  expect(musl([row('2.0', 'wheel', 'wheel', 'wheel', 'missing')])).toEqual({
    ...{ platform: 'musl-x86_64', state: 'wheel', pythons: ['3.11'], lacking: ['3.12'] },
  });
});

test('summarizePlatforms() tells by how many releases a platform is behind', () => {
  const rows = [
    row('3.0', 'wheel', 'wheel', 'missing', 'sdist'),
    row('2.0', 'wheel', 'wheel', 'held', 'missing'),
    row('1.0', 'wheel', 'wheel', 'wheel', 'missing'),
  ];
  expect(musl(rows)).toMatchObject({ state: 'sdist', pythons: [], behind: { version: '1.0', releases: 2 } });
  expect(musl(rows, '2.0')).toMatchObject({ state: 'held', behind: { version: '1.0', releases: 1 } });
});

test('summarizePlatforms() of what was never there has nothing to be behind of', () => {
  expect(musl([row('1.0', 'wheel', 'wheel', 'missing', 'missing')])).toEqual({
    ...{ platform: 'musl-x86_64', state: 'missing', pythons: [], lacking: ['3.11', '3.12'] },
  });
});

test('summarizePlatforms() misses nothing on a Python that the release leaves out', () => {
  expect(musl([row('1.0', 'pure', 'pure', 'excluded', 'pure')])).toMatchObject({ pythons: ['3.12'], lacking: [] });
});

test.each<CoverageState[]>([
  ['wheel', 'pure'],
  ['pure', 'sdist'],
  ['sdist', 'held'],
  ['held', 'yanked'],
  ['yanked', 'excluded'],
  ['excluded', 'missing'],
])('summarizePlatforms() takes %s before %s for the state of a platform', (better, worse) => {
  expect(musl([row('1.0', 'missing', 'missing', worse, better)])?.state).toBe(better);
  expect(musl([row('1.0', 'missing', 'missing', better, worse)])?.state).toBe(better);
});

test('summarizePlatforms() of a project without releases, or with a row cut short, misses all', () => {
  const missing = { platform: 'musl-x86_64', state: 'missing', pythons: [], lacking: ['3.11', '3.12'] };
  expect(summarizePlatforms([], MACHINES, '1.0')[1]).toEqual(missing);
  expect(musl([row('1.0', 'wheel')])).toEqual(missing);
});

test('summarizePlatforms() is not behind what is newer than the latest', () => {
  const rows = [row('3.0rc1', 'wheel', 'wheel', 'wheel', 'wheel'), row('2.0', 'wheel', 'wheel', 'missing', 'missing')];
  expect(musl(rows, '2.0')).toEqual({
    ...{ platform: 'musl-x86_64', state: 'missing', pythons: [], lacking: ['3.11', '3.12'] },
  });
});

test('summarizePlatforms() tells the oldest glibc that runs all', () => {
  const cells = ['2.5', '2.28', '2.17'].map((glibcFloor) => ({ state: 'wheel' as const, glibcFloor }));
  const machines = ['3.10', '3.11', '3.12'].map((python) => ({ platform: 'glibc-x86_64', python }));
  expect(summarizePlatforms([{ version: '1.0', cells }], machines, '1.0')[0]?.glibcFloor).toBe('2.28');
});
