/** What was not flushed is lost too, in a model of disks. On a real one, and before each call: e2e/power-cut.test.ts. */
import { expect, test } from 'vitest';
import { faultsOfCuts } from './support/power-cut.ts';

const FLUSHES = new Set(['fsyncSync', 'sync']);

/** There most is lost; and at the end. */
const beforeFlushes = (calls: readonly { name: string }[]) => {
  const flushes = [...calls.keys()].filter((call) => FLUSHES.has(calls[call]?.name ?? ''));
  expect(flushes.length).toBeGreaterThan(10);
  return [...flushes, calls.length];
};

test.each(
  [
    { what: 'beside the packages' },
    { what: 'to another folder', elsewhere: true as const },
    { what: 'for the first time', isFirst: true as const },
    { what: 'of a repository on a disk of its own', hasSecondDisk: true as const },
  ].flatMap(({ what, ...cut }) => [
    { what, names: 'lost' as const, ...cut },
    { what, names: 'kept' as const, ...cut },
  ]),
)(
  'a build $what, the power cut before each flush: contents that were not flushed are lost, such names $names',
  async ({ what: _, ...cut }) => {
    expect(await faultsOfCuts(cut, beforeFlushes)).toEqual([]);
  },
  60_000,
);
