import { expect, test } from 'vitest';
import { othersMayReplace, othersMayWrite } from './who-may-write.ts';

/** No account has such a number. */
const ALICE = 64_101;
const GROUP = 64_102;

test.each([
  [0o755, GROUP, false],
  [0o775, GROUP, true],
  [0o2775, GROUP, true],
  [0o757, ALICE, true],
  [0o1777, ALICE, true],
  [0o775, ALICE, false], // a group of her own
])('othersMayWrite() of mode %o and group %d is %s', (mode, gid, expected) => {
  expect(othersMayWrite({ mode, uid: ALICE, gid })).toBe(expected);
});

const root = (mode: number) => ({ mode, uid: 0, gid: 0 });
const alices = (mode: number) => ({ mode, uid: ALICE, gid: GROUP });
const STRANGER = { mode: 0o755, uid: 64_103, gid: 64_103 };

test.each([
  ["a folder of root's", root(0o755), alices(0o755), false],
  ["a folder of the owner's own", alices(0o755), alices(0o755), false],
  ["a stranger's folder", STRANGER, alices(0o755), true],
  ['a folder for all', root(0o777), alices(0o755), true],
  ["a folder for all where each keeps one's own", root(0o1777), alices(0o755), false],
  ['the same, with an entry of a stranger', root(0o1777), STRANGER, true],
  ['a folder for a group', { ...root(0o775), gid: GROUP }, alices(0o755), true],
])('othersMayReplace() what is in %s', (_what, parent, entry, expected) => {
  expect(othersMayReplace(parent, entry, new Set([ALICE]))).toBe(expected);
});
