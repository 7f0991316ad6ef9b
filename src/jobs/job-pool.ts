import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { KhoError } from '../errors.ts';
import { canStartWorkers, startThread } from './start-thread.ts';

/** So many jobs go to a thread at once: enough to make the message cheap, few enough to share the end fairly. */
const BATCH = 8;

/** So many batches wait for a thread, or are in its hands: it need not wait until the main thread has time for its answer. */
const SENT_AHEAD = 2;

/** After so many jobs the main thread looks for answers of the others; less than what is sent ahead. */
const JOBS_IN_A_ROW = 4;

/** More do not help: the disk and the main thread become the limit. */
const MOST_THREADS = 8;

/** What a thread is started with; see cli/main.ts. */
export interface WorkerStart {
  kho: 'project-jobs' | 'page-jobs';
  /** What all jobs have in common: plain data. */
  settings: unknown;
}

export type WorkerReply = { results: unknown[] } | { error: unknown };

/** Does a job, in the thread that made the runner. */
export type JobRunner<Job, Result> = (job: Job) => Promise<Result>;

/** How many threads jobs are worth, the main one among them. @param wanted number that was asked for on the command line */
export function threadsFor(isWorthIt: boolean, wanted: number | undefined): number {
  if (!canStartWorkers()) return 1;
  return wanted ?? (isWorthIt ? Math.min(availableParallelism(), MOST_THREADS) : 1);
}

/** Runs jobs on several threads, of which the main one is one: another would cost memory, and time to warm up. */
export class JobPool<Job, Result> {
  readonly #start: WorkerStart;
  readonly #makeRunner: () => JobRunner<Job, Result>;
  readonly #workers: Worker[] = [];
  #runner: JobRunner<Job, Result> | undefined;

  /** @param makeRunner makes for this thread what `start` makes in the others */
  constructor(start: WorkerStart, makeRunner: () => JobRunner<Job, Result>) {
    this.#start = start;
    this.#makeRunner = makeRunner;
  }

  /** Start threads, until there are so many with the main one. */
  grow(threads: number): this {
    while (this.#workers.length + 1 < threads) {
      this.#workers.push(startThread(this.#start));
    }
    return this;
  }

  /** Resolves when all jobs are done; rejects with the first error of any. @param jobs made as they are needed */
  async run(jobs: Iterable<Job>, collect: (result: Result, job: Job) => void): Promise<void> {
    const waiting = jobs[Symbol.iterator]();
    const take = (most: number): Job[] => {
      const taken: Job[] = [];
      while (taken.length < most) {
        const { done, value } = waiting.next();
        if (done) break;
        taken.push(value);
      }
      return taken;
    };
    let failed = false;
    const serve = (worker: Worker) =>
      new Promise<void>((resolve, reject) => {
        const sent: Job[][] = [];
        const send = () => {
          const batch = take(BATCH);
          if (batch.length > 0) {
            sent.push(batch);
            worker.postMessage(batch);
          } else if (sent.length === 0) resolve();
        };
        worker.removeAllListeners(); // of the run before
        worker.on('error', reject);
        worker.on('exit', (code) => reject(new Error(`a worker thread ended with ${code}`)));
        worker.on('message', (reply: WorkerReply) => {
          if ('error' in reply) {
            reject(KhoError.fromParts(reply.error));
            return;
          }
          const batch = sent.shift() as Job[];
          send();
          reply.results.forEach((result, place) => {
            collect(result as Result, batch[place] as Job);
          });
        });
        for (let ahead = 0; ahead < SENT_AHEAD; ahead++) send();
      });
    const runHere = async () => {
      this.#runner ??= this.#makeRunner();
      while (!failed) {
        const few = take(JOBS_IN_A_ROW);
        if (few.length === 0) return;
        for (const job of few) collect(await this.#runner(job), job);
        await new Promise((resolve) => setImmediate(resolve)); // lets messages in
      }
    };
    await Promise.all([...this.#workers.map(serve), runHere()]).catch((error) => {
      failed = true;
      throw error;
    });
  }

  /** Ends the threads. Only who gave jobs up has to wait for it: a thread may still be writing. */
  async close(): Promise<void> {
    for (const worker of this.#workers) worker.removeAllListeners();
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
