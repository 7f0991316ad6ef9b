import type { Worker } from 'node:worker_threads';
import { KhoError } from '../errors.ts';
import { canStartWorkers, startThread } from './start-thread.ts';

/** A thread that has had nothing to do for so long is ended: it keeps memory, and starts again in some 50 ms. */
const IDLE_MS = 10_000;
/** An order without any progress for so long is told of. */
const STALL_MS = 60_000;

/** What a thread is started with; see cli/main.ts. */
export interface OrderThreadStart {
  kho:
    | 'site-builds'
    | 'asked-builds'
    | 'site-uploads'
    | 'site-changes'
    | 'upstream-pages'
    | 'upstream-files'
    | 'advisories'
    | 'bucket-pushes';
}

/** Of each thread, in words. */
const DOES = {
  'site-builds': 'builds',
  'asked-builds': 'builds',
  'site-uploads': 'takes uploads',
  'site-changes': 'changes the site',
  'upstream-pages': 'reads pages of other indexes',
  'upstream-files': 'looks into files of other indexes',
  advisories: 'reads advisories',
  'bucket-pushes': 'pushes to a bucket',
} as const;

/** An order with a number of its own. */
export interface NumberedOrder<Order = unknown> {
  number: number;
  order: Order;
}

export type OrderReply<Outcome = unknown> = { number: number } & (
  | { outcome: Outcome }
  | { error: unknown }
  | { goesOn: true }
);

export interface OrderThreadOptions {
  /** Called when an order stands still, and once it goes on or is over. */
  onStall?: (isStalled: boolean) => void;
  /** Called when a thread has ended, whatever ended it. @param thread its number in this process */
  onEnd?: (thread: number) => void;
  /** Decided by kho when absent. */
  stallMs?: number;
  /** A thread that has had nothing to do for so long is ended. Decided by kho when absent. */
  idleMs?: number;
  /** Of its young generation, in MB. Decided by kho when absent. */
  youngMb?: number;
  startThread?: () => Worker;
}

/**
 * Does what takes long in another thread, so that this one goes on answering; run from source, in this one. What is ordered before another
 * one is over, begins at once.
 */
export class OrderThread<Order, Outcome> {
  readonly #start: OrderThreadStart['kho'];
  readonly #runHere: (order: Order) => Promise<Outcome>;
  readonly #options: OrderThreadOptions;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #stall: NodeJS.Timeout | undefined;
  #isStalled = false;
  #count = 0;
  #running = 0;

  /** @param runHere does in this thread what `start` makes another one do */
  constructor(
    start: OrderThreadStart['kho'],
    runHere: (order: Order) => Promise<Outcome>,
    options: OrderThreadOptions = {},
  ) {
    this.#start = start;
    this.#runHere = runHere;
    this.#options = options;
  }

  /** An order is about to come: the thread starts meanwhile. */
  start(): void {
    if (this.#running > 0) return;
    this.#begin();
    this.#idleFromNow();
  }

  /** @returns undefined where everything is done in this thread */
  #begin(): Worker | undefined {
    const { startThread: start = ownThread(this.#start, this.#options.youngMb) } = this.#options;
    if (start === undefined) return undefined;
    clearTimeout(this.#idle);
    if (this.#worker) return this.#worker;
    const worker = listening(start());
    const { threadId } = worker; // by its end it has none
    const forget = () => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    this.#worker = worker
      .on('error', forget)
      .on('exit', forget)
      .on('exit', () => this.#options.onEnd?.(threadId));
    return worker;
  }

  #idleFromNow(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.close(), this.#options.idleMs ?? IDLE_MS).unref();
  }

  /**
   * @param given memory of the order that the other thread gets, and this one has no longer: nothing of it is copied
   * @throws {KhoError} what `runHere` throws
   */
  run(order: Order, given: readonly ArrayBuffer[] = []): Promise<Outcome> {
    const worker = this.#begin();
    if (worker === undefined) return this.#runHere(order);
    const number = this.#count++;
    this.#running++;
    this.#goesOn();
    return new Promise<Outcome>((resolve, reject) => {
      const settle = (act: () => void) => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        this.#goesOn();
        this.#running--;
        if (this.#running === 0) {
          clearTimeout(this.#stall);
          this.#idleFromNow();
        }
        act();
      };
      const onMessage = (reply: OrderReply<Outcome>) => {
        if (reply.number !== number) return;
        if ('goesOn' in reply) this.#goesOn();
        else settle(() => ('error' in reply ? reject(KhoError.fromParts(reply.error)) : resolve(reply.outcome)));
      };
      const onError = (error: unknown) => settle(() => reject(error));
      const onExit = () => onError(new Error(`the thread that ${DOES[this.#start]} ended`));
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      const numbered: NumberedOrder<Order> = { number, order };
      worker.postMessage(numbered, given);
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

function ownThread(kho: OrderThreadStart['kho'], youngMb?: number): (() => Worker) | undefined {
  if (!canStartWorkers()) return undefined;
  const start: OrderThreadStart = { kho };
  return () => startThread(start, youngMb);
}

/** Each order that runs listens. */
function listening(worker: Worker): Worker {
  return worker.setMaxListeners(0);
}
