/** What a watched site publishes, brought to its bucket: after it stands on the disk, and holding up nobody who waits for that. */
import type { BucketReport } from '../bucket/publish-site.ts';
import { type PushOrder, runPush } from '../bucket/run-push.ts';
import { privateNames } from '../config/private-repositories.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { causesOf, KhoError, messageOf } from '../errors.ts';
import { OrderThread } from '../jobs/order-thread.ts';
import { releaseThread } from '../publish/lock.ts';
import type { WatchEvent } from './watch-event.ts';
import type { WatchOptions } from './watch-options.ts';

/** What is published shortly after one another goes together. In milliseconds. */
const GATHER_MS = 500;

/** After the first failure, then twice as long each time, up to the last. In milliseconds. */
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 10 * 60_000;

/** A timer of Node takes no more than 24 days; this also finds what another clock says otherwise. In milliseconds. */
const LONGEST_WAIT_MS = 60 * 60_000;

/** How pushes go. */
export interface PushState {
  bucket: string;
  /** The end of the last one that came to its end. Milliseconds since 1970. */
  pushedMs?: number;
  /** Why those since then did not, and since when. */
  failing?: { message: string; hint?: string; sinceMs: number };
}

export interface BucketPushesOptions {
  onEvent(event: WatchEvent): void;
  onState(state: PushState | undefined): void;
  /** In another thread unless a test says otherwise. */
  push?: (order: PushOrder) => Promise<BucketReport>;
}

/** One push at a time, always of the newest state. A bucket that fails is told of once, and tried again. */
export class BucketPushes {
  readonly #options: BucketPushesOptions;
  readonly #thread: OrderThread<PushOrder, BucketReport>;
  readonly #root: string;
  /** All that kho.toml says of what is in the bucket, as text; empty where it names none. */
  #settings = '';
  #bucket = '';
  #isDirty = false;
  #isRunning = false;
  #isClosed = false;
  #failures = 0;
  #told = '';
  #pushedMs: number | undefined;
  #failingSinceMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(root: string, options: BucketPushesOptions) {
    [this.#root, this.#options] = [root, options];
    this.#thread = new OrderThread('bucket-pushes', runPush, { onEnd: (thread) => releaseThread(root, thread) });
  }

  /** The same builds, each followed by a push where it changed something. */
  following(options: WatchOptions): WatchOptions {
    return {
      ...options,
      onBuilt: (outcome) => {
        options.onBuilt?.(outcome);
        this.#built(outcome.config, outcome.report.written + outcome.report.removed > 0);
      },
      onPublished: () => {
        options.onPublished?.();
        if (this.#settings !== '') this.#dirty();
      },
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#thread.close(); // the next push goes on where this one ended
  }

  #built(config: SiteConfig, hasChanged: boolean): void {
    const { publish, bucket, filesImmutable } = config;
    const told = () => JSON.stringify([publish, bucket, filesImmutable, privateNames(config)]);
    const settings = publish === undefined ? '' : told();
    const isNew = settings !== this.#settings;
    this.#settings = settings;
    this.#bucket = publish ?? '';
    if (publish === undefined) {
      clearTimeout(this.#timer);
      if (isNew) this.#options.onState(undefined);
    } else if (isNew || hasChanged) {
      if (isNew) [this.#failures, this.#told, this.#pushedMs] = [0, '', undefined];
      this.#dirty();
    }
  }

  #dirty(): void {
    this.#isDirty = true;
    if (!this.#isRunning && this.#failures === 0) this.#wait(GATHER_MS);
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#push(), Math.min(ms, LONGEST_WAIT_MS)).unref();
  }

  async #push(): Promise<void> {
    if (this.#isRunning || this.#isClosed || this.#settings === '') return;
    this.#isRunning = true;
    this.#isDirty = false;
    const settings = this.#settings;
    // What became of a push by settings of before tells nothing of those of now.
    const isMeant = () => !this.#isClosed && settings === this.#settings;
    try {
      const order = { root: this.#root };
      const report = await (this.#options.push?.(order) ?? this.#thread.run(order));
      if (isMeant()) this.#pushed(report);
    } catch (error) {
      if (isMeant())
        this.#failed(
          [messageOf(error), ...causesOf(error)].join(': '),
          error instanceof KhoError ? error.hint : undefined,
        );
    } finally {
      this.#isRunning = false;
    }
    if (this.#failures > 0) this.#wait(retryMs(this.#failures));
    else if (this.#isDirty) this.#wait(GATHER_MS);
  }

  #pushed(report: BucketReport): void {
    const { bucket, written, removed, bytes, requests, durationMs, failed, nextMs } = report;
    if (written + removed > 0) {
      this.#options.onEvent({ event: 'pushed', ...{ bucket, written, removed, bytes, requests, durationMs } });
    }
    const [first] = failed;
    if (first) {
      const message = `Cannot push ${failed.length} objects, the first "${first.key}": ${first.why}`;
      this.#failed(message, undefined, true);
      return;
    }
    this.#failures = 0;
    this.#told = '';
    this.#pushedMs = Date.now();
    this.#options.onState({ bucket, pushedMs: this.#pushedMs });
    if (nextMs !== undefined) this.#wait(Math.max(GATHER_MS, nextMs - Date.now() + GATHER_MS));
  }

  /** @param mayPass told of where it lasts: what changed while it was pushed is no fault, and the next push has it */
  #failed(message: string, hint: string | undefined, mayPass = false): void {
    if (this.#failures === 0) this.#failingSinceMs = Date.now();
    this.#failures++;
    const failing = { message, ...(hint !== undefined && { hint }), sinceMs: this.#failingSinceMs };
    const pushedMs = this.#pushedMs;
    this.#options.onState({ bucket: this.#bucket, ...(pushedMs !== undefined && { pushedMs }), failing });
    if (message === this.#told || (this.#failures === 1 && mayPass)) return;
    this.#told = message;
    this.#options.onEvent({ event: 'bucket', bucket: this.#bucket, message, ...(hint !== undefined && { hint }) });
  }
}

/** With jitter, so that many sites do not come back at once. */
function retryMs(failures: number): number {
  return Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
}
