import { expect, test } from 'vitest';
import { type GiveBack, Slots } from './slots.ts';

const limits = { most: 3, mostOfOne: 2, mostWaiting: 4 };

/** Takes places, and tells in which order they came. */
function taker(slots: Slots) {
  const came: string[] = [];
  const places: GiveBack[] = [];
  const take = (who: string, gone?: AbortSignal) => {
    const place = slots.take(who, gone);
    void place?.then((give) => {
      came.push(who);
      places.push(give);
    });
    return place !== undefined;
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { came, places, take, settle };
}

test('Slots.take() gives one client no more than its share, and all no more than there are', async () => {
  const { came, take, settle } = taker(new Slots(limits));
  for (const who of ['a', 'a', 'a', 'b', 'b']) take(who);
  await settle();
  expect(came).toEqual(['a', 'a', 'b']);
});

test('Slots.take() gives places on in turn by who waits, and refuses when too many wait', async () => {
  const slots = new Slots(limits);
  const { came, places, take, settle } = taker(slots);
  const asked = ['a', 'a', 'a', 'a', 'b', 'b', 'c', 'd'].map((who) => take(who));
  expect(asked).toEqual([true, true, true, true, true, true, true, false]);
  await settle();
  for (let at = 0; at < 7; at++) {
    places[at]?.();
    places[at]?.(); // twice is once
    await settle();
  }
  expect(came).toEqual(['a', 'a', 'b', 'a', 'b', 'c', 'a']);
  expect(slots.waiting).toBe(0);
});

test('Slots.take() passes over who went away', async () => {
  const slots = new Slots({ most: 1, mostOfOne: 1, mostWaiting: 4 });
  const { came, places, take, settle } = taker(slots);
  const gone = new AbortController();
  take('a');
  take('b', gone.signal);
  take('c');
  gone.abort();
  await settle();
  expect(slots.waiting).toBe(1);
  places[0]?.();
  await settle();
  expect(came).toEqual(['a', 'b', 'c']); // b was told, and has no place
  await settle();
  expect(slots.waiting).toBe(0);
});
