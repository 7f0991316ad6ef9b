import { expect, test } from 'vitest';
import type { BinaryFacts } from './binary-facts.ts';
import { runsOn } from './runs-on.ts';

const said = (...wheels: (string | [tags: string, binaries: Partial<BinaryFacts>])[]) =>
  runsOn(
    wheels.map((wheel) => {
      const [tags, binaries] = typeof wheel === 'string' ? [wheel] : wheel;
      return { filename: `foo-1.0-${tags}.whl`, ...(binaries && { binaries: binaries as BinaryFacts }) };
    }),
  ).map(({ system, architecture, oldest }) => `${system}-${architecture}${oldest === undefined ? '' : ` ${oldest}`}`);

test.each([
  ['a pure wheel', ['py3-none-any'], []],
  ['a tag', ['cp311-cp311-manylinux_2_28_x86_64'], ['glibc-x86_64 2.28']],
  ['the older of two names', ['cp311-cp311-manylinux2014_x86_64.manylinux_2_28_x86_64'], ['glibc-x86_64 2.17']],
  [
    'the older of two wheels for one Python',
    ['cp311-cp311-manylinux_2_17_x86_64', 'cp311-cp311-manylinux_2_34_x86_64'],
    ['glibc-x86_64 2.17'],
  ],
  [
    'the newer of two Pythons: both are to run',
    ['cp311-cp311-manylinux_2_17_x86_64', 'cp314-cp314-manylinux_2_28_x86_64'],
    ['glibc-x86_64 2.28'],
  ],
  [
    'what is in it',
    [['cp311-cp311-linux_armv7l', { libc: 'glibc', glibcFloor: '2.31', architectures: ['armv7l'] }]],
    ['glibc-armv7l 2.31'],
  ],
  ['a name that tells nothing', ['cp311-cp311-linux_x86_64'], ['glibc-x86_64', 'musl-x86_64']],
  ['musl', ['cp311-cp311-musllinux_1_2_aarch64'], ['musl-aarch64 1.2']],
  ['macOS, by its release', ['cp311-cp311-macosx_10_9_x86_64'], ['macos-x86_64 10.9']],
  ['macOS for both', ['cp311-cp311-macosx_10_9_universal2'], ['macos-arm64 11', 'macos-x86_64 10.9']],
  ['a new macOS, without its second number', ['cp311-cp311-macosx_14_0_arm64'], ['macos-arm64 14']],
  ['Windows', ['cp311-cp311-win_amd64', 'cp311-cp311-win32'], ['windows-amd64', 'windows-x86']],
] as const)('runsOn() tells %s', (_what, wheels, expected) => {
  expect(said(...(wheels as unknown as Parameters<typeof said>))).toEqual(expected);
});

test.each([
  [
    ['cp311-cp311-win32', 'cp39-cp39-win32', 'cp311-cp311-win32'],
    ['3.9', '3.11'],
  ],
  [
    ['cp38-abi3-win32', 'cp314-cp314t-win32', 'pp310-pypy310_pp73-win32'],
    ['3.8+', 'PyPy 3.10', '3.14t'],
  ],
  [['cp311-cp311-win32', 'py3-none-win32'], []],
])('runsOn() tells of %j the Pythons %j', (tags, expected) => {
  expect(runsOn(tags.map((tag) => ({ filename: `foo-1.0-${tag}.whl` })))[0]?.pythons).toEqual(expected);
});
