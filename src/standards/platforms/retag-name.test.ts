import { expect, test } from 'vitest';
import type { BinaryFacts } from './binary-facts.ts';
import { planRetag } from './retag-name.ts';

const name = (platform: string) => `foo-1.0-2-cp311-abi3-${platform}.whl`;
const facts = (more: Partial<BinaryFacts>): BinaryFacts => ({
  libc: 'glibc',
  architectures: ['x86_64'],
  evidence: {},
  ...more,
});
const MUSL = facts({ libc: 'musl' });

test.each([
  ['glibc', 'linux_x86_64', facts({ glibcFloor: '2.34' }), undefined, 'manylinux_2_34_x86_64', undefined],
  [
    'glibc older than any tag',
    'linux_x86_64',
    facts({ glibcFloor: '2.2.5' }),
    undefined,
    'manylinux_2_5_x86_64',
    undefined,
  ],
  ['musl', 'linux_x86_64', MUSL, undefined, 'musllinux_1_2_x86_64', '1.2'],
  ['musl, as said', 'linux_x86_64', MUSL, '1.1', 'musllinux_1_1_x86_64', undefined],
  [
    'neither',
    'linux_x86_64',
    facts({ libc: 'neutral' }),
    undefined,
    'manylinux_2_5_x86_64.musllinux_1_2_x86_64',
    '1.2',
  ],
  [
    'ARM',
    'linux_armv7l',
    facts({ architectures: ['armv7l'], glibcFloor: '2.31' }),
    undefined,
    'manylinux_2_31_armv7l',
    undefined,
  ],
  [
    'musl on ARMv6',
    'linux_armv6l',
    facts({ libc: 'musl', architectures: ['armv6l'] }),
    '1.2',
    'musllinux_1_2_armv6l',
    undefined,
  ],
  ['a lie about the libc', 'manylinux_2_17_x86_64', MUSL, undefined, 'musllinux_1_2_x86_64', '1.2'],
  [
    'a lie about its age',
    'manylinux1_x86_64',
    facts({ glibcFloor: '2.28' }),
    undefined,
    'manylinux_2_28_x86_64',
    undefined,
  ],
  [
    'a lie about the machine',
    'linux_armv7l',
    facts({ architectures: ['aarch64'] }),
    undefined,
    'manylinux_2_17_aarch64',
    undefined,
  ],
])('planRetag() of %s', (_what, platform, binaries, musl, wanted, assumedMusl) => {
  expect(planRetag(name(platform), binaries, musl)).toEqual({
    is: 'new name',
    filename: name(wanted),
    platform: wanted,
    ...(assumedMusl && { assumedMusl }),
  });
});

test.each([
  ['manylinux_2_34_x86_64', facts({ glibcFloor: '2.17' })],
  ['musllinux_1_2_x86_64', { ...MUSL, muslFloor: '1.2.4' }],
  ['win_amd64', undefined],
  ['macosx_11_0_arm64', undefined],
])('planRetag() leaves %s as it is', (platform, binaries) => {
  expect(planRetag(name(platform), binaries)).toEqual({ is: 'true already' });
});

test.each([
  ['no binaries', 'linux_x86_64', undefined, undefined, 'holds no binaries'],
  ['both libcs', 'linux_x86_64', facts({ libc: 'both' }), undefined, 'for glibc and for musl'],
  [
    'libraries of the system',
    'linux_x86_64',
    facts({ outside: ['libpq.so.5', 'libssl.so.3'] }),
    undefined,
    'needs libpq.so.5 and libssl.so.3',
  ],
  [
    'glibc on ARMv6',
    'linux_armv6l',
    facts({ architectures: ['armv6l'] }),
    undefined,
    'is for armv6l, for which there is no tag',
  ],
  ['what glibc keeps for itself', 'linux_x86_64', facts({ privateGlibc: true }), undefined, 'asks for GLIBC_PRIVATE'],
  ['soft float', 'linux_armv7l', facts({ architectures: ['armel'] }), undefined, 'is for armel'],
  [
    'what was not examined',
    'linux_x86_64',
    facts({ unexamined: 'foo/big.so' }),
    undefined,
    'kho did not examine foo/big.so',
  ],
  ['a newer musl than said', 'linux_x86_64', { ...MUSL, muslFloor: '1.2.4' }, '1.1', 'needs musl 1.2.4'],
])('planRetag() knows no better name for %s', (_what, platform, binaries, musl, why) => {
  expect(planRetag(name(platform), binaries, musl)).toMatchObject({
    is: 'no better name',
    why: expect.stringContaining(why),
  });
});

test.each([
  ['py3-none-any', undefined],
  ['py3-none-any', facts({ libc: 'neutral' })],
])('planRetag() leaves %s as it is, with %j', (tag, binaries) => {
  expect(planRetag(`foo-1.0-${tag}.whl`, binaries)).toEqual({ is: 'true already' });
});

test.each([
  ['cp311-cp311-manylinux_x86_64', facts({ glibcFloor: '2.28' }), 'cp311-cp311-manylinux_2_28_x86_64'],
  ['py3-none-x86_64', MUSL, 'py3-none-musllinux_1_2_x86_64'],
  ['3-none-any', undefined, 'py3-none-any'],
  ['py3-abi3-any', undefined, 'py3-none-any'],
])('planRetag() puts right %s, which no installer has', (tag, binaries, wanted) => {
  expect(planRetag(`foo-1.0-${tag}.whl`, binaries)).toMatchObject({
    is: 'new name',
    filename: `foo-1.0-${wanted}.whl`,
  });
});

test.each([
  ['py3-none-win_x64', undefined, 'did you mean "foo-1.0-py3-none-win_amd64.whl"?'],
  ['py3-none-linux', undefined, 'give it the name that its build tool gave it'],
  ['3-none-any', facts({}), 'did you mean "foo-1.0-py3-none-any.whl"?'],
])('planRetag() cannot tell what %s is, and guesses at most', (tag, binaries, hint) => {
  expect(planRetag(`foo-1.0-${tag}.whl`, binaries)).toMatchObject({ is: 'no better name', hint });
});

test('planRetag() does not call true a name for any machine where modules are for one', () => {
  const plan = planRetag('foo-1.0-py3-none-any.whl', facts({ modules: true }));
  expect(plan).toMatchObject({ is: 'no better name', why: expect.stringContaining('has modules for x86_64') });
});
