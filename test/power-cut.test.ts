/** What was not flushed is lost too, in a model of disks, at some moments. At all of them, and on a real disk: e2e/power-cut.test.ts. */
import { expect, test } from 'vitest';
import { faultsOfCuts, type PowerCut } from './support/power-cut.ts';
import { holdClock } from './support/still-clock.ts';

holdClock();

const FLUSHES = new Set(['fsyncSync', 'sync']);

/** There most is lost. One in five, the first among them, and at the end. */
const beforeFlushes = (calls: readonly { name: string }[]) => {
  const flushes = [...calls.keys()].filter((call) => FLUSHES.has(calls[call]?.name ?? ''));
  expect(flushes.length).toBeGreaterThan(10);
  return [...flushes.filter((_, index) => index % 5 === 0), calls.length];
};

test.each([
  { what: 'beside the packages', names: 'lost' },
  { what: 'beside the packages', names: 'kept' },
  { what: 'to another folder', elsewhere: true, names: 'lost' },
  { what: 'for the first time', isFirst: true, names: 'kept' },
  { what: 'with files in incoming/', hasIncoming: true, names: 'lost' },
  { what: 'of single projects that somebody waits for', isAsked: true, names: 'lost' },
] satisfies ({ what: string } & PowerCut)[])(
  'a build $what, the power cut before flushes: contents that were not flushed are lost, such names $names',
  async ({ what: _, ...cut }) => {
    expect(await faultsOfCuts(cut, beforeFlushes)).toEqual([]);
  },
  60_000,
);
