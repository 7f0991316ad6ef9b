import type { SiteConfig } from '../config/site-config.ts';
import { OrderThread } from '../jobs/order-thread.ts';
import type { UploadOrder, UploadOutcome } from './order.ts';
import { type TakenUploads, takeUploads } from './take-uploads.ts';

/** What its thread is sent. */
interface UploadTask {
  config: SiteConfig;
  orders: UploadOrder[];
}

/** Uploads come again sooner than other work: a thread for them starts in some 100 ms. In milliseconds. */
const IDLE_MS = 30_000;

/** So many are taken in at once: what the lock, a look at all files, and a flush cost is shared by them. */
const MOST_AT_ONCE = 64;

interface Waiting {
  order: UploadOrder;
  resolve: (outcome: UploadOutcome) => void;
  reject: (error: unknown) => void;
}

/** What the thread does with a task. */
export function runUploads({ config, orders }: UploadTask): Promise<TakenUploads> {
  return takeUploads(config, orders);
}

/** Takes uploads in, in a thread of its own. Those that come meanwhile go together next. */
export class UploadThread {
  readonly #config: () => SiteConfig;
  readonly #thread = new OrderThread('site-uploads', runUploads, { idleMs: IDLE_MS });
  readonly #waiting: Waiting[] = [];
  readonly #onListed: (taken: Pick<TakenUploads, 'listed' | 'changes'>) => void;
  #isBusy = false;

  /** @param onListed called before those who wait are told */
  constructor(config: () => SiteConfig, onListed: (taken: Pick<TakenUploads, 'listed' | 'changes'>) => void) {
    this.#config = config;
    this.#onListed = onListed;
  }

  /** @throws what is a bug */
  take(order: UploadOrder): Promise<UploadOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, resolve, reject });
      void this.#goOn();
    });
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  async #goOn(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      const now = this.#waiting.splice(0, MOST_AT_ONCE);
      try {
        const { outcomes, ...taken } = await this.#thread.run({
          ...{ config: this.#config(), orders: now.map(({ order }) => order) },
        });
        if (taken.listed.length > 0) this.#onListed(taken);
        for (const [index, { resolve }] of now.entries()) resolve(outcomes[index] as UploadOutcome);
      } catch (error) {
        for (const { reject } of now) reject(error);
      }
    }
    this.#isBusy = false;
  }
}
