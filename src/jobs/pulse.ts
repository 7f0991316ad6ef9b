/** A thread that turns tells so this often, in milliseconds. */
const BEAT_MS = 1000;

/**
 * Tells that a build goes on. While files are read, only what has been done counts: the thread may turn, and wait for another one
 * for ever. What comes after that has no steps to count, and counts as long as the thread turns.
 */
export class Pulse {
  readonly #beat: () => void;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #isReading = true;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** @param beat called once a second at most @param now milliseconds, from any point in time */
  constructor(beat: () => void, now: () => number = () => performance.now()) {
    this.#beat = beat;
    this.#now = now;
    this.#timer = setInterval(() => this.turn(), BEAT_MS).unref();
  }

  /** A step is done. */
  step(): void {
    const nowMs = this.#now();
    if (nowMs - this.#lastMs < BEAT_MS) return;
    this.#lastMs = nowMs;
    this.#beat();
  }

  /** The thread has turned. */
  turn(): void {
    if (!this.#isReading) this.step();
  }

  /** All files are read, or it is another process that this one waits for. */
  hasRead(): void {
    this.#isReading = false;
    this.step();
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
