import { Worker } from 'node:worker_threads';
import { canStartWorkers } from '../build/job-pool.ts';
import { KhoError } from '../errors.ts';
import { type BuildOrder, type BuildOutcome, runBuild } from './run-build.ts';

/** A thread that has had nothing to do for so long is ended: it keeps memory, and starts again in some 50 ms. */
const IDLE_MS = 10_000;

/** What a thread is started with; see cli/main.ts. */
export interface BuilderStart {
  kho: 'site-builds';
}

export type BuilderReply = { outcome: BuildOutcome } | { error: unknown };

/** Builds in another thread, so that this one goes on answering; run from source, in this one. One build at a time. */
export class Builder {
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** @throws {KhoError} what `buildSite` throws */
  build(order: BuildOrder): Promise<BuildOutcome> {
    if (!canStartWorkers()) return runBuild(order);
    clearTimeout(this.#idle);
    const workerData: BuilderStart = { kho: 'site-builds' };
    const worker = this.#worker ?? new Worker(new URL(import.meta.url), { workerData });
    this.#worker = worker;
    return new Promise<BuildOutcome>((resolve, reject) => {
      const settle = (act: () => void) => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref();
        act();
      };
      const onMessage = (reply: BuilderReply) =>
        settle(() => ('error' in reply ? reject(KhoError.fromParts(reply.error)) : resolve(reply.outcome)));
      const onError = (error: unknown) => {
        this.#worker = undefined;
        settle(() => reject(error));
      };
      const onExit = () => onError(new Error('the thread that builds ended'));
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(order);
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
