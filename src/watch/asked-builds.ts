import type { FileChange } from '../build-report.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import type { AskedFile } from '../index/publish-asked.ts';
import { OrderThread } from '../jobs/order-thread.ts';
import { releaseThread } from '../publish/lock.ts';
import { type AskedOrder, runAsked } from './run-asked.ts';

/** What became of files whose projects somebody waited for. */
export type AskedOutcome =
  /** Readers see them by now. Of all files of these projects those that changed in this run. */
  { is: 'published'; changes: FileChange[] } | { is: 'failed'; message: string; hint?: string };

export interface AskedBuildsOptions {
  root: string;
  /** See `BuildOrder`. */
  lastGood(): SiteConfig | undefined;
  /** Resolves after a whole build that begins from now on, to what changed. @throws {KhoError} what kept it from its end */
  buildWhole(): Promise<FileChange[]>;
  /** Called before those who wait are told. */
  onPublished(changes: FileChange[]): void;
  /** Publishes in another thread when absent. */
  builder?: Pick<OrderThread<AskedOrder, FileChange[] | undefined>, 'run' | 'close'>;
}

interface WaitingAsk {
  files: readonly AskedFile[];
  resolve(outcome: AskedOutcome): void;
  reject(error: unknown): void;
}

/** Publishes single projects for those who wait for them, beside whatever else is being built. Those who come while one build runs share the next. */
export class AskedBuilds {
  readonly #options: AskedBuildsOptions;
  readonly #builder: NonNullable<AskedBuildsOptions['builder']>;
  #waiting: WaitingAsk[] = [];
  #running: Promise<void> | undefined;
  #isEnding = false;

  constructor(options: AskedBuildsOptions) {
    this.#options = options;
    const onEnd = (thread: number) => releaseThread(options.root, thread);
    this.#builder = options.builder ?? new OrderThread('asked-builds', runAsked, { onEnd });
  }

  /** Rejects only for what is a fault of kho. */
  ask(files: readonly AskedFile[]): Promise<AskedOutcome> {
    if (this.#isEnding) return Promise.resolve(ENDS);
    const outcome = new Promise<AskedOutcome>((resolve, reject) => this.#waiting.push({ files, resolve, reject }));
    this.#running ??= this.#run();
    return outcome;
  }

  /** Those who wait for a run that has not begun are told that kho ends. Resolves when the run that has is over. */
  async end(): Promise<void> {
    this.#isEnding = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve(ENDS);
    await this.#running;
  }

  /** Breaks off what runs. */
  async close(): Promise<void> {
    await this.#builder.close();
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // who asks at the same moment shares it
    while (this.#waiting.length > 0) {
      const askers = this.#waiting.splice(0);
      try {
        const outcome = await this.#publish(askers.flatMap(({ files }) => files));
        for (const { resolve } of askers) resolve(outcome);
      } catch (error) {
        for (const { resolve, reject } of askers) this.#isEnding ? resolve(ENDS) : reject(error);
      }
    }
    this.#running = undefined; // not a moment later: who asks next has to begin a run
  }

  async #publish(files: readonly AskedFile[]): Promise<AskedOutcome> {
    const lastGood = this.#options.lastGood();
    const order = { root: this.#options.root, files, ...(lastGood && { lastGood }) };
    try {
      const ofThese = await this.#builder.run(order);
      if (ofThese) this.#options.onPublished(ofThese);
      const changes = ofThese ?? (await this.#options.buildWhole());
      return { is: 'published', changes };
    } catch (error) {
      if (!(error instanceof KhoError)) throw error;
      return { is: 'failed', message: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
    }
  }
}

const ENDS: AskedOutcome = { is: 'failed', message: 'kho ends before it is published: the next run does it' };
