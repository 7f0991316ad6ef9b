import fc from 'fast-check';
import { expect, test } from 'vitest';
import { processorMs } from '../../test/support/processor-time.ts';
import { compareVersions, isPrerelease, isValidVersion, normalizeVersion, versionKey } from './version.ts';

const NORMAL_FORMS: [written: string, normal: string][] = [
  ['1', '1'],
  ['1.0.0', '1.0.0'],
  ['v1.0', '1.0'],
  [' V1.0\n', '1.0'],
  ['01.002', '1.2'],
  ['0!1', '1'],
  ['2!01.0', '2!1.0'],
  ['1.0a', '1.0a0'],
  ['1.0.ALPHA-01', '1.0a1'],
  ['1.0_beta.2', '1.0b2'],
  ['1.0c1', '1.0rc1'],
  ['1.0-preview', '1.0rc0'],
  ['1.0-1', '1.0.post1'],
  ['1.0rev3', '1.0.post3'],
  ['1.0r', '1.0.post0'],
  ['1.0post', '1.0.post0'],
  ['1.0-r.4', '1.0.post4'],
  ['1.0dev', '1.0.dev0'],
  ['1.0a1.post2.dev3', '1.0a1.post2.dev3'],
  ['1.0+Ubuntu-01_x', '1.0+ubuntu.1.x'],
  ['1.0+00', '1.0+0'],
  ['2025.10.01', '2025.10.1'],
  ['9007199254740993', '9007199254740993'],
];

test.each(NORMAL_FORMS)('normalizeVersion() reads %j as %j', (written, normal) => {
  expect(isValidVersion(written)).toBe(true);
  expect(normalizeVersion(written)).toBe(normal);
  expect(normalizeVersion(normal)).toBe(normal);
  expect(versionKey(written)).toBe(versionKey(normal));
});

test.each([
  [''],
  ['v'],
  ['2004d'],
  ['1.0-final'],
  ['1.0.x'],
  ['1..0'],
  ['1.'],
  ['.1'],
  ['1.0+'],
  ['1.0+a+b'],
  ['1.0-1-1'],
  ['1.0a1b1'],
  ['1 .0'],
  ['1.0+\u212a'], // the Kelvin sign is k in lower case
  ['١'],
  ['\ufeff1'], // white space for JavaScript, not for Python
])('isValidVersion() refuses %j', (text) => {
  expect(isValidVersion(text)).toBe(false);
  expect(normalizeVersion(text)).toBe(text);
  expect(isPrerelease(text)).toBe(false);
});

/** From the lowest to the highest; versions of one line are equal. */
const ASCENDING = [
  ['1.0-final'],
  ['2004d'],
  ['0', '0.0', 'v0'],
  ['0.1'],
  ['1.0.dev1'],
  ['1.0.dev10'],
  ['1.0a1.dev1'],
  ['1.0a1', '1alpha1'],
  ['1.0a1.post1.dev1'],
  ['1.0a1.post1'],
  ['1.0a2'],
  ['1.0a12'],
  ['1.0b1'],
  ['1.0rc1', '1.0c1', '1.0.0-pre1'],
  ['1.0', '1', '1.0.0', '1.00'],
  ['1.0+abc'],
  ['1.0+abc.1'],
  ['1.0+abca'],
  ['1.0+abcd'],
  ['1.0+5'],
  ['1.0+5.a'],
  ['1.0+5.0', '1.0+5-00'],
  ['1.0+10'],
  ['1.0.post1.dev1'],
  ['1.0.post1', '1-1'],
  ['1.0.0.1'],
  ['1.0.1'],
  ['1.2'],
  ['1.10'],
  ['9007199254740992'],
  ['9007199254740993'],
  ['9'.repeat(25)],
  [`1${'0'.repeat(25)}`],
  [`1${'0'.repeat(24)}1`],
  ['9'.repeat(99)],
  [`1${'0'.repeat(99)}`],
  ['1!0.1'],
];

test('compareVersions() orders as PEP 440 says', () => {
  ASCENDING.forEach((group, index) => {
    ASCENDING.forEach((other, otherIndex) => {
      for (const a of group) {
        for (const b of other) expect([a, b, compareVersions(a, b)]).toEqual([a, b, Math.sign(index - otherIndex)]);
      }
    });
  });
});

test.each([
  ['1.0', false],
  ['1.0.post1', false],
  ['1.0+rc1', false],
  ['1.0a1', true],
  ['1.0.dev0', true],
  ['1.0.post1.dev1', true],
])('isPrerelease() of %j is %j', (version, expected) => {
  expect(isPrerelease(version)).toBe(expected);
});

/** PEP 440 spelled out once more, part by part with BigInt: slow, and nothing like the keys. */
type Parts = { epoch: bigint; release: bigint[]; stage: number; pre: bigint; post: bigint; dev: bigint | undefined };

function compareParts(a: Parts, b: Parts): number {
  const list = ({ epoch, release, stage, pre, post, dev }: Parts) => {
    const padded = Array.from({ length: 6 }, (_, index) => release[index] ?? 0n);
    const bareDev = stage === 3 && post < 0n && dev !== undefined;
    return [epoch, ...padded, bareDev ? -1n : BigInt(stage), pre, post, dev ?? 10n ** 40n];
  };
  const [left, right] = [list(a), list(b)];
  const index = left.findIndex((value, at) => value !== right[at]);
  return index < 0 ? 0 : left[index]! < right[index]! ? -1 : 1;
}

function write({ epoch, release, stage, pre, post, dev }: Parts): string {
  const stageText = stage < 3 ? ['a', 'b', 'rc'][stage]! + pre : '';
  return `${epoch}!${release.join('.')}${stageText}${post < 0n ? '' : `.post${post}`}${dev === undefined ? '' : `.dev${dev}`}`;
}

const integers = fc.oneof({ weight: 3, arbitrary: fc.bigInt(0n, 2n) }, fc.bigInt(0n, 10n ** 30n));
const versions: fc.Arbitrary<Parts> = fc
  .record({
    epoch: fc.bigInt(0n, 1n),
    release: fc.array(integers, { minLength: 1, maxLength: 6 }),
    stage: fc.integer({ min: 0, max: 3 }),
    pre: integers,
    post: fc.oneof(fc.constant(-1n), integers),
    dev: fc.option(integers, { nil: undefined }),
  })
  .map((parts) => (parts.stage === 3 ? { ...parts, pre: 0n } : parts));

test('compareVersions() agrees with a comparison part by part', () => {
  fc.assert(
    fc.property(versions, versions, (a, b) => compareVersions(write(a), write(b)) === compareParts(a, b)),
    { numRuns: 1000, seed: 440 },
  );
});

test.each([
  ['digits', '1'.repeat(4000)],
  ['release parts', `${'1.'.repeat(2000)}x`],
  ['zeros', `1${'.0'.repeat(2000)}`],
  ['local parts', `1+${'a.'.repeat(2000)}`],
  ['pre-releases', `1${'rc'.repeat(2000)}`],
  ['white space inside', `1${' '.repeat(200_000)}x`],
  ['white space outside', `${' '.repeat(200_000)}1`],
  ['dashes', `1${'-1'.repeat(500_000)}`],
])('compareVersions() is not slowed down by a hostile run of %s', async (_what, hostile) => {
  const act = () => {
    for (let run = 0; run < 20; run++) compareVersions(hostile, '1.0');
  };
  expect(await processorMs(act)).toBeLessThan(1000);
});

test('compareVersions() sorts more versions than the cache holds', () => {
  const nightly = Array.from({ length: 20_000 }, (_, index) => `1.${(index * 7919) % 20_000}.dev${index % 3}`);
  const sorted = nightly.toSorted(compareVersions);
  expect(sorted.map((version) => Number(version.split('.')[1]))).toEqual(nightly.map((_, index) => index));
});
