import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '../io/disk.ts';
import { lockSite } from '../publish/lock.ts';
import { stateFolder } from '../publish/state-folder.ts';

/** How long uploads wait for somebody who publishes. In milliseconds. */
const LOCK_MS = 50_000;

/** Whoever waits for the lock gets it after so long, however many uploads come. In milliseconds. */
const LONGEST_MS = 1500;

/** A little longer than a run that waits for the lock takes to ask again. In milliseconds. */
const LET_IN_MS = 60;

/** The lock of a site for uploads that are taken in one group after the other, and how far the last of them has come. */
export class TakingTurn {
  #unlock: (() => void) | undefined;
  #since = 0;
  #ended = Promise.resolve();

  /** Resolves when what was published last is on the disk, and its journal gone. @throws {KhoError} WRITE */
  get ended(): Promise<void> {
    return this.#ended;
  }

  endsWith(ended: Promise<void>): void {
    this.#ended = ended;
    ended.catch(() => {}); // told of by whoever waits for it
  }

  /** @throws {KhoError} LOCKED, WRITE */
  async hold(root: string): Promise<void> {
    if (this.#unlock && performance.now() - this.#since > LONGEST_MS) {
      await this.#ended.catch(() => {});
      this.end();
      await sleep(LET_IN_MS);
    }
    if (this.#unlock) return;
    makeFolder(stateFolder(root));
    this.#unlock = await lockSite(root, { waitMs: LOCK_MS });
    this.#since = performance.now();
    this.#ended = Promise.resolve();
  }

  /** To be called last, when `ended` has come to its end. */
  end(): void {
    this.#unlock?.();
    this.#unlock = undefined;
  }
}
