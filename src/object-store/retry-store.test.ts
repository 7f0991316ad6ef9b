import { expect, test } from 'vitest';
import { MemoryStore } from '../../test/support/memory-store.ts';
import { listed, PAGE, storeContract, textOf } from '../../test/support/store-contract.ts';
import { bytesBody } from './bytes-body.ts';
import type { Clock } from './clock.ts';
import { type ListedObject, StoreError } from './object-store.ts';
import { RetryStore } from './retry-store.ts';

const CLOCK: Clock = { now: () => 0, sleep: async () => {}, random: () => 0 };

test.each(storeContract({ without: ['races'] }))('a store that is asked again keeps the contract: $name', (check) =>
  check.run(new RetryStore(new MemoryStore(), CLOCK)),
);

const busy = () => new StoreError('busy', 'Cannot list');

/** Fails once, after so many keys of a list. */
class BreakingStore extends MemoryStore {
  #keysLeft: number;

  constructor(keys: number) {
    super();
    this.#keysLeft = keys;
  }

  override async *list(prefix: string, after?: string): AsyncIterable<ListedObject> {
    for await (const one of super.list(prefix, after)) {
      if (this.#keysLeft-- === 0) throw busy();
      yield one;
    }
  }
}

test('list() goes on behind the last key that came', async () => {
  for (const keys of [0, 1, 3]) {
    const store = new BreakingStore(keys);
    for (const key of ['a', 'b', 'c', 'd']) await store.put(key, bytesBody(key), PAGE);
    const asked = new RetryStore(store, CLOCK);
    const pages = store.counts.list;
    expect((await listed(asked, '')).map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd']);
    expect(store.counts.list).toBe(pages + 2);
  }
});

test('list() asks no more when nobody wants more', async () => {
  const store = new MemoryStore();
  for (const key of ['a', 'b']) await store.put(key, bytesBody(key), PAGE);
  for await (const { key } of new RetryStore(store, CLOCK).list('')) {
    expect(key).toBe('a');
    break;
  }
});

test('requests counts each try', async () => {
  let left = 2;
  class BusyStore extends MemoryStore {
    override async head(key: string) {
      if (left-- > 0) throw busy();
      return super.head(key);
    }
  }
  const store = new RetryStore(new BusyStore(), CLOCK);
  expect(await store.head('none')).toBeUndefined();
  expect(store.requests).toBe(3);
  await store.put('a', bytesBody('a'), PAGE);
  expect(await textOf(store, 'a')).toBe('a');
  expect(store.requests).toBe(5);
});
