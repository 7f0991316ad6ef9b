import { expect, test } from 'vitest';
import { parseWheelFilename } from '../wheel-filename.ts';
import { platformTags, supportedTags, tagRanks, wheelRank } from './supported-tags.ts';
import { parseTargetPython } from './target-machine.ts';

const machine = (platform: string, python = '3.11', libcFloor?: string) => ({
  platform,
  python: parseTargetPython(python),
  ...(libcFloor !== undefined && { libcFloor }),
});

test.each([
  ['glibc-armv7l', '2.18', ['linux_armv7l', 'manylinux_2_18_armv7l', 'manylinux_2_17_armv7l', 'manylinux2014_armv7l']],
  ['glibc-armv6l', '2.36', ['linux_armv6l']],
  ['musl-x86_64', '1.1', ['linux_x86_64', 'musllinux_1_1_x86_64', 'musllinux_1_0_x86_64']],
  ['windows-amd64', undefined, ['win_amd64']],
  ['windows-x86', undefined, ['win32']],
])('platformTags() of %s from %s on', (platform, floor, tags) => {
  expect(platformTags(platform, floor)).toEqual(tags);
});

test('supportedTags() puts the own ABI before the stable one, and pure wheels last', () => {
  const tags = supportedTags(machine('musl-x86_64'));
  const order = ['cp311-cp311-linux_x86_64', 'cp311-abi3-musllinux_1_2_x86_64', 'cp311-none-linux_x86_64'];
  order.push('cp310-abi3-linux_x86_64', 'py3-none-linux_x86_64', 'cp311-none-any', 'py311-none-any', 'py3-none-any');
  expect(order.map((tag) => tags.indexOf(tag))).toEqual(order.map((tag) => tags.indexOf(tag)).sort((a, b) => a - b));
  expect(tags).not.toContain('cp312-abi3-linux_x86_64');
  expect(tags.some((tag) => tag.includes('manylinux'))).toBe(false);
});

test.each([
  ['foo-1-cp311-cp311-manylinux_2_40_x86_64.whl', '2.36', false],
  ['foo-1-cp311-cp311-manylinux_2_40_x86_64.manylinux2014_x86_64.whl', '2.36', true],
  ['foo-1-cp311-cp311-manylinux_2_40_x86_64.whl', undefined, true],
  ['foo-1-py2.py3-none-any.whl', '2.36', true],
  ['foo-1-py2-none-any.whl', '2.36', false],
])('wheelRank() of %s on glibc %s', (filename, floor, isTaken) => {
  const ranks = tagRanks(machine('glibc-x86_64', '3.11', floor));
  expect(wheelRank(ranks, parseWheelFilename(filename)) !== undefined).toBe(isTaken);
});

test.each(['3', '2.7', '3.x', '3.100', '', '3.11 ', '3.11.2.3'])('parseTargetPython() refuses %j', (text) => {
  expect(() => parseTargetPython(text)).toThrow('no version of Python 3');
});

test('parseTargetPython() reads a patch and a build without the lock', () => {
  expect(parseTargetPython('3.11.2')).toEqual({ minor: 11, written: '3.11.2', full: '3.11.2' });
  expect(parseTargetPython('3.13t')).toEqual({ minor: 13, written: '3.13t', freeThreaded: true });
});
