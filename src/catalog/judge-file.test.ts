import { expect, test } from 'vitest';
import { PROBLEM_HINTS } from '../problems.ts';
import type { BinaryFacts } from '../standards/platforms/binary-facts.ts';
import type { Platform } from '../standards/platforms/platform.ts';
import {
  doubtsIn,
  isForSomeMachines,
  type JudgedFile,
  judgeFile,
  mayBeListed,
  type RepositoryRules,
} from './judge-file.ts';

const GLIBC: Platform = { system: 'glibc' };
const MUSL: Platform = { system: 'musl' };
const ARMHF: Platform = { system: 'glibc', architecture: 'armv7l' };
const member = 'foo/_x.so';

const repositories: RepositoryRules[] = [
  { name: 'all', packages: '/all' },
  { name: 'armhf', packages: '/armhf', platforms: [ARMHF], glibc: { armv7l: '2.31' } },
  { name: 'common', packages: '/common', platforms: [] },
  { name: 'glibc', packages: '/glibc', platforms: [GLIBC], glibc: { x86_64: '2.35' } },
  { name: 'musl', packages: '/musl', platforms: [MUSL], musl: '1.2.3' },
  { name: 'windows', platforms: [{ system: 'windows' }] },
];
const named = (name: string) => repositories.find((each) => each.name === name) as RepositoryRules;

function wheel(platform: string, binaries?: Partial<BinaryFacts>): JudgedFile {
  const facts: BinaryFacts | undefined = binaries && {
    libc: 'neutral',
    architectures: ['x86_64'],
    evidence: {},
    ...binaries,
  };
  return { filename: `foo-1.0-cp311-cp311-${platform}.whl`, ...(facts && { binaries: facts }) };
}
const muslEvidence = { musl: { member, kind: 'needs', value: 'libc.musl-x86_64.so.1' } } as const;
const musl = wheel('linux_x86_64', { libc: 'musl', evidence: muslEvidence });
const glibc = wheel('linux_x86_64', { libc: 'glibc', glibcFloor: '2.34' });
const arm: Partial<BinaryFacts> = { libc: 'glibc', architectures: ['armv7l'], glibcFloor: '2.31' };

test.each([
  ['a pure wheel', { filename: 'foo-1.0-py3-none-any.whl' }, ['all', 'armhf', 'common', 'glibc', 'musl', 'windows']],
  ['an sdist', { filename: 'foo-1.0.tar.gz' }, ['all', 'armhf', 'common', 'glibc', 'musl', 'windows']],
  ['one for musl', musl, ['all', 'musl']],
  ['one for glibc', glibc, ['all', 'glibc']],
  ['a neutral one', wheel('linux_x86_64', {}), ['all', 'glibc', 'musl']],
  ['one without binaries', wheel('linux_x86_64'), ['all', 'glibc', 'musl']],
  ['one for armhf', wheel('linux_armv7l', arm), ['all', 'armhf', 'glibc']],
  ['one for newer boards', wheel('linux_armv7l', { ...arm, glibcFloor: '2.36' }), ['all', 'glibc']],
  ['one whose tag is too new', wheel('manylinux_2_39_x86_64', { libc: 'glibc', glibcFloor: '2.17' }), ['all']],
  ['one of two tags', wheel('manylinux_2_39_x86_64.manylinux_2_34_x86_64'), ['all', 'glibc']],
  ['packed relocations', wheel('musllinux_1_2_x86_64', { libc: 'musl', muslFloor: '1.2.4' }), ['all']],
  ['any musl 1.2', wheel('musllinux_1_2_x86_64', { libc: 'musl' }), ['all', 'musl']],
  ['one for Windows', wheel('win_amd64'), ['all', 'windows']],
  ['one for macOS', wheel('macosx_11_0_arm64'), ['all']],
  ['one for a system that kho has no name for', wheel('ios_13_0_arm64_iphoneos'), ['all']],
  ['manylinux with musl inside', wheel('manylinux_2_17_x86_64', { libc: 'musl' }), []],
  ['musllinux with glibc inside', wheel('musllinux_1_2_x86_64', { libc: 'glibc' }), []],
  ['both libcs', wheel('linux_x86_64', { libc: 'both' }), []],
  ['another machine', wheel('linux_armv7l', { architectures: ['aarch64'] }), []],
  ['a tag older than its glibc', wheel('manylinux_2_17_x86_64', { libc: 'glibc', glibcFloor: '2.34' }), ['glibc']],
  ['a tag older than any of ours', wheel('manylinux_2_17_x86_64', { libc: 'glibc', glibcFloor: '2.36' }), []],
  [
    'one such tag among true ones',
    wheel('manylinux_2_34_x86_64.manylinux1_x86_64', { libc: 'glibc', glibcFloor: '2.14' }),
    ['glibc'],
  ],
  ['a musl tag older than its musl', wheel('musllinux_1_1_x86_64', { libc: 'musl', muslFloor: '1.2.3' }), ['musl']],
  ['a tag that no installer has', wheel('manylinux_x86_64'), []],
  ['another one', { filename: 'foo-1.0-3-none-any.whl' }, []],
  [
    'some other machine besides',
    wheel('linux_x86_64', { architectures: ['x86_64', 'aarch64'] }),
    ['all', 'glibc', 'musl'],
  ],
])('judgeFile() and mayBeListed(): %s', (_what, file, expected) => {
  const listing = repositories.filter((each) => mayBeListed(file, each)).map(({ name }) => name);
  const judged = repositories.filter((each) => !judgeFile(file, each, repositories)).map(({ name }) => name);
  expect([listing, judged]).toEqual([expected, expected]);
});

test.each([
  [
    musl,
    'glibc',
    'wrong-platform',
    'was built on Alpine (needs libc.musl-x86_64.so.1), named linux_x86_64: will fail on Debian, Ubuntu; "glibc" is for glibc',
    'move it to musl/packages/',
  ],
  [
    musl,
    'common',
    'wrong-platform',
    'is for musl-x86_64, and "common" is for pure files only',
    'move it to musl/packages/',
  ],
  [
    wheel('linux_x86_64', {}),
    'armhf',
    'wrong-platform',
    'is for glibc-x86_64 or musl-x86_64, and "armhf" is for glibc-armv7l',
    'move it to glibc/packages/ or musl/packages/',
  ],
  [
    wheel('win_amd64'),
    'musl',
    'wrong-platform',
    'is for windows-amd64, and "musl" is for musl',
    'move it to all/packages/',
  ],
  [
    wheel('linux_armv7l', { ...arm, glibcFloor: '2.36' }),
    'armhf',
    'needs-newer-libc',
    'needs glibc 2.36, and "armhf" serves machines that have 2.31',
    'move it to glibc/packages/',
  ],
  [
    wheel('linux_armv7l', {
      architectures: ['aarch64'],
      evidence: { architecture: { member, kind: 'machine', value: 'aarch64' } },
    }),
    'all',
    'lying-tag',
    'was built for aarch64 (_x.so), named linux_armv7l',
    'build it again, or let kho retag give it a true name',
  ],
])('judgeFile() says of %j in %s why, and where to', (file, repository, code, what, hint) => {
  expect(judgeFile(file, named(repository), repositories)).toEqual({ code, what, hint });
});

test('judgeFile() says which repository to make where none takes it', () => {
  const only = [named('glibc')];
  expect(judgeFile(musl, named('glibc'), only)?.hint).toBe(
    'no repository of this site takes it: make one for musl-x86_64, or name that in platforms of kho.toml',
  );
});

test('judgeFile() has the usual hint where not even the system has a name, or no repository has a libc so new', () => {
  const ios = wheel('ios_13_0_arm64_iphoneos');
  expect(judgeFile(ios, named('glibc'), [named('glibc')])).toEqual({
    code: 'wrong-platform',
    what: 'is for another system, and "glibc" is for glibc',
    hint: PROBLEM_HINTS['wrong-platform'],
  });
  const newer = wheel('manylinux_2_39_x86_64');
  expect(judgeFile(newer, named('glibc'), [named('glibc')])?.hint).toBe(PROBLEM_HINTS['needs-newer-libc']);
});

test('judgeFile() names the packages/ of the site itself', () => {
  const site: RepositoryRules = { name: '.', packages: '/packages' };
  expect(judgeFile(musl, named('glibc'), [named('glibc'), site])?.hint).toBe('move it to packages/');
});

test('judgeFile() lets a repository for everything take what no other does, and names all that fit', () => {
  const everything: RepositoryRules = { name: 'rest', packages: '/rest', platforms: 'everything' };
  expect(judgeFile(wheel('win_amd64'), everything, repositories)).toBeUndefined();
  const three = ['a', 'b', 'c'].map((name) => ({ name, packages: `/${name}` }));
  expect(judgeFile(musl, named('glibc'), three)?.hint).toBe('move it to a/packages/, b/packages/ or c/packages/');
});

test.each([
  ['foo-1.0-py3-none-any.whl', false],
  ['foo-1.0-any.whl-1.tar.gz', false],
  ['foo-1.0.tar.gz', false],
  ['foo-1.0-cp311-cp311-linux_x86_64.whl', true],
])('isForSomeMachines() of %s', (filename, isForSome) => {
  expect(isForSomeMachines(filename)).toBe(isForSome);
});

test('judgeFile() says which name is meant by a tag that no installer has', () => {
  const file = wheel('manylinux_2_28', { libc: 'glibc', architectures: ['aarch64'], glibcFloor: '2.28' });
  expect(judgeFile(file, named('all'), repositories)).toEqual({
    code: 'unknown-tag',
    what: 'has the tag "cp311-cp311-manylinux_2_28", which no installer has',
    hint: 'did you mean "foo-1.0-cp311-cp311-manylinux_2_28_aarch64.whl"?',
  });
});

test('doubtsIn() says that a low tag does no harm here', () => {
  const file = wheel('manylinux_2_17_x86_64', { libc: 'glibc', glibcFloor: '2.34' });
  expect(doubtsIn(file, named('glibc'))).toEqual([
    { code: 'low-tag', what: expect.stringContaining('promises 2.17; all machines of "glibc" have that') },
  ]);
  expect(doubtsIn(file, named('all'))).toEqual([]);
});

test('doubtsIn() says who cannot load what is in a wheel for any machine', () => {
  const { binaries } = wheel('any', { libc: 'glibc' });
  const file = { filename: 'foo-1.0-py3-none-any.whl', ...(binaries && { binaries }) };
  expect(doubtsIn(file, named('all'))).toEqual([
    {
      code: 'not-everywhere',
      what: expect.stringMatching(/machines other than x86_64, and those with musl, cannot load them$/),
    },
  ]);
});
