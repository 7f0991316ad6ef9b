import { parentPort, workerData } from 'node:worker_threads';
import { KhoError } from '../errors.ts';
import type { JobRunner, WorkerReply, WorkerStart } from './job-pool.ts';

/** What a thread of the pool does: run the batches it is sent, one after the other, until it is ended. */
export function serveJobs<Settings, Job, Result>(makeRunner: (settings: Settings) => JobRunner<Job, Result>): void {
  const run = makeRunner((workerData as WorkerStart).settings as Settings);
  let before = Promise.resolve();
  parentPort?.on('message', (jobs: Job[]) => {
    before = before.then(async () => {
      let reply: WorkerReply;
      try {
        const results: Result[] = [];
        for (const job of jobs) results.push(await run(job));
        reply = { results };
      } catch (error) {
        // An error's class is lost between threads; a KhoError is told in parts, so that it is still one over there.
        reply = { error: error instanceof KhoError ? error.toParts() : error };
      }
      parentPort?.postMessage(reply);
    });
  });
}
