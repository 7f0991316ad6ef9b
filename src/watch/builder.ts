import { Worker } from 'node:worker_threads';
import { KhoError } from '../errors.ts';
import { canStartWorkers } from '../jobs/job-pool.ts';

/** A thread that has had nothing to do for so long is ended: it keeps memory, and starts again in some 50 ms. */
const IDLE_MS = 10_000;
/** A build without any progress for so long is told of. */
const STALL_MS = 60_000;

/** What a thread is started with; see cli/main.ts. */
export interface BuilderStart {
  kho: 'site-builds' | 'asked-builds';
}

export type BuilderReply<Outcome = unknown> = { outcome: Outcome } | { error: unknown } | 'goes on';

export interface BuilderOptions {
  /** Called when a build stands still, and once it goes on or is over. */
  onStall?: (isStalled: boolean) => void;
  /** Decided by kho when absent. */
  stallMs?: number;
  startThread?: () => Worker;
}

/** Builds in another thread, so that this one goes on answering; run from source, in this one. One build at a time. */
export class Builder<Order, Outcome> {
  readonly #start: BuilderStart['kho'];
  readonly #runHere: (order: Order) => Promise<Outcome>;
  readonly #options: BuilderOptions;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #stall: NodeJS.Timeout | undefined;
  #isStalled = false;

  /** @param runHere does in this thread what `start` makes another one do */
  constructor(start: BuilderStart['kho'], runHere: (order: Order) => Promise<Outcome>, options: BuilderOptions = {}) {
    this.#start = start;
    this.#runHere = runHere;
    this.#options = options;
  }

  /** @throws {KhoError} what the build throws */
  build(order: Order): Promise<Outcome> {
    const { startThread = ownThread(this.#start) } = this.#options;
    if (startThread === undefined) return this.#runHere(order);
    clearTimeout(this.#idle);
    const worker = this.#worker ?? startThread();
    this.#worker = worker;
    this.#goesOn();
    return new Promise<Outcome>((resolve, reject) => {
      const settle = (act: () => void) => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        this.#goesOn();
        clearTimeout(this.#stall);
        this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref();
        act();
      };
      const onMessage = (reply: BuilderReply<Outcome>) => {
        if (reply === 'goes on') this.#goesOn();
        else settle(() => ('error' in reply ? reject(KhoError.fromParts(reply.error)) : resolve(reply.outcome)));
      };
      const onError = (error: unknown) => {
        this.#worker = undefined;
        settle(() => reject(error));
      };
      const onExit = () => onError(new Error('the thread that builds ended'));
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(order);
    });
  }

  /** Ends the thread, and what it is about. A thread that waits for the disk in a system call cannot be ended: then this never resolves. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #goesOn(): void {
    clearTimeout(this.#stall);
    this.#stall = setTimeout(() => this.#tell(true), this.#options.stallMs ?? STALL_MS).unref();
    this.#tell(false);
  }

  #tell(isStalled: boolean): void {
    if (isStalled === this.#isStalled) return;
    this.#isStalled = isStalled;
    this.#options.onStall?.(isStalled);
  }
}

function ownThread(kho: BuilderStart['kho']): (() => Worker) | undefined {
  if (!canStartWorkers()) return undefined;
  const workerData: BuilderStart = { kho };
  return () => new Worker(new URL(import.meta.url), { workerData });
}
