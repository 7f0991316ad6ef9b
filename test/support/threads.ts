/** A program that gives jobs to threads and prints what came back, as the bundle does: see test/beside/job-threads.test.ts, which bundles it. */
import { setTimeout } from 'node:timers/promises';
import { isMainThread, threadId } from 'node:worker_threads';
import { KhoError } from '../../src/errors.ts';
import { JobPool, threadsFor } from '../../src/jobs/job-pool.ts';
import { serveJobs } from '../../src/jobs/job-worker.ts';

export type ThreadOutcome = { jobs: number[]; threads: number[]; settings: unknown } | { error: unknown };

const JOBS = 200;

const runner = (settings: string) => async (job: number) => {
  await setTimeout(1); // so that all threads get some
  if (isMainThread) return { job, thread: threadId, settings };
  if (settings === 'fault') throw new KhoError('CONFIG', 'Cannot do it', { hint: 'do it otherwise' });
  if (settings === 'bug') throw new TypeError('a bug');
  if (settings === 'exit') process.exit(3);
  return { job, thread: threadId, settings };
};

async function start(settings: string): Promise<ThreadOutcome> {
  const results: Awaited<ReturnType<ReturnType<typeof runner>>>[] = [];
  const pool = new JobPool<number, (typeof results)[number]>({ kho: 'project-jobs', settings }, () => runner(settings));
  pool.grow(threadsFor(true, 3));
  try {
    await pool.run(Array.from({ length: JOBS }).keys(), (result) => results.push(result));
    const unique = <T>(values: T[]) => [...new Set(values)];
    return {
      jobs: results.map(({ job }) => job).sort((a, b) => a - b),
      threads: unique(results.map(({ thread }) => thread)).sort(),
      settings: unique(results.map((result) => result.settings)),
    };
  } catch (error) {
    if (error instanceof KhoError) return { error: error.toParts() };
    return { error: String(error) };
  } finally {
    await pool.close();
  }
}

if (!isMainThread) serveJobs(runner);
else void start(process.argv[2] ?? '').then((outcome) => process.stdout.write(JSON.stringify(outcome)));
