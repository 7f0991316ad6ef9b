import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

const REPORTER = fileURLToPath(new URL('report-files.mjs', import.meta.url));

/**
 * Run the tests of one project of vitest.config.ts, its output streamed, or shown at the end. A file that takes too long is ended and counts as one failure,
 * and the others run on without it. Files for which there was no time left count as failures too.
 *
 * @param {string} project
 * @param {{ cwd: string, fileS: number, allS: number, show?: boolean }} options limits of one file, and of all, in seconds
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function runTests(project, { cwd, fileS, allS, show = true }) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const folder = await mkdtemp(join(tmpdir(), 'kho-progress-'));
  const endsAt = Date.now() + allS * 1000;
  let files = [];
  const fail = (text) => {
    console.log(`\n✗ ${text}`);
    totals.failed += 1;
  };
  try {
    for (let round = 0; round === 0 || files.length > 0; round++) {
      const progressFile = join(folder, String(round));
      const tooLong = new Set();
      const whyEnd = async () => {
        const { running } = await readProgress(progressFile);
        for (const [file, at] of running) if (Date.now() - at > fileS * 1000) tooLong.add(file);
        return tooLong.size > 0 ? `${[...tooLong].join(', ')} took more than ${fileS} s, and was ended` : undefined;
      };
      const command = [
        join(cwd, 'node_modules', '.bin', 'vitest'),
        'run',
        '--project',
        project,
        '--reporter=default',
        `--reporter=${REPORTER}`,
      ];
      // Where nobody looks at a terminal, the log stays plain text.
      const env = { ...process.env, KHO_TEST_PROGRESS: progressFile, ...(!process.stdout.isTTY && { NO_COLOR: '1' }) };
      const timeoutS = Math.max(1, (endsAt - Date.now()) / 1000);
      const result = await run([...command, ...files], { cwd, timeoutS, env, show, whyEnd });
      if (!show) console.log(`\n${result.output}`);
      const { all, ended } = await readProgress(progressFile);
      for (const counts of ended.values()) for (const key of Object.keys(totals)) totals[key] += counts[key];
      // A run that is ended shows no more what failed before.
      if (tooLong.size > 0 || Date.now() >= endsAt)
        for (const { faults } of ended.values()) for (const fault of faults) console.log(`✗ ${fault}`);
      for (const file of tooLong) fail(`${file} was ended: it took more than ${fileS} s`);
      files = all.filter((file) => !ended.has(file) && !tooLong.has(file));
      if (tooLong.size > 0 && Date.now() < endsAt) continue;
      const hasFailed = [...ended.values()].some(({ failed }) => failed > 0);
      // An error outside of any test leaves no failed test behind.
      if (!result.ok && !hasFailed && all.length > 0 && files.length === 0)
        fail(`vitest failed, though no test of ${project} did`);
      if (files.length > 0) {
        const why = Date.now() < endsAt ? 'vitest ended before them' : `${allS} s were over`;
        totals.failed += files.length;
        console.log(`\n✗ ${files.length} files not run, since ${why}: ${files.join(', ')}`);
      } else if (all.length === 0) fail(`no test of ${project} was run`);
      break;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return totals;
}

/** What the reporter wrote so far. */
async function readProgress(path) {
  const text = await readFile(path, 'utf8').catch(() => '');
  const progress = { all: [], running: new Map(), ended: new Map() };
  for (const line of text.split('\n').slice(0, -1)) {
    const { all, started, at, ended, ...counts } = JSON.parse(line);
    if (all) progress.all = all;
    if (started) progress.running.set(started, at);
    if (ended) {
      progress.running.delete(ended);
      progress.ended.set(ended, counts);
    }
  }
  return progress;
}
