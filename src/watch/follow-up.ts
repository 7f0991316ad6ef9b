/** Nobody has asked for a project for so long. In milliseconds. */
const CALM_MS = 1000;

/** Lists of the whole site wait for calm no longer. In milliseconds. */
const RESTLESS_MS = 10_000;

/** A whole build waits so many times as long as the one before took, so that a large site is not busy with its lists alone. */
const SHARE = 4;

/** And no longer than that. In milliseconds. */
const LONGEST_MS = 60_000;

/**
 * Tells when the lists of the whole site follow single projects that were published. Holds no clock: it is told the time, in milliseconds
 * since 1970.
 */
export class FollowUp {
  #first: number | undefined;
  #last = 0;
  #busyUntil = 0;

  /** Somebody asked for a project, or got one. */
  note(now: number): void {
    this.#first ??= now;
    this.#last = now;
  }

  /** When a whole build is due; undefined when nothing was published since the last one. */
  due(): number | undefined {
    if (this.#first === undefined) return undefined;
    const calm = Math.min(this.#last + CALM_MS, this.#first + RESTLESS_MS);
    return Math.max(calm, Math.min(this.#busyUntil, this.#first + LONGEST_MS));
  }

  began(): void {
    this.#first = undefined;
  }

  ended(now: number, durationMs: number): void {
    this.#busyUntil = now + SHARE * durationMs;
  }
}
