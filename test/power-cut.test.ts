/** What was not flushed is lost too, in a model of disks. On a real one, and before each call: e2e/power-cut.test.ts. */
import { expect, test } from 'vitest';
import './support/still-clock.ts';
import { faultsOfCuts, type PowerCut } from './support/power-cut.ts';

const FLUSHES = new Set(['fsyncSync', 'sync']);

/** There most is lost; and at the end. */
const beforeFlushes = (calls: readonly { name: string }[]) => {
  const flushes = [...calls.keys()].filter((call) => FLUSHES.has(calls[call]?.name ?? ''));
  expect(flushes.length).toBeGreaterThan(10);
  return [...flushes, calls.length];
};

test.each([
  { what: 'beside the packages', names: 'lost' },
  { what: 'beside the packages', names: 'kept' },
  { what: 'to another folder', elsewhere: true, names: 'lost' },
  { what: 'for the first time', isFirst: true, names: 'kept' },
  { what: 'with files in incoming/', hasIncoming: true, names: 'lost' },
] satisfies ({ what: string } & PowerCut)[])(
  'a build $what, the power cut before each flush: contents that were not flushed are lost, such names $names',
  async ({ what: _, ...cut }) => {
    expect(await faultsOfCuts(cut, beforeFlushes)).toEqual([]);
  },
  60_000,
);
