import { expect, test } from 'vitest';
import { type FileHere, GONE, type ListedThere, planMirror } from './mirror-plan.ts';
import type { MirroredFile } from './mirrored-files.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-29T08:00:00Z');

const record = (filename: string, more: Partial<MirroredFile> = {}): MirroredFile => ({
  ...{ repository: 'glibc', project: 'core', filename, sha256: 'ab'.repeat(32) },
  ...more,
});

interface Case {
  ordered?: string[];
  here?: FileHere[];
  mirrored?: MirroredFile[];
  /** Of the project; null: it is not asked for. */
  listed?: Record<string, ListedThere> | null;
  locked?: string[];
  removeAfterMs?: number;
}

function plan({ ordered = [], here = [], mirrored = [], listed = {}, locked = [], removeAfterMs }: Case) {
  return planMirror({
    ordered: ordered.map((filename) => ({ filename, project: 'core', why: 'the newest' })),
    here,
    mirrored: new Map(mirrored.map((each) => [each.filename, each])),
    listed: new Map(listed === null ? [] : [['core', new Map(Object.entries(listed))]]),
    isLocked: ({ filename }) => locked.includes(filename),
    ...(removeAfterMs !== undefined && { removeAfterMs }),
    now: NOW,
  });
}

const A: FileHere = { filename: 'a', size: 5 };
const THERE = { a: { isYanked: false } };
const NOTHING = { bring: [], yank: [], unyank: [], drop: [], wait: [], remember: [], shrinks: 0 };

test.each<[string, Case, Partial<ReturnType<typeof plan>>]>([
  ['nothing ordered, nothing here', {}, {}],
  [
    'one that is ordered, and is not here',
    { ordered: ['a'] },
    { bring: [{ filename: 'a', project: 'core', why: 'the newest' }] },
  ],
  [
    'one that is here and was brought',
    { ordered: ['a'], here: [A], mirrored: [record('a')], listed: THERE },
    { remember: [record('a')] },
  ],
  ['one that somebody else put here, ordered or not', { here: [A], listed: {} }, {}],
  [
    'one that nothing orders any longer, without an end',
    { here: [A], mirrored: [record('a')], listed: THERE },
    { wait: [{ filename: 'a' }], remember: [record('a', { unwantedMs: NOW })] },
  ],
  [
    'one that nothing orders, within its grace',
    { here: [A], mirrored: [record('a', { unwantedMs: NOW - DAY })], listed: THERE, removeAfterMs: 2 * DAY },
    { wait: [{ filename: 'a', untilMs: NOW + DAY }], remember: [record('a', { unwantedMs: NOW - DAY })] },
  ],
  [
    'one whose grace is over',
    { here: [A], mirrored: [record('a', { unwantedMs: NOW - 2 * DAY })], listed: THERE, removeAfterMs: 2 * DAY },
    { drop: [{ filename: 'a', size: 5, why: 'nothing orders it since 2026-11-27' }], shrinks: 1 },
  ],
  [
    'one whose grace is over, and that a lock names',
    {
      here: [A],
      mirrored: [record('a', { unwantedMs: NOW - 9 * DAY })],
      listed: THERE,
      locked: ['a'],
      removeAfterMs: DAY,
    },
    { remember: [record('a')] },
  ],
  [
    'one that is ordered again',
    {
      ordered: ['a'],
      here: [A],
      mirrored: [record('a', { unwantedMs: NOW - 9 * DAY })],
      listed: THERE,
      removeAfterMs: DAY,
    },
    { remember: [record('a')] },
  ],
  [
    'one that is yanked there',
    { ordered: ['a'], here: [A], mirrored: [record('a')], listed: { a: { isYanked: true, reason: 'broken' } } },
    { yank: [{ filename: 'a', reason: 'broken' }], remember: [record('a', { yanked: 'broken' })] },
  ],
  [
    'one that is yanked there, and was yanked here by somebody',
    { ordered: ['a'], here: [{ ...A, yanked: 'ours' }], mirrored: [record('a')], listed: { a: { isYanked: true } } },
    { remember: [record('a')] },
  ],
  [
    'one that is yanked there no longer',
    {
      ordered: ['a'],
      here: [{ ...A, yanked: 'broken' }],
      mirrored: [record('a', { yanked: 'broken' })],
      listed: THERE,
    },
    { unyank: [{ filename: 'a' }], remember: [record('a', { yanked: 'broken' })] },
  ],
  [
    'one that was unyanked by the run before',
    { ordered: ['a'], here: [A], mirrored: [record('a', { yanked: 'broken' })], listed: THERE },
    { remember: [record('a')] },
  ],
  [
    'one that is yanked there no longer, and here for a reason of our own',
    { ordered: ['a'], here: [{ ...A, yanked: 'ours' }], mirrored: [record('a', { yanked: 'broken' })], listed: THERE },
    { remember: [record('a', { yanked: 'broken' })] },
  ],
  [
    'one that is gone there',
    { ordered: ['a'], here: [A], mirrored: [record('a')], listed: {} },
    { yank: [{ filename: 'a', reason: GONE }], remember: [record('a', { yanked: GONE })], shrinks: 1 },
  ],
  [
    'one that has been gone for a while',
    { ordered: ['a'], here: [{ ...A, yanked: GONE }], mirrored: [record('a', { yanked: GONE })], listed: {} },
    { remember: [record('a', { yanked: GONE })] },
  ],
  [
    'one whose project is asked for no longer',
    { ordered: ['a'], here: [A], mirrored: [record('a')], listed: null },
    { remember: [record('a')] },
  ],
  [
    'known malware, ordered and locked',
    {
      ordered: ['a'],
      here: [A],
      mirrored: [record('a')],
      listed: { a: { isYanked: true, isBad: 'is known malware (MAL-1)' } },
      locked: ['a'],
    },
    { drop: [{ filename: 'a', size: 5, why: 'is known malware (MAL-1)' }], shrinks: 1 },
  ],
  ['a record of one that is not here', { mirrored: [record('a')] }, {}],
])('planMirror() of %s', (_what, input, expected) => {
  expect(plan(input)).toEqual({ ...NOTHING, ...expected });
});
