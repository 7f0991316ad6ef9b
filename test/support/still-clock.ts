/** For tests that compare bytes of several builds: all are made at the same moment, which other bytes under a known name get as upload time. */
import { afterEach, beforeEach, vi } from 'vitest';

/** After all that tests write. */
const MOMENT = new Date('2100-01-01T00:00:00Z');

/** To be called once in a file. */
export function holdClock(): void {
  beforeEach(() => {
    vi.setSystemTime(MOMENT);
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}
