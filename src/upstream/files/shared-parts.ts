/** Parts that are remembered at once. */
const MOST_PARTS = 32;
/** A longer one is passed on by itself, in bytes: of wheels, clients read the end, where it says what is in them. */
export const LONGEST_SHARED = 128 * 1024;
/** Machines that begin together ask within so long, in milliseconds. */
const REMEMBERED_MS = 10_000;

/** Parts of files that are not here: one that many ask for at the same time is asked for once. */
export class SharedParts {
  readonly #now: () => number;
  /** By whatever tells them apart. The oldest comes first. */
  readonly #parts = new Map<string, { bytes: Promise<Buffer | undefined>; sinceMs: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param bring undefined for what cannot be had; that is not remembered, nor what it throws */
  async get(key: string, bring: () => Promise<Buffer | undefined>): Promise<Buffer | undefined> {
    for (const [old, { sinceMs }] of this.#parts) {
      if (this.#now() - sinceMs < REMEMBERED_MS && this.#parts.size < MOST_PARTS) break;
      this.#parts.delete(old);
    }
    const part = this.#parts.get(key) ?? { bytes: bring(), sinceMs: this.#now() };
    this.#parts.set(key, part);
    const forget = () => {
      if (this.#parts.get(key) === part) this.#parts.delete(key);
    };
    try {
      const bytes = await part.bytes;
      if (bytes === undefined) forget();
      return bytes;
    } catch (error) {
      forget();
      throw error;
    }
  }
}
