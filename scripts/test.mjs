/**
 * `npm test`, from a fresh clone on: installs what is missing, checks the code, then runs all tests.
 * Ends with one line, `N passed, N failed`, and exit code 1 if anything failed.
 *
 *   node scripts/test.mjs             everything
 *   node scripts/test.mjs --prepare   only install what the tests need
 *
 * With CI=true nothing may be missing: what could not be installed counts as failed.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareNpmPackages } from './prepare/npm-packages.mjs';
import { prepare } from './prepare/prepare.mjs';
import { run, seconds } from './prepare/run.mjs';
import { runTests } from './prepare/run-tests.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const IS_CI = Boolean(process.env.CI) && process.env.CI !== 'false';

const totals = { passed: 0, failed: 0, skipped: 0 };

function heading(text) {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(3, 76 - text.length))}`);
}

/** One step that is right or wrong as a whole: silent when right. */
async function check(what, command) {
  const result = await run(command, { cwd: PROJECT, timeoutS: 300 });
  console.log(`${result.ok ? '✓' : '✗'} ${what} (${seconds(result.seconds)})`);
  if (!result.ok) {
    console.log(result.output);
    totals.failed += 1;
  }
  return result.ok;
}

/** A file that takes longer hangs: the longest takes five minutes on two cores. All of them together must end too. In seconds. */
const LIMITS = { fileS: 900, allS: 4500 };
const UNIT_LIMITS = { fileS: 300, allS: 900 };

/** Run one of the projects of vitest.config.ts. @param limits see `runTests` */
async function test(project, limits) {
  const counts = await runTests(project, { cwd: PROJECT, ...limits });
  for (const key of Object.keys(totals)) totals[key] += counts[key];
}

const isOnlyPreparing = process.argv.includes('--prepare');

async function runAll() {
  heading('preparation');
  await prepareNpmPackages(PROJECT);
  const missing = await prepare();
  for (const what of missing) console.log(`✗ missing: ${what}`);
  if (IS_CI || isOnlyPreparing) totals.failed += missing.length;
  if (missing.length === 0) console.log('✓ all that the tests need is there');
  if (isOnlyPreparing) return;

  heading('checks');
  const bin = (name) => join(PROJECT, 'node_modules', '.bin', name);
  await Promise.all([
    check('types', ['npm', 'run', '-s', 'typecheck']),
    check('lint and format', [bin('biome'), 'check', '.']),
  ]);
  await check('dead code', [bin('knip')]);
  const bundled = await check('bundle', [bin('tsx'), 'scripts/bundle.ts']);

  heading('unit tests');
  await test('unit', UNIT_LIMITS);
  if (bundled) {
    heading('e2e tests');
    // At the same time, on the other processor; what it has to say comes at its end.
    await Promise.all([test('e2e', LIMITS), test('beside', { ...LIMITS, show: false })]);
  } else console.log('\nThe end-to-end tests need the bundle, and were not run');
}

const started = Date.now();
try {
  await runAll();
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
  totals.failed += 1;
}
if (!isOnlyPreparing) console.log(`\nTook ${seconds((Date.now() - started) / 1000)}`);
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
if (!isOnlyPreparing) console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exitCode = totals.failed > 0 ? 1 : 0;
