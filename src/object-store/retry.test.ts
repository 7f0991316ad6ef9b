import { expect, test } from 'vitest';
import { StoreError, type StoreFault } from './object-store.ts';
import { asking } from './retry.ts';

const PATIENCE = { firstWaitMs: 100, longestWaitMs: 1000, allMs: 10_000, leastTries: 3 };

/** Time that goes on only while somebody waits. */
function madeClock(random: number) {
  const waits: number[] = [];
  let now = 0;
  return {
    waits,
    now: () => now,
    random: () => random,
    pass: (ms: number) => {
      now += ms;
    },
    sleep: async (ms: number) => {
      waits.push(ms);
      now += ms;
    },
  };
}

function failing(times: number, error: Error): () => Promise<string> {
  let left = times;
  return async () => {
    if (left-- > 0) throw error;
    return 'answer';
  };
}

const busy = (retryAfterMs?: number) =>
  new StoreError('busy', 'Cannot read "x"', retryAfterMs === undefined ? {} : { retryAfterMs });

test('asking() waits up to twice as long each time, and no longer than the longest', async () => {
  const clock = madeClock(0.5);
  expect(await asking(failing(6, busy()), clock, PATIENCE)).toBe('answer');
  expect(clock.waits).toEqual([50, 100, 200, 400, 500, 500]);
});

test('asking() waits for as long as the store asks for, and then each for another while', async () => {
  const clock = madeClock(0.5);
  expect(await asking(failing(2, busy(700)), clock, PATIENCE)).toBe('answer');
  expect(clock.waits).toEqual([750, 800]);
  const impatient = madeClock(0);
  await asking(failing(1, busy(3_600_000)), impatient, PATIENCE);
  expect(impatient.waits).toEqual([1000]);
});

test('asking() gives up when its time is over, with the last answer', async () => {
  const clock = madeClock(0.99);
  const error = busy();
  await expect(asking(failing(1000, error), clock, PATIENCE)).rejects.toBe(error);
  expect(clock.now()).toBeGreaterThan(8000);
  expect(clock.now()).toBeLessThanOrEqual(10_000);
});

test('asking() tries three times, however long an answer takes', async () => {
  const clock = madeClock(0);
  let tries = 0;
  const slow = async () => {
    tries += 1;
    clock.pass(60_000);
    throw tries < 10 ? busy() : new Error('asked for ever');
  };
  await expect(asking(slow, clock, PATIENCE)).rejects.toThrow('Cannot read');
  expect(tries).toBe(3);
});

test.each<StoreFault>(['denied', 'expired', 'no-credentials', 'no-bucket', 'refused'])(
  'asking() asks no second time after %s',
  async (fault) => {
    const clock = madeClock(0.5);
    await expect(asking(failing(1, new StoreError(fault, 'Cannot')), clock, PATIENCE)).rejects.toThrow('Cannot');
    expect(clock.waits).toEqual([]);
  },
);

test('asking() asks no second time after what is no fault of the store', async () => {
  await expect(asking(failing(1, new Error('disk')), madeClock(0), PATIENCE)).rejects.toThrow('disk');
});
