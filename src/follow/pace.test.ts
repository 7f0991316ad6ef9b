import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

/** Time passes only by waiting, and as long as each piece takes to come. */
async function carried(rate: number | undefined, pieces: number[], msEach = 0): Promise<number> {
  let now = 0;
  const pace = new Pace(
    rate,
    () => now,
    async (ms) => {
      now += ms;
    },
  );
  for (const bytes of pieces) {
    now += msEach;
    await pace.came(bytes);
  }
  expect(pace.crossed).toBe(pieces.reduce((sum, bytes) => sum + bytes, 0));
  return now;
}

test('Pace lets no more come than its rate, but for a burst', async () => {
  const tenSeconds = Array.from({ length: 40 }, () => 16_000);
  const took = await carried(64_000, tenSeconds);
  expect(took).toBeGreaterThanOrEqual(9000);
  expect(took).toBeLessThanOrEqual(10_000);
});

test('Pace does not hold up a line that is slower, nor one without a rate', async () => {
  expect(
    await carried(
      64_000,
      Array.from({ length: 10 }, () => 16_000),
      1000,
    ),
  ).toBe(10_000);
  expect(await carried(undefined, [1e9, 1e9])).toBe(0);
});
