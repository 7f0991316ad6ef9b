import { parentPort, workerData } from 'node:worker_threads';
import { KhoError } from '../errors.ts';
import type { WorkerReply, WorkerStart } from './job-pool.ts';
import { makeContext, type ProjectJob, type ProjectResult, runProjectJob } from './project-job.ts';

/** What a thread of the pool does: run the batches it is sent, one after the other, until it is ended. */
export function serveJobs(): void {
  const context = makeContext((workerData as WorkerStart).settings);
  let before = Promise.resolve();
  parentPort?.on('message', (jobs: ProjectJob[]) => {
    before = before.then(async () => {
      let reply: WorkerReply;
      try {
        const results: ProjectResult[] = [];
        for (const job of jobs) results.push(await runProjectJob(job, context));
        reply = { results };
      } catch (error) {
        // An error's class is lost between threads; a KhoError is told in parts, so that it is still one over there.
        reply = { error: error instanceof KhoError ? error.toParts() : error };
      }
      parentPort?.postMessage(reply);
    });
  });
}
