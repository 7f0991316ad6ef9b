import { expect, test } from 'vitest';
import { FollowUp } from './follow-up.ts';

test.each<[string, number[], { endedMs: number; tookMs: number } | undefined, number | undefined]>([
  ['nothing when nobody asked', [], undefined, undefined],
  ['a second after the last', [10_000, 10_400], undefined, 11_400],
  ['ten seconds after the first while others keep coming', [10_000, 10_900, 19_800], undefined, 20_000],
  ['sooner after a short build', [10_000], { endedMs: 9_900, tookMs: 100 }, 11_000],
  ['later after a long one', [10_000], { endedMs: 9_000, tookMs: 6_000 }, 33_000],
  ['a minute later at most', [10_000], { endedMs: 9_000, tookMs: 600_000 }, 70_000],
])('FollowUp.due() is %s', (_what, asked, build, expected) => {
  const followUp = new FollowUp();
  if (build) followUp.ended(build.endedMs, build.tookMs);
  for (const time of asked) followUp.note(time);
  expect(followUp.due()).toBe(expected);
  followUp.began();
  expect(followUp.due()).toBeUndefined();
});
