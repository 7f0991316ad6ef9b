import type { SiteConfig } from '../config/site-config.ts';
import { OrderThread } from '../jobs/order-thread.ts';
import { releaseThread } from '../publish/lock.ts';
import type { UploadOrder, UploadOutcome } from './order.ts';
import type { TakenUploads } from './take-uploads.ts';
import { type TakenUpload, UploadQueue, type UploadTask } from './upload-queue.ts';

/** Uploads come again sooner than other work: a thread for them starts in some 100 ms. In milliseconds. */
const IDLE_MS = 30_000;

const queue = new UploadQueue();

/** What the thread does with a task. */
export function runUpload(task: UploadTask): Promise<TakenUpload> {
  return queue.take(task);
}

/** Takes uploads in, in a thread of its own. */
export class UploadThread {
  readonly #config: () => SiteConfig;
  readonly #thread: OrderThread<UploadTask, TakenUpload>;
  readonly #onListed: (taken: Pick<TakenUploads, 'listed' | 'changes'>) => void;

  /** @param onListed called before those who wait are told */
  constructor(config: () => SiteConfig, onListed: (taken: Pick<TakenUploads, 'listed' | 'changes'>) => void) {
    this.#config = config;
    this.#onListed = onListed;
    const onEnd = (thread: number) => releaseThread(config().root, thread);
    this.#thread = new OrderThread('site-uploads', runUpload, { idleMs: IDLE_MS, onEnd });
  }

  /** An upload is coming: by the time it is here, the thread has started. */
  start(): void {
    this.#thread.start();
  }

  /** @param unanswered see `UploadTask` @throws what is a bug */
  async take(order: UploadOrder, unanswered: number): Promise<UploadOutcome> {
    const given = 'bytes' in order.content ? [order.content.bytes.buffer] : [];
    const { outcome, ...taken } = await this.#thread.run({ config: this.#config(), order, unanswered }, given);
    if (taken.listed.length > 0) this.#onListed(taken);
    return outcome;
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }
}
