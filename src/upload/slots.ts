/** Gives a place back; once is enough. */
export type GiveBack = () => void;

/** Places for uploads that are being received. Those who wait get the next ones in turn, whoever has asked for more of them. */
export class Slots {
  readonly #limits: { most: number; mostOfOne: number; mostWaiting: number };
  readonly #taken = new Map<string, number>();
  /** By who waits. Whose turn is next comes first. */
  readonly #waiting = new Map<string, ((place: GiveBack) => void)[]>();
  #count = 0;
  #waitingCount = 0;

  constructor(limits: { most: number; mostOfOne: number; mostWaiting: number }) {
    this.#limits = limits;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waitingCount;
  }

  /** @returns undefined when too many wait already. @param gone whoever waits does so no longer: the place is then given on at once */
  take(who: string, gone?: AbortSignal): Promise<GiveBack> | undefined {
    if (this.#hasPlaceFor(who)) return Promise.resolve(this.#give(who));
    if (this.#waitingCount >= this.#limits.mostWaiting) return undefined;
    return new Promise((resolve) => {
      const own = this.#waiting.get(who) ?? [];
      own.push(resolve);
      this.#waiting.set(who, own);
      this.#waitingCount++;
      gone?.addEventListener('abort', () => this.#forget(who, resolve), { once: true });
    });
  }

  #hasPlaceFor(who: string): boolean {
    return this.#count < this.#limits.most && (this.#taken.get(who) ?? 0) < this.#limits.mostOfOne;
  }

  #give(who: string): GiveBack {
    this.#count++;
    this.#taken.set(who, (this.#taken.get(who) ?? 0) + 1);
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      this.#count--;
      const left = (this.#taken.get(who) ?? 0) - 1;
      if (left > 0) this.#taken.set(who, left);
      else this.#taken.delete(who);
      this.#giveOn();
    };
  }

  #giveOn(): void {
    for (const [who, own] of this.#waiting) {
      if (!this.#hasPlaceFor(who)) continue;
      const next = own.shift();
      this.#waiting.delete(who);
      if (own.length > 0) this.#waiting.set(who, own); // behind the others
      this.#waitingCount--;
      next?.(this.#give(who));
      return;
    }
  }

  #forget(who: string, resolve: (place: GiveBack) => void): void {
    const own = this.#waiting.get(who);
    const place = own?.indexOf(resolve) ?? -1;
    if (own === undefined || place < 0) return;
    own.splice(place, 1);
    if (own.length === 0) this.#waiting.delete(who);
    this.#waitingCount--;
    resolve(() => {});
  }
}
