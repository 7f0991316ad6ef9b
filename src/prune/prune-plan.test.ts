import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions, isPrerelease } from '../standards/version.ts';
import { type LockedReleases, type PrunableFile, prunePlan } from './prune-plan.ts';

const NOW = Date.parse('2026-11-29T08:00:00Z');
const DAY_MS = 86_400_000;
const NONE: LockedReleases = { sha256s: new Set(), releases: new Set() };

const file = (version: string, days = 365, more: Partial<PrunableFile> = {}): PrunableFile => ({
  filename: `farm-${version}-py3-none-any.whl`,
  project: 'farm',
  version,
  sha256: `hash of ${version}`,
  uploadedMs: NOW - days * DAY_MS,
  ...more,
});
const plan = (files: PrunableFile[], rules: Parameters<typeof prunePlan>[1], locked = NONE) =>
  Object.fromEntries(
    prunePlan(files, rules, locked, NOW).map((each) => [each.file.version, each.keptFor ?? `GOES ${each.goesFor}`]),
  );

test('prunePlan() says of each version why it stays or goes', () => {
  const files = [
    file('2.0'),
    file('1.9'),
    file('1.8', 5),
    file('1.7', 0.5),
    file('1.6', 365, { yankedMs: NOW - DAY_MS }),
    file('1.5'),
    file('1.4'),
    file('1.3'),
    file('1.2'),
    file('2.1rc2'),
    file('2.1rc1'),
    file('2.0.dev1', 20),
  ];
  const locked: LockedReleases = { sha256s: new Set(['hash of 1.4']), releases: new Set(['farm==1.3']) };
  const rules = { keepVersions: 2, keepDays: 7, prereleasesDays: 30, devDays: 14, keep: ['farm<1.3', 'other'] };
  expect(plan(files, rules, locked)).toEqual({
    '2.0': 'the newest',
    '1.9': 'one of the newest 2',
    '1.8': 'published within 7 days',
    '1.7': 'published within a day',
    '1.6': 'yanked within 30 days',
    '1.5': 'GOES not one of the newest 2, older than 7 days',
    '1.4': 'a lock file names it, or an edge has it',
    '1.3': 'a lock file names it, or an edge has it',
    '1.2': 'keep has "farm<1.3"',
    '2.1rc2': 'the newest pre-release',
    '2.1rc1': 'GOES older than 30 days',
    '2.0.dev1': 'GOES older than 14 days',
  });
});

test('prunePlan() lets nothing go for which there is no rule', () => {
  expect(plan([file('1.0'), file('2.0'), file('1.0rc1'), file('1.0rc2')], { prereleasesDays: 30 })).toMatchObject({
    '1.0': 'no rule is for it',
    '1.0rc1': 'GOES older than 30 days',
  });
  expect(plan([file('1.0'), file('2.0'), file('1.0rc1'), file('1.0rc2')], { keepVersions: 1 })).toMatchObject({
    '1.0': 'GOES not one of the newest 1',
    '1.0rc1': 'no rule is for it',
  });
  expect(plan([file('1.0')], { keepDays: 1 })).toEqual({ '1.0': 'the only version' });
});

test('prunePlan() keeps the newest for each kind of machine, and all files of its version', () => {
  const armv7l = (version: string) => file(version, 365, { filename: `farm-${version}-cp311-cp311-linux_armv7l.whl` });
  const files = [file('2.0'), file('1.1'), file('1.0'), armv7l('1.0'), armv7l('0.9')];
  expect(
    prunePlan(files, { keepVersions: 1 }, NONE, NOW)
      .filter(({ keptFor }) => !keptFor)
      .map((each) => each.file.filename),
  ).toEqual(['farm-1.1-py3-none-any.whl', 'farm-0.9-cp311-cp311-linux_armv7l.whl']);
});

test('prunePlan() never lets the newest go, nor what a lock names, whatever the rules', () => {
  const version = fc
    .tuple(fc.nat(3), fc.nat(3), fc.constantFrom('', 'rc1', '.dev2'))
    .map(([a, b, c]) => `${a}.${b}${c}`);
  const rule = fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined });
  fc.assert(
    fc.property(
      fc.uniqueArray(version, { minLength: 1, maxLength: 12 }),
      fc.record({ keepVersions: rule, keepDays: rule, prereleasesDays: rule, devDays: rule }),
      fc.nat(11),
      fc.nat(500),
      (versions, wanted, at, days) => {
        const rules = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
        const files = versions.map((each) => file(each, days));
        const named = versions[at % versions.length] as string;
        const gone = new Set(
          prunePlan(files, rules, { sha256s: new Set([`hash of ${named}`]), releases: new Set() }, NOW)
            .filter(({ keptFor }) => keptFor === undefined)
            .map((each) => each.file.version),
        );
        expect(gone).not.toContain(named);
        for (const isPre of [true, false]) {
          const newest = versions
            .filter((each) => isPrerelease(each) === isPre)
            .sort(compareVersions)
            .at(-1);
          if (newest !== undefined) expect(gone).not.toContain(newest);
        }
      },
    ),
  );
});

test.each([
  ['are for others', 'manylinux_2_12_x86_64', 'manylinux_2_21_x86_64', 'the newest'],
  [
    'are the same',
    'linux_x86_64.manylinux_2_17_x86_64',
    'manylinux_2_17_x86_64.linux_x86_64',
    'GOES older than 7 days',
  ],
])('prunePlan() sets a wheel beside newer ones for its machines: here they %s', (_what, newer, older, expected) => {
  const wheel = (version: string, tag: string) =>
    file(version, 365, { filename: `farm-${version}-cp311-cp311-${tag}.whl` });
  expect(plan([wheel('2.0', newer), wheel('1.0', older)], { keepDays: 7 })).toMatchObject({ '1.0': expected });
});
