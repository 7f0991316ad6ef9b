import { expect, test } from 'vitest';
import { ADVISORY_LIMITS, type Advisory, affects, fixedVersions, isMalware, readOsvRecord } from './advisory.ts';
import { baseScore, levelOf } from './severity.ts';

type Affected = Record<string, unknown>;
const pypi = (name: string, more: Affected = {}): Affected => ({ package: { ecosystem: 'PyPI', name }, ...more });
const range = (...events: Record<string, string>[]) => ({ type: 'ECOSYSTEM', events });
const record = (affected: unknown, more: Record<string, unknown> = {}) => ({ id: 'GHSA-1', affected, ...more });

/** What a record of the project foo says. */
function fooOf(...affected: Affected[]): Advisory {
  const [found] = readOsvRecord(record(affected.map((one) => pypi('foo', one))));
  return found?.advisory as Advisory;
}

test.each<[what: string, affected: Affected, affected: string[], others: string[]]>([
  [
    'a range with its end',
    { ranges: [range({ introduced: '1.0' }, { fixed: '1.5' })] },
    ['1.0', '1.0.0', '1.4.post1', '1.5rc1'],
    ['0.9', '1.0rc1', '1.5', '2'],
  ],
  [
    'a range from the very first',
    { ranges: [range({ introduced: '0' }, { fixed: '1' })] },
    ['0.dev0', '0', '0.9'],
    ['1', '1.0'],
  ],
  ['a range without end', { ranges: [range({ introduced: '2' })] }, ['2', '99'], ['1.9', '2rc1']],
  [
    'a last version that is affected',
    { ranges: [range({ introduced: '1' }, { last_affected: '1.3' })] },
    ['1', '1.3', '1.3.0'],
    ['1.3.1', '1.3.post1', '0'],
  ],
  ['one version alone', { ranges: [range({ introduced: '1.3' }, { last_affected: '1.3' })] }, ['1.3'], ['1.2', '1.4']],
  [
    'several spans in one range, in any order',
    { ranges: [range({ fixed: '2.2' }, { introduced: '2.0' }, { introduced: '0' }, { fixed: '1.5' })] },
    ['1.4', '2.0', '2.1'],
    ['1.5', '1.9', '2.2'],
  ],
  [
    'several ranges',
    { ranges: [range({ introduced: '1' }, { fixed: '2' }), range({ introduced: '5' })] },
    ['1', '6'],
    ['3'],
  ],
  [
    'a second start inside of a span',
    { ranges: [range({ introduced: '1' }, { introduced: '2' }, { fixed: '3' })] },
    ['1.5', '2.5'],
    ['3'],
  ],
  ['a limit', { ranges: [range({ introduced: '1' }, { limit: '3' })] }, ['1', '2.9'], ['3', '4']],
  ['a limit that is none', { ranges: [range({ introduced: '1' }, { limit: '*' })] }, ['1', '9'], ['0']],
  [
    'a limit behind the end',
    { ranges: [range({ introduced: '1' }, { fixed: '2' }, { limit: '3' })] },
    ['1'],
    ['2', '2.5'],
  ],
  ['a list', { versions: ['1.0', '1.2-RC1', 'v3'] }, ['1.0.0', '1.2rc1', '3'], ['1.1', '1.2']],
  [
    'a list beside a range',
    { versions: ['0.1'], ranges: [range({ introduced: '1' }, { fixed: '2' })] },
    ['0.1', '1.5'],
    ['0.2'],
  ],
  ['a version that is none', { versions: ['latest-build'] }, ['latest-build'], ['1']],
  [
    'builds of an affected version',
    { versions: ['2.1'], ranges: [range({ introduced: '1' }, { last_affected: '1.5' })] },
    ['2.1+cpu', '1.5+cu118'],
    ['2.2+cpu'],
  ],
  ['a build that was mended', { ranges: [range({ introduced: '1' }, { fixed: '2.1' })] }, ['2.0+cpu'], ['2.1+cpu']],
  [
    'ranges of other types',
    {
      ranges: [
        { type: 'GIT', events: [{ introduced: '0' }] },
        { type: 'SEMVER', events: [{ introduced: '0' }] },
      ],
    },
    [],
    ['1'],
  ],
  ['neither ranges nor a list', {}, [], ['1']],
  [
    'junk',
    {
      ranges: [null, 7, { type: 'ECOSYSTEM', events: 'x' }, range({ introduced: 5 as never })],
      versions: [null, {}, ''],
    },
    [],
    ['1'],
  ],
])('affects() knows of %s', (_what, given, affected, others) => {
  const advisory = fooOf(given);
  expect(affected.filter((version) => !affects(advisory, version))).toEqual([]);
  expect(others.filter((version) => affects(advisory, version))).toEqual([]);
});

test.each<[what: string, affected: Affected, version: string, fixed: string[]]>([
  [
    'the end of its range',
    { ranges: [range({ introduced: '0' }, { fixed: '1.2' }, { introduced: '2' }, { fixed: '2.1' })] },
    '2.0',
    ['2.1'],
  ],
  [
    'ends of several ranges, the lowest first',
    { ranges: [range({ introduced: '0' }, { fixed: '1.10' }), range({ introduced: '1' }, { fixed: '1.9' })] },
    '1',
    ['1.9', '1.10'],
  ],
  [
    'the next end, of a listed one',
    {
      versions: ['1.1'],
      ranges: [range({ introduced: '0' }, { fixed: '1.0' }, { introduced: '3' }, { fixed: '3.1' })],
    },
    '1.1',
    ['3.1'],
  ],
  ['nothing, where there is no end', { ranges: [range({ introduced: '0' }, { last_affected: '2' })] }, '1', []],
])('fixedVersions() names %s', (_what, given, version, fixed) => {
  expect(fixedVersions(fooOf(given), version)).toEqual(fixed);
});

test('readOsvRecord() reads each project of a record, and joins what it says of one', () => {
  const [foo, bar, none] = readOsvRecord(
    record(
      [
        pypi('Foo_X', { ranges: [range({ introduced: '0' }, { fixed: '1' })] }),
        pypi('bar', { versions: ['7'] }),
        pypi('foo.x', { versions: ['3'] }),
        { package: { ecosystem: 'npm', name: 'foo-x' }, versions: ['9'] },
        pypi('no name!', { versions: ['1'] }),
        null,
      ],
      {
        aliases: ['CVE-2026-1', 7, 'no id <b>'],
        summary: 'Leaks\nmore',
        severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
      },
    ),
  );
  expect(foo).toEqual({
    project: 'foo-x',
    advisory: {
      ...{ id: 'GHSA-1', aliases: ['CVE-2026-1'], summary: 'Leaks', level: 'critical' },
      ...{ ranges: [{ from: '0', before: '1' }], versions: ['3'] },
    },
  });
  expect([bar?.project, none]).toEqual(['bar', undefined]);
});

test.each<[what: string, value: unknown]>([
  ['nothing', undefined],
  ['a list', []],
  ['one that was withdrawn', record([pypi('foo', { versions: ['1'] })], { withdrawn: '2026-01-01T00:00:00Z' })],
  ['one without an id', { affected: [pypi('foo', { versions: ['1'] })] }],
  ['an id that is none', record([pypi('foo')], { id: '../x' })],
  ['an id that is too long', record([pypi('foo')], { id: 'x'.repeat(ADVISORY_LIMITS.idLength + 1) })],
  ['no project', record(undefined)],
])('readOsvRecord() finds nothing in %s', (_what, value) => {
  expect(readOsvRecord(value)).toEqual([]);
});

test('readOsvRecord() takes malware of which no version is named for all of it, and nothing else', () => {
  const [malware] = readOsvRecord(record([pypi('foo')], { id: 'MAL-2026-1' }));
  expect(malware && [isMalware(malware.advisory), affects(malware.advisory, '1.0')]).toEqual([true, true]);
  const [some] = readOsvRecord(record([pypi('foo', { versions: ['2'] })], { id: 'MAL-2026-2' }));
  expect(some && affects(some.advisory, '1.0')).toBe(false);
});

test('readOsvRecord() keeps a text of strangers short, on one line, and in one direction', () => {
  const summaryOf = (more: Record<string, unknown>) => readOsvRecord(record([pypi('foo')], more))[0]?.advisory.summary;
  expect(summaryOf({ summary: `a\u202eb\u001b[31m${'x'.repeat(10_000)}` })).toMatch(/^a b \[31mx{200,}…$/);
  expect(summaryOf({ summary: 7, details: '  First.\nSecond.' })).toBe('First.');
  expect(summaryOf({})).toBe('');
});

test('readOsvRecord() keeps no version twice that a range has too', () => {
  const { versions } = fooOf({ versions: ['1', '1.0', '2', '3'], ranges: [range({ introduced: '2' })] });
  expect(versions).toEqual(['1.0']);
});

test.each<[record: Record<string, unknown>, expected: unknown]>([
  [
    {
      database_specific: { severity: 'MODERATE' },
      severity: [{ score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    },
    { level: 'medium' },
  ],
  [{ severity: [{ score: 'CVSS:4.0/AV:N/AC:L' }] }, { severity: 'CVSS:4.0/AV:N/AC:L' }],
  [
    { severity: [{ score: 'CVSS:4.0/AV:N' }, { score: 'CVSS:3.0/AV:N/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N' }] },
    { level: 'low' },
  ],
  [{ severity: [{ score: '<script>' }] }, {}],
  [{ severity: 'x', database_specific: 7 }, {}],
])('readOsvRecord() knows how bad %j is', (more, expected) => {
  const [found] = readOsvRecord(record([pypi('foo')], more));
  const { level, severity } = found?.advisory ?? {};
  expect({ ...(level && { level }), ...(severity && { severity }) }).toEqual(expected);
});

test.each([
  // Examples of the specification and of its calculator.
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8, 'critical'],
  ['CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4, 'medium'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1, 'medium'],
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.1, 'low'],
  ['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 7.8, 'high'],
  ['CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N', 0, undefined],
  ['CVSS:2.0/AV:N', undefined, undefined],
  ['CVSS:3.1/AV:N/AC:L', undefined, undefined],
])('baseScore() of %s is %s', (vector, score, level) => {
  expect([baseScore(vector), levelOf(vector)]).toEqual([score, level]);
});
