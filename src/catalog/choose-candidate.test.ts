import { expect, test } from 'vitest';
import { normalizeName } from '../standards/name.ts';
import { MachineFit } from '../standards/platforms/machine-fit.ts';
import { parseTargetPython } from '../standards/platforms/target-machine.ts';
import { normalizeVersion } from '../standards/version.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';
import { type Candidate, NO_OPTIONS, type PipOptions } from './candidate.ts';
import { allows, type CandidateLimits, usableCandidates } from './choose-candidate.ts';

const FIT = new MachineFit({ platform: 'glibc-x86_64', libcFloor: '2.31', python: parseTargetPython('3.11') });
const [ONE, TWO] = ['a'.repeat(64), 'b'.repeat(64)];

/** `1.0` stands for a wheel for all, `1.0-7a` has a build number, `1.0.tar.gz` is an sdist, `1.0!` is yanked; the rest of a filename may follow. */
function candidate(text: string): Candidate {
  const isYanked = text.endsWith('!');
  const rest = text.replace('!', '');
  const isSdist = rest.endsWith('.tar.gz');
  const filename = isSdist || /-c?py?\d/.test(rest) ? `foo-${rest}` : `foo-${rest}-py3-none-any.whl`;
  const wheel = isSdist ? undefined : parseWheelFilename(filename.endsWith('.whl') ? filename : `${filename}.whl`);
  const version = normalizeVersion(wheel?.version ?? rest.slice(0, -'.tar.gz'.length));
  return { filename: text, version, isYanked, ...(wheel && { wheel }) };
}

function usable(
  files: readonly (string | Candidate)[],
  limits: Partial<CandidateLimits> = {},
  options: Partial<PipOptions> = {},
) {
  const candidates = files.map((file) => (typeof file === 'string' ? candidate(file) : file));
  const all = { specifiers: [], sha256s: [], ...limits };
  return usableCandidates(normalizeName('foo'), candidates, all, FIT, { ...NO_OPTIONS, ...options }).map(
    ({ filename }) => filename,
  );
}

const only = (name: string) => new Set([name]);

test.each<[what: string, files: string[], expected: string[], specifiers?: string[], options?: Partial<PipOptions>]>([
  ['the highest version first', ['1.9', '1.10', '1.2'], ['1.10', '1.9', '1.2']],
  ['a wheel before an sdist of its version', ['1.0.tar.gz', '1.0', '2.0.tar.gz'], ['2.0.tar.gz', '1.0', '1.0.tar.gz']],
  [
    'wheels first where that is asked for',
    ['2.0.tar.gz', '1.0', '3.0.tar.gz'],
    ['1.0', '3.0.tar.gz', '2.0.tar.gz'],
    [],
    { preferBinary: true },
  ],
  ['the closest fit', ['1.0', '1.0-cp311-cp311-linux_x86_64'], ['1.0-cp311-cp311-linux_x86_64', '1.0']],
  [
    'the highest build',
    ['1.0-9b', '1.0', '1.0-10a', '1.0-9c', '1.0-9'],
    ['1.0-10a', '1.0-9c', '1.0-9b', '1.0-9', '1.0'],
  ],
  ['nothing for other machines', ['1.0-cp311-cp311-win_amd64', '1.0-cp310-cp310-linux_x86_64'], []],
  ['no pre-release beside others', ['2.0rc1', '1.0'], ['1.0']],
  ['pre-releases alone', ['2.0rc1', '1.0a1'], ['2.0rc1', '1.0a1']],
  ['pre-releases that are asked for', ['2.0rc1', '1.0'], ['2.0rc1', '1.0'], [], { pre: true }],
  ['pre-releases that a version names', ['2.0rc1', '1.0'], ['2.0rc1', '1.0'], ['>=1.0, <= 2.0rc1']],
  ['no pre-release for a version that names none', ['2.0rc1', '1.0'], ['1.0'], ['>=1.0']],
  ['pre-releases where no other one fits', ['2.0rc1', '1.0'], ['2.0rc1'], ['>1.5']],
  ['for uv no pre-release where there is any other', ['2.0rc1', '1.0'], [], ['>1.5'], { client: 'uv' }],
  ['for uv pre-releases alone', ['2.0rc1'], ['2.0rc1'], [], { client: 'uv' }],
  ['nothing that is yanked', ['2.0!', '1.0'], ['1.0']],
  ['nothing that is yanked, also alone', ['2.0!'], []],
  ['what is yanked for who asks for just that', ['2.0!'], ['2.0!'], ['==2.0']],
  ['what is yanked for who asks for just that text', ['2.0!'], ['2.0!'], ['>=1, ===2.0']],
  ['nothing that is yanked for a series', ['2.0!'], [], ['==2.*']],
  ['what is not yanked before what is', ['2.0!', '2.0-1'], ['2.0-1'], ['==2.0']],
  ['what each asks for', ['1.0', '2.0', '3.0'], ['2.0'], ['>1', '<3']],
  ['nothing where a version cannot be read', ['1.0'], [], ['what?']],
  ['no wheel of a project', ['1.0', '1.0.tar.gz'], ['1.0.tar.gz'], [], { noBinary: only('foo') }],
  ['no wheel of any', ['1.0', '1.0.tar.gz'], ['1.0.tar.gz'], [], { noBinary: only(':all:') }],
  ['wheels of a project', ['1.0', '1.0.tar.gz'], ['1.0'], [], { onlyBinary: only('foo') }],
  ['wheels of all', ['1.0', '1.0.tar.gz'], ['1.0'], [], { onlyBinary: only(':all:') }],
  [
    'both of another',
    ['1.0', '1.0.tar.gz'],
    ['1.0', '1.0.tar.gz'],
    [],
    { noBinary: only('bar'), onlyBinary: only('baz') },
  ],
  [
    'both where one word takes back the other',
    ['1.0', '1.0.tar.gz'],
    ['1.0'],
    [],
    { noBinary: only(':all:'), onlyBinary: only('foo') },
  ],
  [
    'both where the other word takes it back',
    ['1.0', '1.0.tar.gz'],
    ['1.0.tar.gz'],
    [],
    { noBinary: only('foo'), onlyBinary: only(':all:') },
  ],
])('usableCandidates() has %s', (_what, files, expected, specifiers = [], options = {}) => {
  for (const order of [files, files.toReversed()]) expect(usable(order, { specifiers }, options)).toEqual(expected);
});

test('usableCandidates() has only files with hashes that each lock allows, and such as nobody knows the hash of', () => {
  const files = [ONE, TWO, undefined].map((sha256, index) => ({
    ...candidate(`1.0-${3 - index}`),
    ...(sha256 && { sha256 }),
  }));
  expect(usable(files)).toEqual(['1.0-3', '1.0-2', '1.0-1']);
  expect(usable(files, { sha256s: [new Set([TWO])] })).toEqual(['1.0-2', '1.0-1']);
  expect(usable(files, { sha256s: [new Set([TWO]), new Set([ONE])] })).toEqual(['1.0-1']);
});

test('usableCandidates() has nothing for another Python, nor of another libc', () => {
  const other = { ...candidate('2.0'), requiresPython: '>=3.12' };
  const musl = { ...candidate('2.0-cp311-cp311-linux_x86_64'), binaries: { libc: 'musl' as const } };
  expect(usable([other, musl, { ...candidate('1.0'), requiresPython: '>=3.8' }])).toEqual(['1.0']);
});

test('allows() asks each set', () => {
  expect(['0.9', '1.0', '2.0'].map((version) => allows({ specifiers: ['>=1', '<2'] }, version))).toEqual([
    false,
    true,
    false,
  ]);
});
