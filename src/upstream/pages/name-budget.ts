/** So many names that nobody asked for before may one client ask for at once; and so many more in each second. */
const AT_ONCE = 1_000;
const PER_SECOND = 2;

/** Clients about whom something is remembered. */
const MOST_CLIENTS = 10_000;

/** Each new name is a question to another index, and a page on disk where it has it: no client may ask for all names that there are. */
export class NameBudget {
  /** What each has left, and since when, in milliseconds. The one that asked longest ago comes first. */
  readonly #left = new Map<string, { names: number; sinceMs: number }>();
  readonly #atOnce: number;

  constructor(atOnce = AT_ONCE) {
    this.#atOnce = atOnce;
  }

  /** Whether that client may ask for one more. */
  take(client: string, nowMs: number): boolean {
    const before = this.#left.get(client);
    const more = before ? (Math.max(0, nowMs - before.sinceMs) / 1000) * PER_SECOND : 0;
    const names = Math.min(this.#atOnce, (before?.names ?? this.#atOnce) + more);
    this.#left.delete(client);
    this.#left.set(client, { names: names >= 1 ? names - 1 : names, sinceMs: nowMs });
    if (this.#left.size > MOST_CLIENTS) this.#left.delete(this.#left.keys().next().value as string);
    return names >= 1;
  }
}
