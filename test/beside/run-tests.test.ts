/** What `npm test` counts, whatever becomes of the files: with a vitest that writes down what a real one would. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runTests } from '../../scripts/prepare/run-tests.mjs';
import { TestSite } from '../support/site.ts';

let folder: TestSite;
let told: string[];
beforeEach(() => {
  folder = new TestSite();
  told = [];
  vi.spyOn(console, 'log').mockImplementation((line) => told.push(String(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
  folder.close();
});

const ended = (file: string, counts: object = {}) => ({
  ended: file,
  passed: 1,
  failed: 0,
  skipped: 0,
  faults: [],
  ...counts,
});
const started = (file: string) => ({ started: file, at: 0 });

type Round = [lines: object[], exitCode: number | 'hangs'];

/** @param rounds what is written down in each, and how vitest ends: by an exit code, or not at all */
const count = (...rounds: Round[]) => countAs({}, ...rounds);

async function countAs(options: { show?: boolean }, ...rounds: Round[]) {
  folder.put('rounds.json', JSON.stringify(rounds));
  const stub = `#!/usr/bin/env node
const { appendFileSync, readFileSync } = require('node:fs');
const { basename } = require('node:path');
const path = process.env.KHO_TEST_PROGRESS;
const [lines, exitCode] = JSON.parse(readFileSync('rounds.json', 'utf8'))[basename(path)];
appendFileSync('asked', process.argv.slice(7).join(' ') + '\\n');
for (const line of lines) appendFileSync(path, JSON.stringify(line) + '\\n');
for (const { says } of lines) if (says) console.log(says);
if (exitCode === 'hangs') setTimeout(() => {}, 60_000);
else process.exitCode = exitCode;
`;
  folder.put('node_modules/.bin/vitest', stub);
  folder.put('package.json', '{}');
  chmodSync(join(folder.root, 'node_modules/.bin/vitest'), 0o755);
  return runTests('unit', { cwd: folder.root, fileS: 30, allS: 100, ...options });
}

test('runTests() adds up what files came to', async () => {
  const lines = [{ all: ['a', 'b'] }, started('a'), ended('a', { passed: 2, skipped: 1 }), started('b'), ended('b')];
  expect(await count([lines, 0])).toEqual({ passed: 3, failed: 0, skipped: 1 });
  expect(told).toEqual([]);
});

test('runTests() ends a file that takes too long, runs the others without it, and loses no count', async () => {
  const first = [{ all: ['a', 'b', 'c'] }, started('a'), ended('a', { failed: 1, faults: ['a fails'] }), started('b')];
  const second = [{ all: ['c'] }, started('c'), ended('c')];
  expect(await count([first, 'hangs'], [second, 0])).toEqual({ passed: 2, failed: 2, skipped: 0 });
  expect(
    folder
      .read('asked')
      .split('\n')
      .map((line) => line.trim()),
  ).toEqual(['', 'c', '']);
  expect(told.join('\n')).toContain('✗ a fails');
  expect(told.join('\n')).toContain('✗ b was ended: it took more than 30 s');
});

test('runTests() shows at its end what vitest said, where another run has the terminal', async () => {
  const lines = [{ all: ['a'] }, started('a'), { says: 'a is fine' }, ended('a')];
  expect(await countAs({ show: false }, [lines, 0])).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect(told).toEqual(['\na is fine']);
});

test.each<[what: string, lines: object[], exitCode: number, failed: number, why: string]>([
  [
    'a vitest that ends before its files',
    [{ all: ['a', 'b', 'c'] }, ended('a')],
    1,
    2,
    '2 files not run, since vitest ended before them: b, c',
  ],
  [
    'a vitest that fails though no test does',
    [{ all: ['a'] }, ended('a')],
    1,
    1,
    'vitest failed, though no test of unit did',
  ],
  ['a vitest that runs nothing', [], 0, 1, 'no test of unit was run'],
])('runTests() counts %s as failed', async (_what, lines, exitCode, failed, why) => {
  expect((await count([lines, exitCode])).failed).toBe(failed);
  expect(told.join('\n')).toContain(why);
});
