import type { SiteConfig } from '../config/site-config.ts';
import type { LookedAt } from './look-at-upload.ts';
import { clearOwnFolders } from './open-content.ts';
import type { UploadOrder, UploadOutcome } from './order.ts';
import { lookOrRefuse, type TakenUploads, takeInTurn } from './take-uploads.ts';
import { TakingTurn } from './taking-turn.ts';

/** One upload, for the thread that takes them in. */
export interface UploadTask {
  config: SiteConfig;
  order: UploadOrder;
  /** So many uploads have come, or are coming, and are not answered: this one is among them. */
  unanswered: number;
}

/** What became of it. Those that were taken in together tell what became of all of them once. */
export interface TakenUpload extends Pick<TakenUploads, 'listed' | 'changes'> {
  outcome: UploadOutcome;
}

/** So many are taken in at once: what the lock, a look at what is there, and a flush cost is shared by them. */
const MOST_AT_ONCE = 64;

/**
 * Half of those that are on their way are waited for, so that the other half is received while these are brought to the disk: if each began
 * at once, one would go alone, and all others after it. No longer than that, in milliseconds: they may be large, or slow.
 */
const GATHER_MS = 4;

/** While several clients upload, the lock and what goes with it are kept for so long after the last that was ready. In milliseconds. */
const LINGER_MS = 15;

interface Ready {
  config: SiteConfig;
  looked: LookedAt;
  resolve(taken: TakenUpload): void;
  reject(error: unknown): void;
}

/** Looks at uploads as they come, and takes those that are ready in together. */
export class UploadQueue {
  readonly #ready: Ready[] = [];
  #unanswered = 1;
  #isBusy = false;
  #onReady = () => {};

  async take({ config, order, unanswered }: UploadTask): Promise<TakenUpload> {
    this.#unanswered = unanswered;
    const looked = await lookOrRefuse(config, order);
    if (looked.is === 'refused') {
      if (!this.#isBusy) clearOwnFolders();
      return { outcome: looked, listed: [], changes: [] };
    }
    return await new Promise((resolve, reject) => {
      this.#ready.push({ config, looked, resolve, reject });
      this.#onReady();
      void this.#goOn();
    });
  }

  async #goOn(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    const turn = new TakingTurn();
    do {
      await this.#gather();
      const group = this.#ready.splice(0, MOST_AT_ONCE);
      await takeTogether(group, turn, group.length >= this.#unanswered);
    } while (await this.#hasMore(turn));
    await turn.end().catch(() => {}); // what it could not remove is swept by the next build
    clearOwnFolders();
    this.#isBusy = false;
    if (this.#ready.length > 0) void this.#goOn(); // came meanwhile
  }

  async #hasMore(turn: TakingTurn): Promise<boolean> {
    if (this.#ready.length > 0) return true;
    await turn.ended().catch(() => {}); // told to whoever waits for it
    if (this.#unanswered > 1) await this.#until(() => this.#ready.length > 0, LINGER_MS);
    return this.#ready.length > 0;
  }

  #gather(): Promise<void> {
    return this.#until(() => this.#ready.length * 2 >= this.#unanswered, GATHER_MS);
  }

  /** Or until so much time has gone. */
  #until(isEnough: () => boolean, mostMs: number): Promise<void> {
    if (isEnough()) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(late);
        this.#onReady = () => {};
        resolve();
      };
      const late = setTimeout(done, mostMs);
      this.#onReady = () => {
        if (isEnough()) done();
      };
    });
  }
}

/** By the settings of the one that came last. Resolves when the next ones may follow; each is told once it is on the disk. @param isLast none are on their way */
async function takeTogether(group: readonly Ready[], turn: TakingTurn, isLast: boolean): Promise<void> {
  const { config } = group.at(-1) as Ready;
  const fail = (error: unknown) => {
    for (const { reject } of group) reject(error);
  };
  try {
    const looked = group.map((each) => each.looked);
    const { done } = await takeInTurn(config, looked, turn);
    if (isLast) clearOwnFolders(); // before anybody is told
    done.then(({ outcomes, ...taken }) => {
      for (const [index, { resolve }] of group.entries()) {
        const told = index === 0 ? taken : { listed: [], changes: [] };
        resolve({ outcome: outcomes[index] as UploadOutcome, ...told });
      }
    }, fail);
  } catch (error) {
    fail(error);
  }
}
