/** Many jobs of a CI that begin at the same moment, each on a machine that has nothing yet; nor has kho. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeWheel, wheelFilename } from '../../test/support/make-package.ts';
import { runOrThrow } from '../../test/support/run-program.ts';
import { venvProgram } from '../../test/support/tools.ts';
import type { PacedReading } from '../uploading/paced-reader.ts';
import { peakBytes } from '../uploading/upload-servers.ts';
import { startKhoBefore } from './caches.ts';
import type { FarQuestions, SlowIndex } from './slow-index.ts';

const JOBS = 50;
const WANTED = ['flask', 'requests', 'rich', 'httpx'];
/** Of one job: fifty share two cores. */
const LIMIT_MS = 600_000;
/** How often an own page is read meanwhile, in milliseconds. */
const STEP_MS = 50;

export interface ColdJobs {
  jobs: number;
  /** Until the last one was done; and of each, in seconds. */
  seconds: number;
  p50: number;
  p99: number;
  own: Pick<PacedReading, 'p50' | 'p99'>;
  asked: FarQuestions;
  /** The most memory that kho held. */
  peakBytes: number;
}

/** @param folder an empty one */
export async function startColdJobs(folder: string, far: SlowIndex): Promise<ColdJobs> {
  await job(folder, far.url); // so that what is measured comes from the disk
  putOwn(folder);
  const kho = await startKhoBefore(folder, far.url);
  try {
    far.takeAsked();
    const times = await timeJobs(kho.index, () => job(folder, kho.index));
    return { ...times, asked: far.takeAsked(), peakBytes: peakBytes(kho.pid) };
  } finally {
    await kho.stop();
  }
}

/** @returns how long it took, in seconds */
async function job(folder: string, index: string): Promise<number> {
  const machine = mkdtempSync(join(folder, 'machine-'));
  const began = performance.now();
  const where = ['--cache-dir', join(machine, 'cache'), '--target', join(machine, 'installed'), '--link-mode', 'copy'];
  const words = ['pip', 'install', '--quiet', '--python', 'python3', '--default-index', index, ...where, ...WANTED];
  await runOrThrow(venvProgram('uv', 'uv'), words, {
    env: { ...process.env, HOME: machine },
    limitMs: LIMIT_MS,
  });
  const seconds = (performance.now() - began) / 1000;
  rmSync(machine, { recursive: true });
  return seconds;
}

/** A site with one project of its own. */
export function putOwn(folder: string): void {
  const packages = join(folder, 'site/all/packages');
  mkdirSync(packages, { recursive: true });
  const own = { name: 'farm-app', version: '1.0' };
  writeFileSync(join(packages, wheelFilename(own)), makeWheel(own));
}

/** All at once, while somebody reads the own page. @param job resolves with its seconds */
export async function timeJobs(
  index: string,
  job: () => Promise<number>,
): Promise<Pick<ColdJobs, 'jobs' | 'seconds' | 'p50' | 'p99' | 'own'>> {
  let isOver = false;
  const reading = readUntil(`${index}farm-app/`, () => isOver);
  const began = performance.now();
  const took = await Promise.all(Array.from({ length: JOBS }, job)).finally(() => {
    isOver = true;
  });
  const seconds = (performance.now() - began) / 1000;
  return { jobs: JOBS, seconds, p50: at(took, 0.5), p99: at(took, 0.99), own: await reading };
}

/** Reads a page again and again. @returns how long that took, in milliseconds */
async function readUntil(page: string, isOver: () => boolean): Promise<ColdJobs['own']> {
  const took: number[] = [];
  while (!isOver()) {
    const began = performance.now();
    const answer = await fetch(page);
    if (!answer.ok) throw new Error(`${page}: ${answer.status}`);
    await answer.arrayBuffer();
    took.push(performance.now() - began);
    await sleep(STEP_MS);
  }
  return { p50: at(took, 0.5), p99: at(took, 0.99) };
}

/** Of values, the one below which that part of them lies. */
function at(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
}
