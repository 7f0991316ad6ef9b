import { setTimeout as wait } from 'node:timers/promises';

/** Time, so that tests can make their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** From 0 to 1, without 1. */
  random(): number;
}

/** As it is. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: async (ms) => {
    await wait(ms);
  },
  random: () => Math.random(),
};
