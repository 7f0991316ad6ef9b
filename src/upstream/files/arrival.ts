import type { Hash } from 'node:crypto';
import { closeSync } from 'node:fs';

/**
 * So much of the end of a file is sent only when its hash is right: who asks gets it right, or cut off, and never whole and wrong. In
 * bytes.
 */
export const LAST_BYTES = 16 * 1024;

/** A smaller file goes on coming when nobody waits for it any more; in bytes. */
const SMALL_BYTES = 50 * 1000 * 1000;
/** So does one of which more than so much is there. */
const WORTH_ENDING = 0.25;

/** What became of a file on its way. */
export type ArrivalState =
  | { is: 'coming' }
  /** Its hash is right. */
  | { is: 'whole' }
  /** The disk has no room for the rest; what is there of it can be read, and `hash` is of that. */
  | { is: 'no room'; hash: Hash }
  | { is: 'failed'; fault: Error };

/** A file that is being brought, as all see it who wait for it: they read of it what is there, each at a pace of its own. */
export class Arrival {
  /** Called when nobody waits for it any more, and what is there is not worth going on. */
  onForgotten: () => void = () => {};
  #state: ArrivalState = { is: 'coming' };
  #size: number | undefined;
  #there = 0;
  #round = 0;
  #hasReply = false;
  #readers = 0;
  #descriptor: number | undefined;
  #waiting: (() => void)[] = [];

  /** @param size as its index says, in bytes */
  constructor(size: number | undefined) {
    this.#size = size;
  }

  get state(): ArrivalState {
    return this.#state;
  }

  /** Of the whole file, in bytes, once it is known. */
  get size(): number | undefined {
    return this.#size;
  }

  /** What is there, in bytes. */
  get there(): number {
    return this.#there;
  }

  /** Raised when it begins anew, since what came was wrong: who has some of that has to be cut off. */
  get round(): number {
    return this.#round;
  }

  get isOver(): boolean {
    return this.#state.is !== 'coming';
  }

  /** Whether an answer may begin: there is something of it, and how long it is is known as far as it will be. */
  get hasBegun(): boolean {
    return this.isOver || (this.#there > 0 && (this.#size !== undefined || this.#hasReply));
  }

  /** Up to where it may be sent, in bytes. */
  get readable(): number {
    if (this.#state.is === 'whole') return this.#there;
    return Math.max(0, Math.min(this.#there, (this.#size ?? this.#there) - LAST_BYTES));
  }

  /** Undefined when it has failed before anything of it was there. */
  get descriptor(): number | undefined {
    return this.#descriptor;
  }

  /** @param descriptor to read from, closed when nobody needs it any more */
  beginsWith(descriptor: number): void {
    this.#descriptor = descriptor;
  }

  /** @param total in bytes, where it is told */
  replied(total: number | undefined): void {
    this.#hasReply = true;
    this.#size ??= total;
    this.wake();
  }

  /** @param bytes that came; negative where it begins anew */
  came(bytes: number): void {
    this.#there += bytes;
    if (bytes < 0) this.#round++;
    this.wake();
  }

  ends(state: Exclude<ArrivalState, { is: 'coming' }>): void {
    if (state.is === 'whole') this.#size = this.#there;
    this.#state = state;
    this.wake();
    this.#closeUnused();
  }

  join(): void {
    this.#readers++;
  }

  /** To be called once for each `join`. */
  leave(): void {
    this.#readers--;
    this.#closeUnused();
    if (this.#readers === 0 && !this.isOver && !this.#isWorthEnding()) this.onForgotten();
  }

  /** Resolves when `condition` holds, or it is over. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.isOver) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Lets all who wait look again. */
  wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #isWorthEnding(): boolean {
    const size = this.#size ?? this.#there;
    return size < SMALL_BYTES || this.#there > size * WORTH_ENDING;
  }

  #closeUnused(): void {
    if (this.#readers > 0 || !this.isOver || this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
