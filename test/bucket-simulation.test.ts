/** Some lives of a bucket; 5,000 of them are in test/beside/bucket-simulation.test.ts. */
import { expect, test } from 'vitest';
import { simulate } from './support/bucket-simulation/simulate.ts';

const SEEDS = 40;

test('pushToBucket() keeps its promises in a few lives', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { fault } = await simulate(seed);
    expect(fault && `${fault.invariant}: ${fault.what}; npm run simulate -- --seed ${seed}`).toBeUndefined();
  }
});

test('simulate() is the same each time', async () => {
  const traces = [[], []] as string[][];
  for (const trace of traces)
    await simulate(8, { trace: (line) => trace.push(line.replace(/"[0-9a-f]{32}"/g, 'ETAG')) });
  expect(traces[0]!.length).toBeGreaterThan(50);
  expect(traces[0]).toEqual(traces[1]);
});
