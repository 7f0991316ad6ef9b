import { expect, test } from 'vitest';
import { groupLeftOut, type LeftOutFile, leftOutWords, type WhyLeftOut } from './left-out.ts';

const file = (version: string | undefined, why: WhyLeftOut, tag = 'py3-none-any'): LeftOutFile => ({
  file: { filename: `foo-${version ?? 'odd'}-${tag}.whl`, ...(version !== undefined && { version }) },
  why,
});
const UNTIL = Date.parse('2026-12-01T08:14:30Z');
const young = (untilMs: number, by: 'release' | 'file' = 'release'): WhyLeftOut => ({ kind: 'cooldown', untilMs, by });

test('groupLeftOut() of nothing is nothing', () => {
  expect(groupLeftOut([])).toEqual([]);
});

test('groupLeftOut() tells by reason, then by version, the newest first, spellings of one together', () => {
  const groups = groupLeftOut([
    file('1.9', { kind: 'deny', rule: '<2' }),
    file('1.10', { kind: 'deny', rule: '<2' }, 'cp39-cp39-win32'),
    file('1.10.0', { kind: 'deny', rule: '<2' }),
    file(undefined, { kind: 'deny', rule: '<2' }),
    file('3.0', { kind: 'malware', id: 'MAL-1' }),
  ]);
  expect(groups.map(({ kind, files, releases }) => [kind, files, releases])).toEqual([
    ['malware', 1, 1],
    ['deny', 4, 3],
  ]);
  expect(groups[1]?.newest).toEqual([
    {
      ...{ version: '1.10', why: { kind: 'deny', rule: '<2' }, files: 2 },
      names: ['foo-1.10-cp39-cp39-win32.whl', 'foo-1.10.0-py3-none-any.whl'],
    },
    { version: '1.9', why: { kind: 'deny', rule: '<2' }, files: 1, names: ['foo-1.9-py3-none-any.whl'] },
    { why: { kind: 'deny', rule: '<2' }, files: 1, names: ['foo-odd-py3-none-any.whl'] },
  ]);
});

test('groupLeftOut() tells of times to the minute, and of those of one version apart', () => {
  const [group] = groupLeftOut([
    file('1.0', young(UNTIL + 90_000, 'file'), 'cp39-cp39-win32'),
    file('1.0', young(UNTIL)),
    file('1.0', young(UNTIL + 1_000), 'cp39-cp39-linux_x86_64'),
  ]);
  const minute = Date.parse('2026-12-01T08:15:00Z');
  expect(group?.newest.map(({ why, files }) => [why, files])).toEqual([
    [young(minute), 2],
    [young(minute + 60_000, 'file'), 1],
  ]);
});

test('groupLeftOut() names some of many, and counts all', () => {
  const many = Array.from({ length: 20 }, (_, version) =>
    Array.from({ length: 30 }, (_, tag) => file(`1.${version}`, { kind: 'unhashed' }, `cp3${tag}-abi3-win32`)),
  ).flat();
  const [group] = groupLeftOut(many);
  expect([group?.files, group?.releases, group?.newest.length]).toEqual([600, 20, 8]);
  expect(group?.newest.map(({ files, names }) => [files, names.length])).toEqual(Array(8).fill([30, 6]));
  expect(group?.newest[0]?.version).toBe('1.19');
});

test.each<[WhyLeftOut, string]>([
  [{ kind: 'malware', id: 'MAL-1' }, 'is known malware (MAL-1)'],
  [{ kind: 'deny', rule: '' }, 'is denied'],
  [young(UNTIL), 'is of a release that is not old enough: listed from 2026-12-01 08:15 UTC on'],
  [{ kind: 'quarantined' }, 'is of a project that is in quarantine there'],
  [{ kind: 'gone', sinceMs: UNTIL }, 'is gone there, since 2026-12-01'],
  [{ kind: 'clash' }, 'has other bytes than the file of that name here, which is listed'],
])('leftOutWords() of %j', (why, words) => {
  expect(leftOutWords(why)).toBe(words);
});
