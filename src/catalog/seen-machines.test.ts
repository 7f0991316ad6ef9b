import { expect, test } from 'vitest';
import { makeFile, makeProject } from '../../test/support/make-project.ts';
import type { Libc } from '../standards/platforms/binary-facts.ts';
import { seenPlatforms, seenPythons } from './seen-machines.ts';

const projects = (names: string[], libc?: Libc) => [
  makeProject('foo', [
    {
      version: '1.0',
      files: names.map((name) =>
        makeFile(name, libc ? { binaries: { libc, architectures: ['x86_64'], evidence: {} } } : {}),
      ),
    },
  ]),
];
const tagged = (python: string, abi: string, platform: string) => `foo-1.0-${python}-${abi}-${platform}.whl`;
const forPlatform = (platform: string) => tagged('cp311', 'cp311', platform);

test.each<[what: string, tags: [python: string, abi: string][], pythons: string[]]>([
  [
    'by number, not as text',
    [
      ['cp310', 'cp310'],
      ['cp39', 'cp39'],
      ['cp311', 'cp311'],
    ],
    ['3.9', '3.10', '3.11'],
  ],
  [
    'each once',
    [
      ['cp311', 'cp311'],
      ['cp311', 'abi3'],
    ],
    ['3.11'],
  ],
  [
    'free-threaded ones apart, after the others',
    [
      ['cp313', 'cp313t'],
      ['cp313', 'cp313'],
    ],
    ['3.13', '3.13t'],
  ],
  ['them free-threaded where one ABI of a set is', [['cp313', 'cp313.cp313t']], ['3.13t']],
  [
    'none whose tag only looks like one',
    [
      ['xcp311', 'none'],
      ['cp311x', 'none'],
    ],
    [],
  ],
  [
    'none free-threaded by an ABI that only looks like one',
    [
      ['cp313', 'xcp313t'],
      ['cp313', 'cp313tx'],
    ],
    ['3.13'],
  ],
  ['all of a compressed set', [['cp310.cp311', 'none']], ['3.10', '3.11']],
  [
    'none where any will do',
    [
      ['py3', 'none'],
      ['py2.py3', 'none'],
      ['pp310', 'pypy310_pp73'],
    ],
    [],
  ],
])('seenPythons() has %s', (_what, tags, pythons) => {
  expect(seenPythons(projects(tags.map(([python, abi]) => tagged(python, abi, 'any'))))).toEqual(pythons);
});

test.each<[platform: string, seen: string[]]>([
  ['manylinux_2_17_x86_64', ['glibc-x86_64']],
  ['manylinux2014_aarch64.manylinux_2_17_aarch64', ['glibc-aarch64']],
  ['manylinux1_i686', ['glibc-i686']],
  ['musllinux_1_2_armv7l', ['musl-armv7l']],
  ['linux_x86_64', ['glibc-x86_64', 'musl-x86_64']],
  ['linux_amd64', []],
  ['manylinux_2_17_arm64', []],
  ['macosx_11_0_arm64', ['macos-arm64']],
  ['macosx_10_9_universal2', ['macos-arm64', 'macos-x86_64']],
  ['win_amd64', ['windows-amd64']],
  ['win32', ['windows-x86']],
  ['any', []],
  ['plan9_x86_64', []],
  ['xlinux_x86_64', []],
])('seenPlatforms() sees in %s: %j', (platform, seen) => {
  expect(seenPlatforms(projects([forPlatform(platform)]))).toEqual(seen);
});

test.each<[libc: Libc, seen: string[]]>([
  ['glibc', ['glibc-x86_64']],
  ['musl', ['musl-x86_64']],
  ['neutral', ['glibc-x86_64', 'musl-x86_64']],
])('seenPlatforms() of linux_x86_64 with %s inside', (libc, seen) => {
  expect(seenPlatforms(projects([forPlatform('linux_x86_64')], libc))).toEqual(seen);
});

test('seenPlatforms() is sorted, and leaves out sdists', () => {
  expect(
    seenPlatforms(projects([forPlatform('win32'), forPlatform('musllinux_1_1_x86_64'), 'foo-1.0.tar.gz'])),
  ).toEqual(['musl-x86_64', 'windows-x86']);
});
