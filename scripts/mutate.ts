/**
 * `npm run mutate [-- --sample PERCENT] [FOLDER …]`: changes the code in each small way that Stryker knows, one at a time, and says which changes no test notices.
 *
 * Takes src/catalog, src/publish, src/intake and src/fetch unless it is told folders of src. Only unit tests of the same folder are asked:
 * what only a whole build notices tells nobody where the fault is. They run on a copy of the tree; what a run found is remembered in
 * `.cache/mutation/` as long as neither the code nor its tests change. With a sample, only so much of the code is changed: whole functions and
 * other declarations, the same ones as long as the code is. docs/mutation.md has what was found, and which survivors may stay.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { seededRandom } from '../test/support/seeded-random.ts';

type MutantResults = Awaited<ReturnType<Stryker['runMutationTest']>>;

const FOLDERS = ['src/catalog', 'src/publish', 'src/intake', 'src/fetch'];

const SAMPLE_SEED = 17;

/** In percent of all changes, those in lines that no test runs among them. */
const GOAL = 85;

/** A change that makes tests run longer than that, beside what they take, makes them run for ever, also on a busy machine. In milliseconds. */
const PATIENCE_MS = 20_000;

const { values, positionals } = parseArgs({ options: { sample: { type: 'string' } }, allowPositionals: true });
const sample = values.sample === undefined ? undefined : Number(values.sample) / 100;
const asked = positionals.map((folder) => folder.replace(/\/+$/, ''));
for (const folder of asked.length > 0 ? asked : FOLDERS) {
  const results = await mutate(folder);
  const unasked = testsNotRun(folder);
  if (unasked.length > 0) {
    console.log(`${folder}: nothing is known, since these tests did not load in the copy:\n  ${unasked.join('\n  ')}`);
    process.exitCode = 1;
    continue;
  }
  const score = (100 * results.filter(isNoticed).length) / results.length;
  for (const result of results) if (!isNoticed(result)) console.log(textOf(result));
  const endless = results.filter(({ status }) => status === 'Timeout').length;
  console.log(
    `${folder}: tests notice ${score.toFixed(1)} % of ${results.length} changes, ${endless} of them by not coming to an end`,
  );
  if (score < GOAL) process.exitCode = 1;
}

function mutate(folder: string): Promise<MutantResults> {
  process.env['KHO_MUTATE_TESTS'] = `${folder}/**/*.test.ts`; // for test/mutation/vitest.config.ts
  const stryker = new Stryker({
    mutate: sample === undefined ? [`${folder}/**/*.ts`, '!**/*.test.ts'] : sampleOf(folder, sample),
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    incremental: true,
    incrementalFile: memoryOf(folder),
    tsconfigFile: 'none', // it reads nothing outside of the tree, and Stryker would rewrite it with a TypeScript before 7
    tempDirName: '.cache/mutation/tree',
    ignorePatterns: ['.cache', 'bench', 'dist', 'test/e2e'],
    concurrency: 2,
    timeoutMS: PATIENCE_MS,
    reporters: ['progress-append-only'],
  });
  return stryker.runMutationTest();
}

function memoryOf(folder: string): string {
  return `.cache/mutation/${folder.replaceAll('/', '-')}${sample === undefined ? '' : '-sample'}.json`;
}

/** Ranges of lines, each a declaration: drawn until they make up so much of the code. */
function sampleOf(folder: string, part: number): string[] {
  const declarations = sourcesOf(folder).flatMap((path) => {
    const lines = readFileSync(path, 'utf8').split('\n');
    const starts = lines.flatMap((line, index) =>
      /^(?:export |async |function |const |let |class )/.test(line) ? [index] : [],
    );
    return starts.map((start, place) => ({ path, start, end: starts[place + 1] ?? lines.length }));
  });
  const random = seededRandom(SAMPLE_SEED);
  const shuffled = declarations.map((one) => ({ ...one, place: random() })).sort((a, b) => a.place - b.place);
  let left = part * declarations.reduce((sum, { start, end }) => sum + end - start, 0);
  return shuffled.flatMap(({ path, start, end }) => {
    if (left <= 0) return [];
    left -= end - start;
    return [`${path}:${start + 1}-${end}`];
  });
}

function sourcesOf(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names.filter((name) => /(?<!\.test)\.ts$/.test(name)).map((name) => `${folder}/${name}`);
}

/** Stryker says nothing of a test file that cannot be loaded, as where its copy of the tree lacks something: all of its changes seem not run. */
function testsNotRun(folder: string): string[] {
  const { testFiles } = JSON.parse(readFileSync(memoryOf(folder), 'utf8')) as { testFiles: Record<string, unknown> };
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`)
    .filter((path) => !(path in testFiles));
}

/** Also by running for ever. What does not load is noticed too. */
function isNoticed({ status }: MutantResults[number]): boolean {
  return status !== 'Survived' && status !== 'NoCoverage';
}

function textOf({ fileName, location, mutatorName, replacement, status }: MutantResults[number]): string {
  const place = `${fileName.slice(fileName.lastIndexOf('/src/') + 1)}:${location.start.line}:${location.start.column}`;
  return `${status === 'NoCoverage' ? 'not run ' : 'survived'}  ${place}  ${mutatorName}: ${replacement?.replace(/\s+/g, ' ')}`;
}
