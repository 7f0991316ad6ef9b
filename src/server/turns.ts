/** What one turn of the event loop gives to requests that came before their answers were asked for, in milliseconds. */
const TURN_MS = 1;

/** Work that can wait a little: each turn of the event loop does some of it, from each client in turn. */
export class Turns {
  /** By client. The one whose turn is next comes first. */
  readonly #waiting = new Map<unknown, (() => void)[]>();
  readonly #now: () => number;
  readonly #later: (act: () => void) => void;
  #isScheduled = false;

  /** @param now milliseconds, from any point in time @param later calls back in a later turn of the event loop */
  constructor(now: () => number = () => performance.now(), later: (act: () => void) => void = setImmediate) {
    this.#now = now;
    this.#later = later;
  }

  add(client: unknown, act: () => void): void {
    const others = this.#waiting.get(client);
    if (others === undefined) this.#waiting.set(client, [act]);
    else others.push(act);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#later(() => {
      this.#isScheduled = false;
      this.#run();
      if (this.#waiting.size > 0) this.#schedule();
    });
  }

  /** What is added meanwhile waits for the next turn, whoever adds it. */
  #run(): void {
    const endMs = this.#now() + TURN_MS;
    let left = 0;
    for (const acts of this.#waiting.values()) left += acts.length;
    while (left-- > 0) {
      const [client, acts] = this.#waiting.entries().next().value as [unknown, (() => void)[]];
      this.#waiting.delete(client);
      const act = acts.shift();
      if (acts.length > 0) this.#waiting.set(client, acts);
      act?.();
      if (this.#now() >= endMs) return;
    }
  }
}
