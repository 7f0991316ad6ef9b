/** Asking again, by somebody's clock: when a store is busy, or a line broke. */
import type { Clock } from './clock.ts';
import { StoreError } from './object-store.ts';

export interface Patience {
  /** The longest that the first wait may be; each further one may be twice as long. In milliseconds. */
  firstWaitMs: number;
  /** No wait is longer, whatever the store asks for. In milliseconds. */
  longestWaitMs: number;
  /** A question is asked no more when it was asked for so long. In milliseconds. */
  allMs: number;
  /** A question is asked so often at least, however long an answer takes. */
  leastTries: number;
}

/** Source of the shape: "Exponential Backoff And Jitter" (AWS Architecture Blog): each wait is drawn from 0 to its limit, so that many who wait do not come back at once. */
export const PATIENCE: Patience = { firstWaitMs: 200, longestWaitMs: 20_000, allMs: 120_000, leastTries: 3 };

/**
 * @param ask one question
 * @throws {StoreError} of the last answer; any other error at once
 */
export async function asking<T>(ask: () => Promise<T>, clock: Clock, patience: Patience = PATIENCE): Promise<T> {
  const { firstWaitMs, longestWaitMs, allMs, leastTries } = patience;
  const endsAt = clock.now() + allMs;
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof StoreError) || error.fault !== 'busy') throw error;
      const most = Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1));
      // Who is told a time does not come back before it, nor do all that were told the same come back together.
      const waitMs = Math.min(longestWaitMs, error.retryAfterMs ?? 0) + clock.random() * most;
      if (tries >= leastTries && clock.now() + waitMs > endsAt) throw error;
      await clock.sleep(waitMs);
    }
  }
}
