import { expect, test } from 'vitest';
import type { CacheEntry } from './cache-survey.ts';
import { planTrim, type TrimGoal } from './plan-trim.ts';

const NONE: Pick<TrimGoal, 'locked' | 'sha256Of'> = {
  locked: { sha256s: new Set(), releases: new Set() },
  sha256Of: () => undefined,
};

function entry(path: string, day: number, size = 10): CacheEntry {
  const [upstream = '', folder, project = ''] = path.split('/');
  const isPage = folder === 'pages';
  const kind = isPage ? 'page' : folder === '.parts' ? 'part' : path.endsWith('.metadata') ? 'metadata' : 'package';
  const about = { upstream, kind, project: isPage ? project.replace('.json', '') : project } as const;
  return { ...about, path, size, cameMs: 0, usedMs: day };
}
const goneOf = (entries: CacheEntry[], goal: Partial<TrimGoal>) =>
  planTrim(entries, { ...NONE, bytes: Number.POSITIVE_INFINITY, ...goal }).gone.map(({ path }) => path);

const OLD = 'x/packages/farm/farm-1.0-py3-none-any.whl';
const NEW = 'x/packages/farm/farm-2.0-py3-none-any.whl';
const PAGE = 'x/pages/farm.json';

test('planTrim() lets go what was served least recently, and no more than has to go', () => {
  expect(goneOf([entry(NEW, 2), entry(OLD, 1)], { bytes: 10 })).toEqual([OLD]);
  expect(goneOf([entry(NEW, 2), entry(OLD, 1)], { bytes: 11 })).toEqual([OLD, NEW]);
  expect(goneOf([entry(NEW, 2), entry(OLD, 1)], { bytes: 0 })).toEqual([]);
});

test('planTrim() lets metadata go with its wheel, and keeps both where one of them was served', () => {
  const entries = [entry(OLD, 1), entry(`${OLD}.metadata`, 3), entry(NEW, 2), entry(`${NEW}.metadata`, 1)];
  expect(goneOf(entries, { bytes: 20 })).toEqual([NEW, `${NEW}.metadata`]);
});

test('planTrim() lets a page go last, and never while a file of its project is kept', () => {
  const entries = [entry(PAGE, 0), entry('x/pages/barn.json', 1), entry(OLD, 2)];
  expect(goneOf(entries, { bytes: 15 })).toEqual([OLD, PAGE]);
  const locked = { sha256s: new Set<string>(), releases: new Set(['farm==1.0']) };
  expect(goneOf(entries, { locked })).toEqual(['x/pages/barn.json']);
});

test.each([
  ['by name and version', { releases: ['farm==1.0'] }],
  ['by its hash', { sha256s: ['abc'] }],
])(
  'planTrim() keeps what a lock names %s, with its metadata',
  (_what, { releases = [], sha256s = [] }: { releases?: string[]; sha256s?: string[] }) => {
    const locked = { sha256s: new Set(sha256s), releases: new Set(releases) };
    const sha256Of = (path: string) => (path === OLD ? 'abc' : undefined);
    expect(goneOf([entry(OLD, 1), entry(`${OLD}.metadata`, 1), entry(NEW, 2)], { locked, sha256Of })).toEqual([NEW]);
  },
);

test('planTrim() reads the version of an sdist too, and lets go what has none', () => {
  const locked = { sha256s: new Set<string>(), releases: new Set(['farm==1.0']) };
  const sdist = 'x/packages/farm/farm-1.0.tar.gz';
  const odd = 'x/packages/farm/rubbish';
  expect(goneOf([entry(sdist, 1), entry(odd, 2)], { locked })).toEqual([odd]);
});

test('planTrim() leaves alone what is just coming', () => {
  expect(goneOf([entry('x/.parts/.kho-fetch-1.part', 1)], {})).toEqual([]);
});
