import { Worker } from 'node:worker_threads';

/**
 * A thread's young generation, in MB, where nobody says another one: smaller costs time in collecting, larger costs memory. V8's own number
 * is 48.
 */
const YOUNG_GENERATION_MB = 8;

/**
 * Set by scripts/bundle-kho.ts. The one bundled file starts itself again as a thread; run from source there is no such file,
 * and all jobs run in the main thread.
 */
declare const KHO_VERSION: string | undefined;

export function canStartWorkers(): boolean {
  return typeof KHO_VERSION !== 'undefined';
}

/** @param workerData what it is to do: see cli/main.ts */
export function startThread(workerData: { kho: string }, maxYoungGenerationSizeMb = YOUNG_GENERATION_MB): Worker {
  return new Worker(new URL(import.meta.url), { workerData, resourceLimits: { maxYoungGenerationSizeMb } });
}
