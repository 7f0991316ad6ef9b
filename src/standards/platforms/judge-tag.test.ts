import { expect, test } from 'vitest';
import type { BinaryFacts } from './binary-facts.ts';
import { judgeTag } from './judge-tag.ts';
import { truestTag } from './truest-tag.ts';

const member = 'foo/_x.so';
const GLIBC: BinaryFacts = {
  libc: 'glibc',
  architectures: ['x86_64'],
  glibcFloor: '2.34',
  evidence: {
    architecture: { member, kind: 'machine', value: 'x86_64' },
    glibc: { member, kind: 'version', value: 'GLIBC_2.34' },
    glibcFloor: { member, kind: 'version', value: 'GLIBC_2.34' },
  },
};
const MUSL: BinaryFacts = {
  libc: 'musl',
  architectures: ['x86_64'],
  evidence: {
    musl: { member, kind: 'needs', value: 'libc.musl-x86_64.so.1' },
    muslFloor: { member, kind: 'relocations', value: 'DT_RELR' },
  },
};
const NEUTRAL: BinaryFacts = { libc: 'neutral', architectures: ['x86_64'], evidence: {} };
const ARM: BinaryFacts = { libc: 'glibc', architectures: ['armv7l'], glibcFloor: '2.28', evidence: {} };
const ARMEL: BinaryFacts = {
  libc: 'neutral',
  architectures: ['armel'],
  evidence: { architecture: { member, kind: 'machine', value: 'armel' } },
};

test.each([
  [
    'musl, linux',
    MUSL,
    'linux_x86_64',
    false,
    'was built on Alpine (needs libc.musl-x86_64.so.1), named linux_x86_64: will fail on Debian, Ubuntu',
  ],
  [
    'glibc, linux',
    GLIBC,
    'linux_x86_64',
    false,
    'was built on Debian, Ubuntu or another Linux with glibc (needs GLIBC_2.34), named linux_x86_64: will fail on Alpine',
  ],
  ['musl, manylinux', MUSL, 'manylinux_2_17_x86_64', true, 'was built on Alpine'],
  ['glibc, musllinux', GLIBC, 'musllinux_1_2_x86_64', true, 'will fail on Alpine'],
  ['glibc, one of two', GLIBC, 'manylinux_2_34_x86_64.musllinux_1_2_x86_64', true, 'will fail on Alpine'],
  [
    'too new a glibc',
    GLIBC,
    'manylinux_2_17_x86_64',
    true,
    'needs glibc 2.34 (_x.so needs GLIBC_2.34), but its name manylinux_2_17_x86_64 promises 2.17',
  ],
  ['too new a glibc for an old name', GLIBC, 'manylinux2014_x86_64', true, 'promises 2.17'],
  ['a glibc above one of two', GLIBC, 'manylinux_2_35_x86_64.manylinux_2_17_x86_64', true, 'promises 2.17'],
  ['packed relocations', { ...MUSL, muslFloor: '1.2.4' }, 'musllinux_1_2_x86_64', false, 'needs musl 1.2.4'],
  ['packed relocations, an old tag', { ...MUSL, muslFloor: '1.2.4' }, 'musllinux_1_1_x86_64', true, 'needs musl 1.2.4'],
  ['another machine', { ...NEUTRAL, architectures: ['aarch64'] }, 'linux_armv7l', true, 'was built for aarch64'],
  ['a newer ARM', { ...ARM, libc: 'neutral' as const }, 'linux_armv6l', true, 'was built for armv7l'],
  ['soft float, manylinux', ARMEL, 'manylinux_2_31_armv7l', true, 'with soft float'],
  ['soft float, linux', ARMEL, 'linux_armv7l', false, 'will fail on Debian armhf'],
  ['modules for any machine', { ...NEUTRAL, modules: true as const }, 'any', false, 'has modules for x86_64'],
  ['libraries for any machine', GLIBC, 'any', false, 'has programs or libraries for x86_64'],
  ['both', { ...MUSL, libc: 'both' as const }, 'linux_x86_64', true, 'has parts for glibc'],
])('judgeTag() finds fault with %s', (_what, facts, platform, lie, what) => {
  const faults = judgeTag(facts, platform);
  expect(faults).toEqual([
    expect.objectContaining({ about: expect.any(String), lie, what: expect.stringContaining(what) }),
  ]);
});

test.each([
  ['glibc as old as promised', GLIBC, 'manylinux_2_34_x86_64'],
  ['musl', MUSL, 'musllinux_1_2_x86_64'],
  ['a neutral one, as linux', NEUTRAL, 'linux_x86_64'],
  ['a neutral one, for both', NEUTRAL, 'manylinux_2_17_x86_64.musllinux_1_1_x86_64'],
  ['an older ARM', { ...ARM, architectures: ['armv6l'] }, 'manylinux_2_28_armv7l'],
  ['i386 by another name', { ...NEUTRAL, architectures: ['i686'] }, 'linux_i386'],
  ['any machine', { ...GLIBC, architectures: [] }, 'any'],
  ['another system', MUSL, 'macosx_11_0_arm64'],
])('judgeTag() finds no fault with %s', (_what, facts, platform) => {
  expect(judgeTag(facts, platform)).toEqual([]);
});

test.each([
  ['glibc', GLIBC, 'linux_x86_64', 'manylinux_2_34_x86_64'],
  ['musl', MUSL, 'linux_x86_64', 'musllinux_1_2_x86_64'],
  ['musl, as its name promises', MUSL, 'musllinux_1_1_x86_64', 'musllinux_1_1_x86_64'],
  ['neutral', NEUTRAL, 'linux_x86_64', 'manylinux_2_5_x86_64.musllinux_1_2_x86_64'],
  ['ARM', ARM, 'linux_armv7l', 'manylinux_2_28_armv7l'],
  [
    'older ARM under a newer name',
    { ...ARM, architectures: ['armv6l'], glibcFloor: '2.4' },
    'linux_armv7l',
    'manylinux_2_17_armv7l',
  ],
  ['older ARM, which has no manylinux', { ...ARM, architectures: ['armv6l'] }, 'linux_armv6l', 'linux_armv6l'],
  ['soft float', ARMEL, 'linux_armv7l', undefined],
  ['libraries from outside', { ...GLIBC, outside: ['libpq.so.5'] }, 'linux_x86_64', 'linux_x86_64'],
  ['what glibc keeps for itself', { ...GLIBC, privateGlibc: true as const }, 'linux_x86_64', 'linux_x86_64'],
  ['both', { ...GLIBC, libc: 'both' as const }, 'linux_x86_64', undefined],
  ['what was not examined', { ...NEUTRAL, unexamined: 'it is damaged' }, 'linux_x86_64', undefined],
])('truestTag() of %s', (_what, facts, platform, expected) => {
  expect(truestTag(facts, platform)).toBe(expected);
});
