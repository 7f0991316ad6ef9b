/** Jobs in real threads: they run from a bundle only, so a small one is made here. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestSite } from '../support/site.ts';
import type { ThreadOutcome } from '../support/threads.ts';

let folder: TestSite;
beforeAll(() => {
  folder = new TestSite();
  buildSync({
    entryPoints: [join(import.meta.dirname, '../../test/support/threads.ts')],
    outfile: join(folder.root, 'threads.mjs'),
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' },
    define: { KHO_VERSION: '"test"' },
  });
});
afterAll(() => folder.close());

const run = (settings: string): ThreadOutcome =>
  JSON.parse(execFileSync(process.execPath, [join(folder.root, 'threads.mjs'), settings], { encoding: 'utf8' }));

test('JobPool.run() does each job once, in several threads, which all have the settings', () => {
  const jobs = [...Array.from({ length: 200 }).keys()];
  expect(run('work')).toEqual({ jobs, threads: [0, 1, 2], settings: ['work'] });
});

test.each([
  ['a fault, which stays one', 'fault', { khoError: 'CONFIG', message: 'Cannot do it', hint: 'do it otherwise' }],
  ['a bug', 'bug', 'TypeError: a bug'],
  ['a thread that ends', 'exit', 'Error: a worker thread ended with 3'],
])('JobPool.run() stops at %s', (_what, settings, expected) => {
  const outcome = run(settings) as { error: unknown };
  if (typeof expected === 'string') expect(outcome.error).toBe(expected);
  else expect(outcome.error).toMatchObject(expected);
});
