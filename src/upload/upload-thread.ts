import { Worker } from 'node:worker_threads';
import type { SiteConfig } from '../config/site-config.ts';
import { canStartWorkers } from '../jobs/job-pool.ts';
import type { UploadOrder, UploadOutcome } from './order.ts';
import { takeUploads } from './take-uploads.ts';

/** What the thread is started with; see cli/main.ts. */
export interface UploadStart {
  kho: 'site-uploads';
}

export interface UploadTask {
  config: SiteConfig;
  orders: UploadOrder[];
}

export type UploadReply = { outcomes: UploadOutcome[] } | { error: unknown };

/** A thread that has had nothing to do for so long is ended: it keeps memory. In milliseconds. */
const IDLE_MS = 30_000;

/** So many are taken in at once: what the lock, a look at all files, and a flush cost is shared by them. */
const MOST_AT_ONCE = 64;

interface Waiting {
  order: UploadOrder;
  resolve: (outcome: UploadOutcome) => void;
  reject: (error: unknown) => void;
}

/** Takes uploads in, in a thread of its own; run from source, in this one. Those that come meanwhile go together next. */
export class UploadThread {
  readonly #config: () => SiteConfig;
  #waiting: Waiting[] = [];
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isBusy = false;

  constructor(config: () => SiteConfig) {
    this.#config = config;
  }

  /** @throws what is a bug */
  take(order: UploadOrder): Promise<UploadOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, resolve, reject });
      void this.#goOn();
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #goOn(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    clearTimeout(this.#idle);
    while (this.#waiting.length > 0) {
      const now = this.#waiting.splice(0, MOST_AT_ONCE);
      try {
        const outcomes = await this.#run({ config: this.#config(), orders: now.map(({ order }) => order) });
        for (const [index, { resolve }] of now.entries()) resolve(outcomes[index] as UploadOutcome);
      } catch (error) {
        for (const { reject } of now) reject(error);
      }
    }
    this.#isBusy = false;
    this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref();
  }

  #run(task: UploadTask): Promise<UploadOutcome[]> {
    if (!canStartWorkers()) return takeUploads(task.config, task.orders);
    const workerData: UploadStart = { kho: 'site-uploads' };
    const worker = this.#worker ?? new Worker(new URL(import.meta.url), { workerData });
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        act();
      };
      const onMessage = (reply: UploadReply) =>
        settle(() => ('error' in reply ? reject(reply.error) : resolve(reply.outcomes)));
      const onError = (error: unknown) => {
        this.#worker = undefined;
        settle(() => reject(error));
      };
      const onExit = () => onError(new Error('the thread that takes uploads ended'));
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(task);
    });
  }
}
