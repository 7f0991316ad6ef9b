/** Jobs of a CI that begin at the same moment with pip: ten wheels of some MB, which nobody has yet. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeWheel, wheelFilename } from '../../test/support/make-package.ts';
import { runOrThrow } from '../../test/support/run-program.ts';
import { UpstreamIndex } from '../../test/support/upstream-index.ts';
import { peakBytes } from '../uploading/upload-servers.ts';
import { startKhoBefore } from './caches.ts';
import { type ColdJobs, putOwn, timeJobs } from './cold-jobs.ts';

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
  putOwn(folder);
  const kho = await startKhoBefore(folder, index.url);
  try {
    const jobs = await timeJobs(kho.index, () => job(folder, kho.index, names[0] as string));
    const times = new Map<string, number>();
    for (const path of index.log) times.set(path, (times.get(path) ?? 0) + 1);
    const sentBytes = [...sizes].reduce((sum, [path, size]) => sum + size * (times.get(path) ?? 0), 0);
    return {
      ...jobs,
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
