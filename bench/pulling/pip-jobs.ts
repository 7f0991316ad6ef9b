/** Jobs of a CI that begin at the same moment with pip: ten wheels of some MB, which nobody has yet. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeWheel, wheelFilename } from '../../test/support/make-package.ts';
import { runOrThrow } from '../../test/support/run-program.ts';
import { UpstreamIndex } from '../../test/support/upstream-index.ts';
import { peakBytes } from '../uploading/upload-servers.ts';
import { startKhoBefore } from './caches.ts';
import { at, type ColdJobs, readUntil } from './cold-jobs.ts';

const JOBS = 50;
const WHEELS = 10;
const WHEEL_BYTES = 3_000_000;
/** Of one job: fifty share two cores. */
const LIMIT_MS = 1_200_000;

export interface PipJobs extends Omit<ColdJobs, 'asked'> {
  /** Of the index, in all; and for one path, at most. */
  questions: number;
  most: number;
  /** Of wheels: what was asked for, and what all of them have. */
  sentBytes: number;
  wantedBytes: number;
}

/** @param folder an empty one */
export async function startPipJobs(folder: string): Promise<PipJobs> {
  const index = await UpstreamIndex.start();
  const names = Array.from({ length: WHEELS }, (_, number) => `part-${number}`);
  const sizes = new Map<string, number>();
  for (const [place, name] of names.entries()) {
    const options = { name, version: '1.0', members: { [`${name.replace('-', '_')}/data`]: randomBytes(WHEEL_BYTES) } };
    const metadata = place + 1 < WHEELS ? [`Requires-Dist: ${names[place + 1]}`] : [];
    const bytes = makeWheel({ ...options, metadata });
    const filename = wheelFilename(options);
    sizes.set(`/files/${filename}`, bytes.length);
    index.file(name, filename, bytes);
  }
  const packages = join(folder, 'site/all/packages');
  mkdirSync(packages, { recursive: true });
  const own = { name: 'farm-app', version: '1.0' };
  writeFileSync(join(packages, wheelFilename(own)), makeWheel(own));
  const kho = await startKhoBefore(folder, index.url);
  try {
    let isOver = false;
    const reading = readUntil(`${kho.index}farm-app/`, () => isOver);
    const began = performance.now();
    const working = Promise.all(Array.from({ length: JOBS }, () => job(folder, kho.index, names[0] as string)));
    const took = await working.finally(() => {
      isOver = true;
    });
    const seconds = (performance.now() - began) / 1000;
    const times = new Map<string, number>();
    for (const path of index.log) times.set(path, (times.get(path) ?? 0) + 1);
    const sentBytes = [...sizes].reduce((sum, [path, size]) => sum + size * (times.get(path) ?? 0), 0);
    return {
      ...{ jobs: JOBS, seconds, p50: at(took, 0.5), p99: at(took, 0.99), own: await reading },
      ...{ questions: index.log.length, most: Math.max(...times.values()), sentBytes },
      wantedBytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
      peakBytes: peakBytes(kho.pid),
    };
  } finally {
    await kho.stop();
    index.stop();
  }
}

/** @returns how long it took, in seconds */
async function job(folder: string, url: string, name: string): Promise<number> {
  const machine = mkdtempSync(join(folder, 'machine-'));
  const began = performance.now();
  const where = ['--quiet', '--no-cache-dir', '--disable-pip-version-check', '--dest', join(machine, 'files')];
  await runOrThrow('python3', ['-m', 'pip', 'download', ...where, '--index-url', url, name], {
    env: { ...process.env, HOME: machine },
    limitMs: LIMIT_MS,
  });
  const seconds = (performance.now() - began) / 1000;
  rmSync(machine, { recursive: true });
  return seconds;
}
