/**
 * `npm run check`: types, lint and format, dead code and unit tests, all at once. What each has to say comes as a whole, in this order.
 * Ends with exit code 1 if one of them failed.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, seconds } from './prepare/run.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(PROJECT, 'node_modules', '.bin', name);

/** In seconds; the tests take less than a minute on two cores that do nothing else. */
const LIMIT_S = 900;

/** What each found out of files that are as they were; removing it costs one slower run. Tests have theirs: see vitest.config.ts. */
const KEPT = join(PROJECT, '.cache', 'check');

const remembering = (name) => ['--incremental', '--tsBuildInfoFile', join(KEPT, name)];

const CHECKS = [
  ['types', [bin('tsc'), '--noEmit', ...remembering('types.json')]],
  ['types of pages', [bin('tsc'), '--noEmit', '-p', 'web', ...remembering('types-of-pages.json')]],
  ['lint and format', [bin('biome'), 'check', '.']],
  ['dead code', [bin('knip'), '--cache', '--cache-location', join(KEPT, 'dead-code')]],
  ['unit tests', [bin('vitest'), 'run', '--project', 'unit', '--reporter=dot']],
];

const color = process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: '1' } : {};
const env = { ...process.env, ...color };
const results = CHECKS.map(([, command]) => run(command, { cwd: PROJECT, timeoutS: LIMIT_S, env }));
for (const [index, [what]] of CHECKS.entries()) {
  const { ok, output, seconds: took } = await results[index];
  console.log(`${ok ? '✓' : '✗'} ${what} (${seconds(took)})`);
  if (!ok) {
    console.log(output);
    process.exitCode = 1;
  }
}
