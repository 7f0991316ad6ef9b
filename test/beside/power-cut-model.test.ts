/** What was not flushed is lost too, in a model of disks, at some moments. At all of them, and on a real disk: e2e/power-cut.test.ts. */
import { expect, test } from 'vitest';
import { faultsOfCuts, type PowerCut } from '../support/power-cut.ts';
import { holdClock } from '../support/still-clock.ts';

holdClock();

const FLUSHES = new Set(['fsyncSync', 'fsync', 'sync']);

/** There most is lost. One in seven, the first among them, and at the end; of flushes that run at the same time the first and the last count. */
const beforeFlushes = (calls: readonly { name: string }[]) => {
  const nameOf = (call: number) => calls[call]?.name ?? '';
  const isWithin = (call: number) => [call - 1, call, call + 1].every((each) => nameOf(each) === 'fsync');
  const flushes = [...calls.keys()].filter((call) => FLUSHES.has(nameOf(call)) && !isWithin(call));
  expect(flushes.length).toBeGreaterThan(10);
  return [...flushes.filter((_, index) => index % 7 === 0), calls.length];
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
