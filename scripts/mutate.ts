/**
 * `npm run mutate [-- --missed | --sample PERCENT [--seed NUMBER]] [FOLDER | FILE …]`: changes the code in each small way that Stryker knows, one at a time, and says which changes no test notices.
 *
 * Takes src/catalog, src/publish, src/intake and src/fetch unless it is told folders of src, or files in them. Only unit tests of the same folder are asked:
 * what only a whole build notices tells nobody where the fault is. They run on a copy of the tree; what a run found is remembered in
 * `.cache/mutation/` as long as neither the code nor its tests change: a folder may be taken file by file, and then as a whole. With a sample,
 * only so much of the code is changed: whole functions and other declarations, the same ones for a seed as long as the code is. With --missed,
 * only what no test noticed so far: to see what new tests notice.
 * docs/mutation.md has what was found, and which survivors may stay.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { seededRandom } from '../test/support/seeded-random.ts';

type MutantResults = Awaited<ReturnType<Stryker['runMutationTest']>>;

/** As a run remembers it: lines and columns are counted from 1. */
interface MeasuredFile {
  source: string;
  mutants: Pick<MutantResults[number], 'location' | 'status'>[];
}

const FOLDERS = ['src/catalog', 'src/publish', 'src/intake', 'src/fetch'];

const SAMPLE_SEED = 17;

/** In percent of all changes, those in lines that no test runs among them. */
const GOAL = 85;

/** A change that makes tests run longer than that, beside what they take, makes them run for ever, also on a busy machine. In milliseconds. */
const PATIENCE_MS = 20_000;

const { values, positionals } = parseArgs({
  options: {
    missed: { type: 'boolean' },
    sample: { type: 'string' },
    seed: { type: 'string', default: String(SAMPLE_SEED) },
  },
  allowPositionals: true,
});
const sample = values.sample === undefined ? undefined : Number(values.sample) / 100;
for (const [folder, paths] of askedByFolder()) {
  const sources = paths.flatMap(sourcesOf);
  const memory = `.cache/mutation/${folder.replaceAll('/', '-')}.json`;
  const changed = values.missed
    ? missedOf(sources, memory)
    : sample === undefined
      ? sources
      : sampleOf(sources, sample);
  if (changed.length === 0) continue;
  const results = (await mutate(folder, changed, memory)).filter(({ fileName }) => isOneOf(sources, fileName));
  const unasked = testsNotRun(folder, memory);
  if (unasked.length > 0) {
    console.log(`${folder}: nothing is known, since these tests did not load in the copy:\n  ${unasked.join('\n  ')}`);
    process.exitCode = 1;
    continue;
  }
  const score = (100 * results.filter(isNoticed).length) / results.length;
  for (const result of results) if (!isNoticed(result)) console.log(textOf(result));
  const endless = results.filter(({ status }) => status === 'Timeout').length;
  console.log(
    `${paths.join(', ')}: tests notice ${score.toFixed(1)} % of ${results.length} changes, ${endless} of them by not coming to an end`,
  );
  if (score < GOAL) process.exitCode = 1;
}

/** What was asked for, by the folder of src whose tests are to notice it. */
function askedByFolder(): Map<string, string[]> {
  const byFolder = new Map<string, string[]>();
  const asked = positionals.map((path) => path.replace(/\/+$/, ''));
  for (const path of asked.length > 0 ? asked : FOLDERS) {
    const folder = path.split('/').slice(0, 2).join('/');
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), path]);
  }
  return byFolder;
}

function mutate(folder: string, changed: string[], memory: string): Promise<MutantResults> {
  process.env['KHO_MUTATE_TESTS'] = `${folder}/**/*.test.ts`; // for test/mutation/vitest.config.ts
  const stryker = new Stryker({
    mutate: changed,
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    incremental: true,
    incrementalFile: memory,
    tsconfigFile: 'none', // it reads nothing outside of the tree, and Stryker would rewrite it with a TypeScript before 7
    tempDirName: '.cache/mutation/tree',
    ignorePatterns: ['.cache', 'bench', 'dist', 'test/e2e'],
    concurrency: 2,
    timeoutMS: PATIENCE_MS,
    reporters: ['progress-append-only'],
  });
  return stryker.runMutationTest();
}

/** Ranges of lines, each a declaration: drawn until they make up so much of the code. */
function sampleOf(sources: string[], part: number): string[] {
  const declarations = sources.flatMap((path) => {
    const lines = readFileSync(path, 'utf8').split('\n');
    const starts = lines.flatMap((line, index) =>
      /^(?:export |async |function |const |let |class )/.test(line) ? [index] : [],
    );
    return starts.map((start, place) => ({ path, start, end: starts[place + 1] ?? lines.length }));
  });
  const random = seededRandom(Number(values.seed));
  const shuffled = declarations.map((one) => ({ ...one, place: random() })).sort((a, b) => a.place - b.place);
  let left = part * declarations.reduce((sum, { start, end }) => sum + end - start, 0);
  return shuffled.flatMap(({ path, start, end }) => {
    if (left <= 0) return [];
    left -= end - start;
    return [`${path}:${start + 1}-${end}`];
  });
}

/** Ranges of what no test noticed; all of a file that was changed since. */
function missedOf(sources: string[], memory: string): string[] {
  const { files } = JSON.parse(readFileSync(memory, 'utf8')) as { files: Record<string, MeasuredFile> };
  return sources.flatMap((path) => {
    const { source, mutants = [] } = files[path] ?? {};
    if (source !== undefined && source !== readFileSync(path, 'utf8')) return [path];
    return mutants
      .filter((mutant) => !isNoticed(mutant))
      .map(({ location: { start, end } }) => `${path}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`);
  });
}

function sourcesOf(path: string): string[] {
  if (path.endsWith('.ts')) return [path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  return names.filter((name) => /(?<!\.test)\.ts$/.test(name)).map((name) => `${path}/${name}`);
}

/** Also what an earlier run found in other files of the folder comes with the results. */
function isOneOf(sources: string[], fileName: string): boolean {
  return sources.some((source) => fileName.endsWith(`/${source}`));
}

/** Stryker says nothing of a test file that cannot be loaded, as where its copy of the tree lacks something: all of its changes seem not run. */
function testsNotRun(folder: string, memory: string): string[] {
  const { testFiles } = JSON.parse(readFileSync(memory, 'utf8')) as { testFiles: Record<string, unknown> };
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`)
    .filter((path) => !(path in testFiles));
}

/** Also by running for ever. What does not load is noticed too. */
function isNoticed({ status }: Pick<MutantResults[number], 'status'>): boolean {
  return status !== 'Survived' && status !== 'NoCoverage';
}

function textOf({ fileName, location, mutatorName, replacement, status }: MutantResults[number]): string {
  const place = `${fileName.slice(fileName.lastIndexOf('/src/') + 1)}:${location.start.line}:${location.start.column}`;
  return `${status === 'NoCoverage' ? 'not run ' : 'survived'}  ${place}  ${mutatorName}: ${replacement?.replace(/\s+/g, ' ')}`;
}
