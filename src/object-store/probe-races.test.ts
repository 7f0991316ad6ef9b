import { expect, test } from 'vitest';
import { MemoryStore } from '../../test/support/memory-store.ts';
import { PAGE } from '../../test/support/store-contract.ts';
import { type ObjectBody, type ObjectHeaders, type PutCondition, StoreError } from './object-store.ts';
import { raceToCreate, raceToSwap } from './probe-races.ts';

const RACE = { writers: 8, rounds: 3, headers: PAGE };
const keyOf = (round: number) => `create/${round}`;

/** Looks, and writes only later: right when it is asked one at a time. */
class RacyStore extends MemoryStore {
  override async put(key: string, body: ObjectBody, headers: ObjectHeaders, condition?: PutCondition) {
    const found = await this.head(key);
    const holds =
      condition === undefined || ('ifAbsent' in condition ? found === undefined : found?.etag === condition.ifEtag);
    await new Promise(setImmediate);
    return holds ? super.put(key, body, headers) : 'refused';
  }
}

class HeedlessStore extends MemoryStore {
  override put(key: string, body: ObjectBody, headers: ObjectHeaders) {
    return super.put(key, body, headers);
  }
}

/** Takes one change, and tells all others to come later. */
class SlowStore extends MemoryStore {
  #taken = 0;
  override async put(key: string, body: ObjectBody, headers: ObjectHeaders, condition?: PutCondition) {
    if (condition !== undefined && this.#taken++ % 8 > 0) throw new StoreError('busy', 'Cannot write');
    return super.put(key, body, headers, condition);
  }
}

test.each(['content', 'write'] as const)(
  'a store that swaps is known as that, with ETags of the %s',
  async (etagsOf) => {
    const whole = { isHeeded: true, rounds: { won: 3, lost: 0 } };
    expect(await raceToCreate(new MemoryStore({ etagsOf }), keyOf, RACE)).toEqual(whole);
    expect(await raceToSwap(new MemoryStore({ etagsOf }), 'swap', RACE)).toEqual(whole);
  },
);

test('what comes back has its old ETag: no writer brings what another round had', async () => {
  const seen = new Set<string>();
  class WatchedStore extends MemoryStore {
    override async put(key: string, body: ObjectBody, headers: ObjectHeaders, condition?: PutCondition) {
      if (condition !== undefined) {
        expect(seen).not.toContain(body.sha256);
        seen.add(body.sha256);
      }
      return super.put(key, body, headers, condition);
    }
  }
  await raceToSwap(new WatchedStore({ etagsOf: 'content' }), 'swap', RACE);
  expect(seen.size).toBe(25);
});

test('a store that answers right one at a time is found out by a race', async () => {
  for (const result of [
    await raceToCreate(new RacyStore(), keyOf, RACE),
    await raceToSwap(new RacyStore(), 'swap', RACE),
  ]) {
    expect(result.isHeeded).toBe(true);
    expect(result.rounds.lost).toBe(3);
  }
});

test('a store that heeds no condition is known as that', async () => {
  expect((await raceToCreate(new HeedlessStore(), keyOf, RACE)).isHeeded).toBe(false);
  expect((await raceToSwap(new HeedlessStore(), 'swap', RACE)).isHeeded).toBe(false);
});

test('who is told to come later has not won', async () => {
  expect((await raceToCreate(new SlowStore(), keyOf, RACE)).rounds).toEqual({ won: 3, lost: 0 });
});
