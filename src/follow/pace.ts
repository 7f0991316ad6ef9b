import { setTimeout as sleep } from 'node:timers/promises';

/** So much may come at once after a silence, in seconds of the rate. */
const BURST_SECONDS = 0.5;

/** Lets no more come in a second than a rate, by waiting. It counts what comes, whether there is a rate or not. */
export class Pace {
  readonly #rate: number | undefined;
  readonly #now: () => number;
  readonly #wait: (ms: number) => Promise<unknown>;
  /** When the line will have carried all that came so far, at that rate. */
  #freeAt = Number.NEGATIVE_INFINITY;
  /** In bytes, of bodies, so far. */
  crossed = 0;

  /** @param rate in bytes a second; absent: no limit */
  constructor(
    rate: number | undefined,
    now: () => number = () => performance.now(),
    wait: (ms: number) => Promise<unknown> = sleep,
  ) {
    [this.#rate, this.#now, this.#wait] = [rate, now, wait];
  }

  /** Resolves when more may come. */
  async came(bytes: number): Promise<void> {
    this.crossed += bytes;
    if (this.#rate === undefined) return;
    const now = this.#now();
    this.#freeAt = Math.max(this.#freeAt, now - 1000 * BURST_SECONDS) + (1000 * bytes) / this.#rate;
    if (this.#freeAt > now) await this.#wait(this.#freeAt - now);
  }
}
