/** 5,000 lives of a bucket, drawn from seeds, in virtual time. One that fails is told request by request with `npm run simulate -- --seed X`. */
import { expect, test } from 'vitest';
import { simulate } from '../support/bucket-simulation/simulate.ts';

const SEEDS = 5_000;
const IN_A_TEST = 100;

const firsts = Array.from({ length: SEEDS / IN_A_TEST }, (_, index) => 1 + index * IN_A_TEST);

test.each(firsts)(
  `pushToBucket() keeps its promises in the lives of seeds %i and ${IN_A_TEST - 1} more`,
  async (first) => {
    for (let seed = first; seed < first + IN_A_TEST; seed++) {
      const { fault } = await simulate(seed);
      expect(fault && `${fault.invariant}: ${fault.what}; npm run simulate -- --seed ${seed}`).toBeUndefined();
    }
  },
);
