import { expect, test } from 'vitest';
import type { BinaryFacts } from './binary-facts.ts';
import { type Platform, platformText, readPlatform } from './platform.ts';
import { isFor, platformTagsOf, wheelPlatforms } from './wheel-platforms.ts';

const facts = (libc: BinaryFacts['libc'], more: Partial<BinaryFacts> = {}): BinaryFacts => ({
  libc,
  architectures: ['x86_64'],
  evidence: {},
  ...more,
});

test.each([
  ['linux_x86_64', facts('glibc', { glibcFloor: '2.34' }), ['glibc-x86_64 2.34']],
  ['linux_x86_64', facts('musl', { muslFloor: '1.2.4' }), ['musl-x86_64 1.2.4']],
  ['linux_x86_64', facts('neutral'), ['glibc-x86_64', 'musl-x86_64']],
  ['linux_x86_64', undefined, ['glibc-x86_64', 'musl-x86_64']],
  ['linux_x86_64', facts('both'), []],
  ['LINUX_X86_64', facts('glibc'), ['glibc-x86_64']],
  ['linux_armv6l', facts('glibc', { architectures: ['armv6l'] }), ['glibc-armv6l']],
  ['linux_armv7l', facts('glibc', { architectures: ['armel'] }), []],
  ['linux_armv6l.linux_armv7l', facts('glibc', { architectures: ['armv6l'] }), ['glibc-armv6l', 'glibc-armv7l']],
  ['manylinux1_i686', undefined, ['glibc-i686 2.5']],
  ['manylinux2014_aarch64.manylinux_2_17_aarch64', undefined, ['glibc-aarch64 2.17', 'glibc-aarch64 2.17']],
  ['manylinux_2_17_x86_64', facts('neutral'), ['glibc-x86_64 2.17']],
  ['manylinux_2_17_x86_64', facts('glibc', { glibcFloor: '2.4' }), ['glibc-x86_64 2.17']],
  ['manylinux_2_5_x86_64.musllinux_1_1_x86_64', facts('neutral'), ['glibc-x86_64 2.5', 'musl-x86_64 1.1']],
  ['musllinux_1_2_x86_64', facts('musl', { muslFloor: '1.2.4' }), ['musl-x86_64 1.2.4']],
  ['macosx_11_0_universal2', undefined, ['macos-arm64', 'macos-x86_64']],
  ['macosx_10_9_x86_64', undefined, ['macos-x86_64']],
  ['macosx_10_6_intel', undefined, ['macos-x86_64']],
  ['win_amd64', undefined, ['windows-amd64']],
  ['win32', undefined, ['windows-x86']],
  ['ios_13_0_arm64_iphoneos', undefined, []],
  ['any', undefined, 'any'],
  ['any', facts('glibc'), 'any'],
  ['linux_x86_64.any', facts('glibc'), 'any'],
])('wheelPlatforms() of %s', (tags, binaries, expected) => {
  const platforms = wheelPlatforms(tags, binaries);
  const words =
    platforms === 'any' ? 'any' : platforms.map((each) => [platformText(each), each.libc].filter(Boolean).join(' '));
  expect(words).toEqual(expected);
});

test.each([
  ['glibc', 'glibc-x86_64', true],
  ['glibc-x86_64', 'glibc-x86_64', true],
  ['glibc-x86_64', 'glibc-i686', false],
  ['musl', 'glibc-x86_64', false],
  ['glibc-armv7l', 'glibc-armv6l', false], // pip on ARMv7 does not take what is named for ARMv6
  ['glibc-armv8l', 'glibc-armv7l', true],
  ['glibc-armv7l', 'glibc-armv8l', false],
])('isFor(): machines of %s take a wheel for %s: %s', (machines, wheel, expected) => {
  const [platform, of] = [readPlatform(machines), readPlatform(wheel)] as [Platform, Required<Platform>];
  expect(isFor(platform, of)).toBe(expected);
});

test('platformTagsOf() takes the last part of a name', () => {
  expect(platformTagsOf('a-1-2-cp311-cp311-manylinux1_x86_64.linux_x86_64.whl')).toBe('manylinux1_x86_64.linux_x86_64');
});
