import { expect, test } from 'vitest';
import { type Advisory, readOsvRecord } from '../standards/osv/advisory.ts';
import { judgeUpstream } from './judge-upstream.ts';
import { type OfferedFile, type Policy, refusalWords } from './policy.ts';
import { seenKey } from './release-times.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-29T12:00:00Z');
const WEEK: Policy = { cooldownMs: 7 * DAY, advisories: [] };

const sha = (digit: string) => digit.repeat(64);

/** `wheel`: uploaded so many days before now. */
function wheel(version: string, days?: number, more: Partial<OfferedFile> = {}): OfferedFile {
  const uploadTime = days === undefined ? {} : { uploadTime: new Date(NOW - days * DAY).toISOString() };
  return { filename: `foo-${version}-py3-none-any.whl`, version, ...uploadTime, ...more };
}

function sdist(version: string, days?: number): OfferedFile {
  return wheel(version, days, { filename: `foo-${version}.tar.gz` });
}

function advisory(id: string, affected: Record<string, unknown>): Advisory {
  const [one] = readOsvRecord({ id, affected: [{ package: { ecosystem: 'PyPI', name: 'foo' }, ...affected }] });
  return (one as { advisory: Advisory }).advisory;
}

const range = (...events: Record<string, string>[]) => ({ ranges: [{ type: 'ECOSYSTEM', events }] });

function judge(files: OfferedFile[], policy: Policy, now = NOW) {
  const { listed, refused, ...more } = judgeUpstream({ files }, policy, now);
  return {
    listed: listed.map(({ filename }) => filename),
    refused: refused.map(({ file, why }) => `${file.filename} ${refusalWords(why)}`),
    ...more,
  };
}

test('judgeUpstream() lists everything where nothing is asked for, in the order of the page', () => {
  const files = [wheel('2.0', 0), wheel('1.0', 100), sdist('2.0'), wheel('no version', 3, { filename: 'odd' })];
  expect(judge(files, { advisories: [] })).toMatchObject({
    listed: files.map(({ filename }) => filename),
    refused: [],
    unseen: [],
  });
});

test.each<[what: string, files: OfferedFile[], listed: string[]]>([
  ['one that is old enough, and one that is not', [wheel('1.0', 7), wheel('1.1', 6.9)], ['foo-1.0-py3-none-any.whl']],
  ['one from the future', [wheel('1.0', -30)], []],
  ['an sdist whose wheel came some hours later', [sdist('1.0', 7.2), wheel('1.0', 6.8)], []],
  [
    'both, when the last of the first day is old enough',
    [sdist('1.0', 7.9), wheel('1.0', 7)],
    ['foo-1.0.tar.gz', 'foo-1.0-py3-none-any.whl'],
  ],
  ['one that was added to an old release', [sdist('1.0', 100), wheel('1.0', 1)], ['foo-1.0.tar.gz']],
  ['spellings of one version', [wheel('1.0', 7.2), { ...sdist('1.0.0', 6.8) }], []],
])('judgeUpstream() waits with %s', (_what, files, listed) => {
  expect(judge(files, WEEK).listed).toEqual(listed);
});

test('judgeUpstream() says until when it waits, for a release and for a file that came later', () => {
  const { refused, changesAtMs } = judge(
    [sdist('1.0', 100), wheel('1.0', 1), sdist('2.0', 2), wheel('2.0', 1.9)],
    WEEK,
  );
  expect(refused).toEqual([
    'foo-1.0-py3-none-any.whl is not old enough: listed from 2026-12-05 12:00 UTC on',
    'foo-2.0.tar.gz is of a release that is not old enough: listed from 2026-12-04 14:24 UTC on',
    'foo-2.0-py3-none-any.whl is of a release that is not old enough: listed from 2026-12-04 14:24 UTC on',
  ]);
  expect(new Date(changesAtMs as number).toISOString()).toBe('2026-12-04T14:24:00.000Z');
  expect(judge([sdist('2.0', 2), wheel('2.0', 1.9)], WEEK, changesAtMs).listed).toHaveLength(2);
  expect(judge([sdist('2.0', 2), wheel('2.0', 1.9)], WEEK, (changesAtMs as number) - 1).listed).toHaveLength(0);
});

test('judgeUpstream() takes the time when a file was first seen where the index tells none', () => {
  const old = wheel('1.0', undefined, { sha256: sha('a') });
  const replaced = wheel('1.0', undefined, { sha256: sha('b') });
  const firstSeen = new Map([[seenKey(old), NOW - 8 * DAY]]);
  expect(judge([old], { ...WEEK, firstSeen })).toMatchObject({ listed: [old.filename], unseen: [] });
  expect(judge([replaced], { ...WEEK, firstSeen })).toMatchObject({ listed: [], unseen: [seenKey(replaced)] });
  expect(judge([wheel('1.0', undefined, { uploadTime: 'yesterday' })], WEEK)).toMatchObject({
    listed: [],
    unseen: [seenKey(wheel('1.0'))],
  });
});

test('judgeUpstream() lets what is excepted pass: all versions, some, or just those bytes', () => {
  const young = [wheel('1.0', 1, { sha256: sha('a') }), wheel('2.0', 1)];
  const except = (...cooldownExcept: NonNullable<Policy['cooldownExcept']>) =>
    judge(young, { ...WEEK, cooldownExcept }).listed;
  expect(except({ specifiers: '' })).toHaveLength(2);
  expect(except({ specifiers: '==2.*' })).toEqual(['foo-2.0-py3-none-any.whl']);
  expect(except({ specifiers: '', sha256s: new Set([sha('a')]) })).toEqual(['foo-1.0-py3-none-any.whl']);
  expect(except({ specifiers: '==1.0', sha256s: new Set([sha('b')]) })).toEqual([]);
  expect(except({ specifiers: 'junk' })).toEqual([]);
});

const HOLE = advisory(
  'GHSA-hole',
  range({ introduced: '0' }, { fixed: '1.2' }, { introduced: '2.0' }, { fixed: '2.1' }),
);

test.each<[what: string, locked: string[], advisories: Advisory[], listed: string[]]>([
  ['closes a hole of what is locked', ['1.0'], [HOLE], ['1.2']],
  ['closes it in the other line', ['2.0'], [HOLE], ['2.1']],
  ['closes none of what is locked', ['1.2', '3.0'], [HOLE], []],
  ['closes one where nothing is locked', [], [HOLE], []],
  ['is not the version that is named', ['1.0'], [advisory('GHSA-1', range({ introduced: '0' }, { fixed: '1.1' }))], []],
  [
    'comes after the last that is affected',
    ['1.0'],
    [advisory('GHSA-1', range({ introduced: '0' }, { last_affected: '1.1' }))],
    [],
  ],
  [
    'closes it, and has another that is named there',
    ['1.0'],
    [advisory('GHSA-1', { ...range({ introduced: '0' }, { fixed: '1.2' }), versions: ['1.2'] })],
    [],
  ],
])('judgeUpstream() lets a release pass early only if it %s', (_what, lockedVersions, advisories, expected) => {
  const young = ['1.2', '1.3', '2.1', '2.2'].map((version) => wheel(version, 1));
  const { listed, early } = judge(young, { ...WEEK, advisories, lockedVersions });
  expect(listed).toEqual(expected.map((version) => wheel(version).filename));
  expect(early.map(({ version }) => version)).toEqual(expected);
});

test('judgeUpstream() tells of a fix only while it would have had to wait', () => {
  expect(judge([wheel('1.2', 30)], { ...WEEK, advisories: [HOLE], lockedVersions: ['1.0'] })).toMatchObject({
    early: [],
    listed: [wheel('1.2').filename],
  });
  expect(judge([wheel('1.2', 1)], { ...WEEK, advisories: [HOLE], lockedVersions: ['1.0'] }).early).toEqual([
    { version: '1.2', closes: '1.0', id: 'GHSA-hole' },
  ]);
});

test('judgeUpstream() lets in only what is allowed, with the bytes that are', () => {
  const files = [wheel('1.0', 9, { sha256: sha('a') }), sdist('1.0'), wheel('2.0', 9)];
  const policy: Policy = {
    advisories: [],
    allow: [{ specifiers: '==1.0', sha256s: new Set([sha('a')]) }, { specifiers: '>=3' }],
  };
  expect(judge(files, policy)).toMatchObject({
    listed: ['foo-1.0-py3-none-any.whl'],
    refused: [
      'foo-1.0.tar.gz has other bytes than what is allowed of this version',
      'foo-2.0-py3-none-any.whl is not among what is allowed',
    ],
  });
  expect(judge(files, { advisories: [], allow: [] }).listed).toEqual([]);
});

test('judgeUpstream() refuses what is denied, whatever else is said of it', () => {
  const policy: Policy = {
    advisories: [],
    deny: [{ specifiers: '<2' }],
    allow: [{ specifiers: '' }],
    cooldownExcept: [{ specifiers: '' }],
  };
  expect(judge([wheel('1.0', 9), wheel('2.0', 9), { filename: 'foo.odd' }], policy)).toMatchObject({
    listed: ['foo-2.0-py3-none-any.whl'],
    refused: ['foo-1.0-py3-none-any.whl is denied: <2', 'foo.odd is denied: <2'],
  });
});

test('judgeUpstream() refuses malware before anything else, and holes not at all', () => {
  const malware = advisory('MAL-2026-1', { versions: ['1.0'] });
  const policy: Policy = {
    advisories: [HOLE, malware],
    allow: [{ specifiers: '' }],
    cooldownExcept: [{ specifiers: '' }],
    cooldownMs: DAY,
  };
  expect(
    judge([wheel('1.0', 99), wheel('1.0+cpu', 99), wheel('1.1', 99), { filename: 'foo.odd' }], policy),
  ).toMatchObject({
    listed: ['foo-1.1-py3-none-any.whl'],
    refused: [
      'foo-1.0-py3-none-any.whl is known malware (MAL-2026-1)',
      'foo-1.0+cpu-py3-none-any.whl is known malware (MAL-2026-1)',
      'foo.odd is known malware (MAL-2026-1)',
    ],
  });
});

test('judgeUpstream() takes malware for no fix', () => {
  const policy: Policy = {
    ...WEEK,
    advisories: [advisory('MAL-1', range({ introduced: '0' }, { fixed: '1.2' }))],
    lockedVersions: ['1.0'],
  };
  expect(judge([wheel('1.2', 1)], policy).listed).toEqual([]);
});

test('judgeUpstream() goes through a page of 15,000 files once', () => {
  const files = Array.from({ length: 15_000 }, (_, number) =>
    wheel(`1.${number % 300}`, number / 100, { filename: `foo-${number}.whl` }),
  );
  const { listed, refused } = judgeUpstream(
    { files },
    { ...WEEK, advisories: Array.from({ length: 200 }, () => HOLE) },
    NOW,
  );
  expect(listed.length + refused.length).toBe(15_000);
});
