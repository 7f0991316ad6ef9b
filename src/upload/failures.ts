/** So many failures are answered in each time of that length, in milliseconds. */
const MOST_FAILURES = 20;
const TIME_MS = 60_000;

/** Clients that failed, remembered. */
const MOST_CLIENTS = 10_000;

interface Failed {
  sinceMs: number;
  count: number;
}

/** Who tries one token after another: refused without a look, once that is too many. */
export class Failures {
  readonly #now: () => number;
  readonly #byClient = new Map<string, Failed>();

  /** @param now milliseconds, from any point in time */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** One more. @returns whether it is one too many */
  isOneTooMany(client: string): boolean {
    const nowMs = this.#now();
    const before = this.#byClient.get(client);
    if (before !== undefined && nowMs - before.sinceMs < TIME_MS) {
      before.count++;
      return before.count > MOST_FAILURES;
    }
    this.#byClient.delete(client);
    this.#byClient.set(client, { sinceMs: nowMs, count: 1 });
    if (this.#byClient.size > MOST_CLIENTS) {
      for (const first of this.#byClient.keys()) {
        this.#byClient.delete(first);
        break;
      }
    }
    return false;
  }
}
