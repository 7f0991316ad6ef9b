import { expect, test } from 'vitest';
import { osvRange, osvRecord } from '../../test/support/make-advisories.ts';
import { type Advisory, readOsvRecord } from '../standards/osv/advisory.ts';
import { isAtLeast, knownHoles, severityWord } from './known-holes.ts';

const advisory = (id: string, affected: Record<string, unknown>, more: Record<string, unknown> = {}): Advisory =>
  (readOsvRecord(osvRecord(id, 'foo', affected, more))[0] as { advisory: Advisory }).advisory;

const ALL = osvRange({ introduced: '0' }, { fixed: '2' });
const bad = (severity: string, ...aliases: string[]) => ({ aliases, database_specific: { severity } });

test('knownHoles() tells of each hole once, by what says most of it, the worst first', () => {
  const advisories = [
    advisory('PYSEC-1', ALL, { aliases: ['CVE-1'], summary: '' }),
    advisory('GHSA-low', ALL, bad('LOW')),
    advisory('GHSA-1', osvRange({ introduced: '0' }, { fixed: '1.5' }), bad('HIGH', 'CVE-1')),
    advisory('GHSA-other', osvRange({ introduced: '3' })),
    advisory('GHSA-2', ALL, { severity: [{ score: 'CVSS:4.0/AV:N' }] }),
    advisory('MAL-1', ALL),
  ];
  expect(
    knownHoles(advisories, '1.0').map((hole) => [severityWord(hole), hole.id, hole.aliases, hole.fixed, hole.severity]),
  ).toEqual([
    ['malware', 'MAL-1', [], ['2'], undefined],
    ['high', 'GHSA-1', ['CVE-1', 'PYSEC-1'], ['1.5', '2'], undefined],
    ['low', 'GHSA-low', [], ['2'], undefined],
    ['unknown', 'GHSA-2', [], ['2'], 'CVSS:4.0/AV:N'],
  ]);
  expect(knownHoles(advisories, '2.5')).toEqual([]);
});

test('knownHoles() joins what only a third one says to be the same', () => {
  const advisories = [
    advisory('A-1', ALL, { aliases: ['CVE-1'] }),
    advisory('B-1', ALL, { aliases: ['CVE-2'] }),
    advisory('C-1', ALL, { aliases: ['CVE-1', 'CVE-2'] }),
  ];
  expect(knownHoles(advisories, '1').map(({ id, aliases }) => [id, aliases])).toEqual([
    ['A-1', ['B-1', 'C-1', 'CVE-1', 'CVE-2']],
  ]);
});

test.each([
  ['low', 'low', true],
  ['medium', 'high', false],
  ['critical', 'high', true],
  [undefined, 'critical', true],
] as const)('isAtLeast() of %s and %s', (level, least, expected) => {
  expect(isAtLeast({ isMalware: false, ...(level && { level }) }, least)).toBe(expected);
});
