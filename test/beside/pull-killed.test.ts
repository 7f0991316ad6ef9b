/** `kho pull` that dies at each call that changes something on disk, and whose power is cut there: all of the old state is served, or all of the new. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeFolders } from '../../src/io/reach.ts';
import type { ChangingCall } from '../support/changing-calls.ts';
import { copySite } from '../support/crash-site.ts';
import { callsOf, type Kill, killsFor, runKilled } from '../support/kill-writes.ts';
import { UnflushedWrites } from '../support/unflushed-writes.ts';
import { UpdatedFarm } from '../support/updated-farm.ts';

/** Of power cuts one in so many is tried: others where names are lost too than where they are kept. */
const ONE_IN = 3;

let updated: UpdatedFarm;
let calls: ChangingCall[];
let done: Record<string, string>;

beforeAll(async () => {
  updated = await UpdatedFarm.start();
  const { edge } = updated.farm;
  calls = await callsOf([edge.root], () => updated.farm.pull());
  done = edge.snapshot();
  expect(updated.faults(edge)).toEqual([]);
  expect([updated.isUpdated(edge), calls.length > 100]).toEqual([true, true]);
});

afterAll(() => updated.close());

test.each([0, 1, 2])(
  'killed at any call, and in the middle of any write, it is ended by the next run (%i of three)',
  async (third) => {
    const all: string[] = [];
    for (const kill of killsFor(calls).filter((_, at) => at % 3 === third)) {
      asBefore();
      await runKilled([updated.farm.edge.root], kill, () => updated.farm.pull());
      all.push(...(await whatIsWrong(kill)));
    }
    expect(all).toEqual([]);
  },
);

test.each(['kept', 'lost'] as const)(
  'its power cut at any call, with names that were not flushed %s',
  async (names) => {
    const all: string[] = [];
    const first = names === 'kept' ? 0 : 1;
    const cuts = killsFor(calls).filter(({ inMiddle, before: at }) => !inMiddle && at % ONE_IN === first);
    for (const kill of cuts) {
      asBefore();
      const unflushed = new UnflushedWrites([updated.farm.edge.root]);
      await runKilled([updated.farm.edge.root], kill, () => updated.farm.pull(), {
        watcher: unflushed,
        atOnce: () => unflushed.cut(names),
      });
      unflushed.close();
      all.push(...(await whatIsWrong(kill)));
    }
    expect(all).toEqual([]);
  },
);

function asBefore(): void {
  closeFolders(); // of the run before
  copySite(updated.before, updated.farm.edge);
}

/** At once, and once the next run has ended it. */
async function whatIsWrong(kill: Kill): Promise<string[]> {
  const { farm } = updated;
  const call = calls[kill.before];
  const what = `${kill.inMiddle ? 'in' : 'before'} ${call?.name ?? 'the end'} ${call?.paths.join(' ') ?? ''}`;
  const wrong = updated.faults(farm.edge).map((fault) => `${what}: ${fault}`);
  const { locks } = await farm.pull();
  wrong.push(...locks.flatMap(({ lacking }) => lacking).map((lack) => `the run after ${what} lacks ${lack}`));
  const left = farm.edge.snapshot();
  const paths = [...new Set([...Object.keys(left), ...Object.keys(done)])];
  wrong.push(...paths.filter((path) => left[path] !== done[path]).map((path) => `the run after ${what}: ${path}`));
  if (existsSync(join(farm.edge.root, '.kho/pull/whole'))) wrong.push(`the run after ${what}: something waits`);
  return wrong;
}
