/** Time of tests: it passes only by being slept, so that a day takes no time, and a run is the same each time. */
import type { Clock } from '../../src/object-store/clock.ts';
import { seededRandom } from './seeded-random.ts';

/** Sometime in 2026, to the second. */
const BEGIN_MS = 1_780_000_000_000;

interface Sleeper {
  untilMs: number;
  /** Who went to sleep first wakes first. */
  order: number;
  wake: () => void;
}

/**
 * Goes on when nothing else is left to do: all promises that could be kept are. So whatever is tested with it must wait for nothing but promises, streams of
 * what is in memory, and this clock.
 */
export class VirtualClock implements Clock {
  readonly random: () => number;
  #nowMs: number;
  #order = 0;
  /** A heap: the first is the next to wake. */
  readonly #sleepers: Sleeper[] = [];
  #isGoing = false;
  readonly #idlers: (() => void)[] = [];

  constructor(seed = 1, beginMs = BEGIN_MS) {
    this.random = seededRandom(seed);
    this.#nowMs = beginMs;
  }

  readonly now = (): number => this.#nowMs;

  readonly sleep = (ms: number): Promise<void> => {
    if (!(ms >= 0)) throw new RangeError(`Cannot sleep for ${ms} ms`);
    return new Promise((wake) => {
      this.#add({ untilMs: this.#nowMs + ms, order: this.#order++, wake });
      this.#goOn();
    });
  };

  /** When nobody sleeps any more: what then still waits, waits for ever. */
  idle(): Promise<void> {
    return new Promise((wake) => {
      this.#idlers.push(wake);
      this.#goOn();
    });
  }

  #goOn(): void {
    if (this.#isGoing) return;
    this.#isGoing = true;
    setImmediate(this.#wakeNext);
  }

  readonly #wakeNext = (): void => {
    const next = this.#takeFirst();
    if (next === undefined) {
      this.#isGoing = false;
      for (const wake of this.#idlers.splice(0)) wake();
      return;
    }
    this.#nowMs = Math.max(this.#nowMs, next.untilMs);
    next.wake();
    setImmediate(this.#wakeNext);
  };

  #add(sleeper: Sleeper): void {
    const heap = this.#sleepers;
    let at = heap.push(sleeper) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent]!, sleeper)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = sleeper;
  }

  #takeFirst(): Sleeper | undefined {
    const heap = this.#sleepers;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (isBefore(last, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(one: Sleeper, other: Sleeper): boolean {
  return one.untilMs < other.untilMs || (one.untilMs === other.untilMs && one.order < other.order);
}
