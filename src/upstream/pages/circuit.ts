/** How long an upstream that fails is left alone, in milliseconds: twice as long each time. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/** Failures in a row after which it is. */
const MOST_FAILURES = 3;

/** Whether an upstream is worth asking: one that failed several times in a row is left alone for a while, and then tried with one question. */
export class Circuit {
  #failures = 0;
  #openUntilMs = 0;
  #waitMs = FIRST_WAIT_MS;
  #isProbing = false;

  /** Whether a question may be asked now; who asks then has to say how it went. */
  mayAsk(nowMs: number): boolean {
    if (nowMs < this.#openUntilMs) return false;
    if (this.#failures < MOST_FAILURES) return true;
    if (this.#isProbing) return false;
    this.#isProbing = true;
    return true;
  }

  /** Since when it fails cannot be told; whether it does, can. */
  get isFailing(): boolean {
    return this.#failures >= MOST_FAILURES;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openUntilMs = 0;
    this.#waitMs = FIRST_WAIT_MS;
    this.#isProbing = false;
  }

  /** @param wantedMs as the upstream asks to be left alone: that holds from the first failure on */
  failed(nowMs: number, wantedMs = 0): void {
    this.#isProbing = false;
    this.#failures++;
    let waitMs = wantedMs;
    if (this.#failures >= MOST_FAILURES) {
      waitMs = Math.max(wantedMs, this.#waitMs);
      this.#waitMs = Math.min(LONGEST_WAIT_MS, 2 * this.#waitMs);
    }
    this.#openUntilMs = Math.max(this.#openUntilMs, nowMs + waitMs);
  }
}
