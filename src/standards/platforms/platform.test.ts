import { expect, test } from 'vitest';
import { PLATFORM_NAMES, platformsOfName, platformText, readPlatform } from './platform.ts';

test.each([
  ['glibc-x86_64', 'glibc-x86_64'],
  ['MUSL-x86_64', 'musl-x86_64'],
  ['armhf', 'glibc-armv7l'],
  ['glibc-armhf', 'glibc-armv7l'],
  ['musl-arm64', 'musl-aarch64'],
  ['glibc-amd64', 'glibc-x86_64'],
  ['glibc-armv8l', 'glibc-armv8l'],
  ['macos-arm64', 'macos-arm64'],
  ['macos-aarch64', 'macos-arm64'],
  ['windows-x86_64', 'windows-amd64'],
  ['windows-win32', 'windows-x86'],
  ['musl', 'musl'],
  ['windows', 'windows'],
])('readPlatform() reads %s', (text, expected) => {
  const platform = readPlatform(text);
  expect(platform && platformText(platform)).toBe(expected);
});

test.each([
  '',
  'linux',
  'linux-x86_64',
  'musl-',
  'musl-x86-64',
  'musl-amd46',
  'macos-riscv64',
  'x86_64',
  '*',
  'constructor',
  'musl-toString',
])('readPlatform() does not know %j', (text) => {
  expect(readPlatform(text)).toBeUndefined();
});

test('PLATFORM_NAMES are all read, and mean what they say', () => {
  for (const name of PLATFORM_NAMES) {
    const platform = readPlatform(name);
    expect(platform && platformText(platform)).toBe(name === 'armhf' ? 'glibc-armv7l' : name);
  }
});

test.each([
  ['glibc', ['glibc']],
  ['Musl', ['musl']],
  ['armhf', ['glibc-armv7l']],
  ['musl-x86_64', ['musl-x86_64']],
  ['musl_x86_64', ['musl-x86_64']],
  ['common', []],
  ['Pure', []],
  ['.', undefined],
  ['farm', undefined],
  ['musl-farm', undefined],
  ['x86_64', undefined],
])('platformsOfName() of %j', (name, expected) => {
  expect(platformsOfName(name)?.map(platformText)).toEqual(expected);
});
