import { setTimeout as sleep } from 'node:timers/promises';
import type { SiteConfig } from '../config/site-config.ts';
import { PublishRow } from '../index/publish-row.ts';
import { makeFolder } from '../io/disk.ts';
import { lockSite } from '../publish/lock.ts';
import { stateFolder } from '../publish/state-folder.ts';

/** How long uploads wait for somebody who publishes. In milliseconds. */
const LOCK_MS = 50_000;

/** Whoever waits for the lock gets it after so long, however many uploads come. In milliseconds. */
const LONGEST_MS = 1500;

/** A little longer than a run that waits for the lock takes to ask again. In milliseconds. */
const LET_IN_MS = 60;

/** The lock of a site for uploads that are taken in one group after the other, and what they share. */
export class TakingTurn {
  #held: { unlock: () => void; row: PublishRow; since: number } | undefined;

  /** Resolves when what was published last is on the disk. @throws {KhoError} WRITE */
  async ended(): Promise<void> {
    await this.#held?.row.ended;
  }

  /** @throws {KhoError} LOCKED, WRITE */
  async hold(config: SiteConfig): Promise<PublishRow> {
    if (this.#held && performance.now() - this.#held.since > LONGEST_MS) {
      await this.end();
      await sleep(LET_IN_MS);
    }
    if (!this.#held) {
      makeFolder(stateFolder(config.root));
      const unlock = await lockSite(config.root, { waitMs: LOCK_MS });
      this.#held = { unlock, row: new PublishRow(config), since: performance.now() };
    }
    return this.#held.row;
  }

  /** To be called last, whatever happened. @throws {KhoError} WRITE */
  async end(): Promise<void> {
    const held = this.#held;
    if (!held) return;
    await held.row.ended.catch(() => {}); // told to whoever waits for it
    this.#held = undefined;
    try {
      held.row.close();
    } finally {
      held.unlock();
    }
  }
}
