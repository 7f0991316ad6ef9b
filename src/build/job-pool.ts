import { Worker } from 'node:worker_threads';
import { KhoError } from '../errors.ts';
import { type JobSettings, makeContext, type ProjectJob, type ProjectResult, runProjectJob } from './project-job.ts';

/** So many jobs go to a thread at once: enough to make the message cheap, few enough to share the end fairly. */
const BATCH = 8;

/** So many batches wait for a thread, or are in its hands: it need not wait until the main thread has time for its answer. */
const SENT_AHEAD = 2;

/** After so many jobs the main thread looks for answers of the others; less than what is sent ahead. */
const JOBS_IN_A_ROW = 4;

/** A thread's young generation, in MB: smaller costs time in collecting, larger costs memory. */
const YOUNG_GENERATION_MB = 8;

/**
 * Set by scripts/bundle-kho.ts. The one bundled file starts itself again as a thread; run from source there is no such file,
 * and all jobs run in the main thread.
 */
declare const KHO_VERSION: string | undefined;

export function canStartWorkers(): boolean {
  return typeof KHO_VERSION !== 'undefined';
}

/** What a thread is started with; see cli/main.ts. */
export interface WorkerStart {
  kho: 'project-jobs';
  settings: JobSettings;
}

export type WorkerReply = { results: ProjectResult[] } | { error: unknown };

/** Runs project jobs on several threads, of which the main one is one: another would cost memory, and time to warm up. */
export class JobPool {
  readonly #settings: JobSettings;
  readonly #workers: Worker[] = [];

  constructor(threads: number, settings: JobSettings) {
    this.#settings = settings;
    const workerData: WorkerStart = { kho: 'project-jobs', settings };
    for (let thread = 1; thread < threads; thread++) {
      const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
      this.#workers.push(new Worker(new URL(import.meta.url), { workerData, resourceLimits }));
    }
  }

  /** Resolves when all jobs are done; rejects with the first error of any. */
  async run(jobs: readonly ProjectJob[], collect: (result: ProjectResult, job: ProjectJob) => void): Promise<void> {
    let next = 0;
    let failed = false;
    const serve = (worker: Worker) =>
      new Promise<void>((resolve, reject) => {
        const sent: (readonly ProjectJob[])[] = [];
        const send = () => {
          const batch = jobs.slice(next, next + BATCH);
          next += batch.length;
          if (batch.length > 0) {
            sent.push(batch);
            worker.postMessage(batch);
          } else if (sent.length === 0) resolve();
        };
        worker.on('error', reject);
        worker.on('exit', (code) => reject(new Error(`a worker thread ended with ${code}`)));
        worker.on('message', (reply: WorkerReply) => {
          if ('error' in reply) {
            reject(KhoError.fromParts(reply.error));
            return;
          }
          const batch = sent.shift() as readonly ProjectJob[];
          send();
          reply.results.forEach((result, place) => {
            collect(result, batch[place] as ProjectJob);
          });
        });
        for (let ahead = 0; ahead < SENT_AHEAD; ahead++) send();
      });
    const runHere = async () => {
      const context = makeContext(this.#settings);
      while (next < jobs.length && !failed) {
        const job = jobs[next++] as ProjectJob;
        collect(await runProjectJob(job, context), job);
        if (next % JOBS_IN_A_ROW === 0) await new Promise((resolve) => setImmediate(resolve)); // lets messages in
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
