/**
 * `npm run breaks [WORD …]`: breaks the code on purpose, one place at a time, and says which breaks no test notices.
 *
 * The list is test/breaks/. Nothing on disk changes: each break is put into the source as vitest loads it, in a project of its own,
 * which runs the one test file that has to fail. With words, only breaks whose name, file or test holds one of them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { TestModule, Vitest } from 'vitest/node';
import { startVitest } from 'vitest/node';
import { BREAKS, type Break } from '../test/breaks/all.ts';

const ROOT = join(import.meta.dirname, '..');

/** Each has a server of its own that loads sources: so many at once fit into memory. */
const AT_ONCE = 12;

const words = process.argv.slice(2);
const asked = BREAKS.filter(
  ({ what, file, test }) =>
    words.length === 0 || words.some((word) => [what, file, test].some((text) => text.includes(word))),
);

const faults: string[] = [];
const usable = asked.filter((each) => {
  const fault = faultOf(each);
  if (fault !== undefined) faults.push(`${titleOf(each)}\n    ${fault}`);
  return fault === undefined;
});

const control = { file: '', find: '', replace: '', what: '' };
const sound = await runBroken([...new Set(usable.map(({ test }) => test))].map((test) => ({ ...control, test })));
for (const [test, outcome] of sound) if (outcome !== 'survived') faults.push(`${test} fails though nothing is broken`);

for (let from = 0; from < usable.length; from += AT_ONCE) {
  const batch = usable.slice(from, from + AT_ONCE);
  const outcomes = await runBroken(batch);
  for (const one of batch) {
    const outcome = outcomes.get(keyOf(one)) ?? 'no test ran';
    if (outcome !== 'caught') faults.push(`${titleOf(one)}\n    ${outcome}: ${one.test} should have failed`);
    console.log(`${outcome === 'caught' ? '✓' : '✗'} ${titleOf(one)}`);
  }
}

for (const fault of faults) console.log(`\n✗ ${fault}`);
console.log(`\n${asked.length - faults.length} of ${asked.length} breaks are caught`);
process.exit(faults.length > 0 ? 1 : 0);

function titleOf({ file, what }: Break): string {
  return `${file}: ${what}`;
}

/** Why the source cannot be broken like that; undefined when it can. */
function faultOf({ file, find, replace, test }: Break): string | undefined {
  const text = readOr(file);
  if (text === undefined) return 'there is no such file: tell the list where it is now';
  if (readOr(test) === undefined) return `there is no ${test}: tell the list where it is now`;
  const count = text.split(find).length - 1;
  if (count === 0) return `its text is no longer there: ${JSON.stringify(find)}`;
  if (count > 1) return `its text is there ${count} times: ${JSON.stringify(find)}`;
  return find === replace ? 'it changes nothing' : undefined;
}

function readOr(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch {
    return undefined;
  }
}

/** Tells breaks apart: the name of a project of vitest's. What breaks nothing is called like its test. */
function keyOf(one: Break): string {
  return one.find === '' ? one.test : titleOf(one).replace(/[^\w./ -]/g, '');
}

/** By `keyOf`: `caught`, or what happened instead. */
async function runBroken(batch: readonly Break[]): Promise<Map<string, string>> {
  const outcomes = new Map<string, string>();
  const projects = batch.map((one) => ({
    root: ROOT,
    plugins: [breaking(one)],
    test: { name: keyOf(one), include: [one.test], testTimeout: 20_000 },
  }));
  const reporter = {
    onTestModuleEnd(module: TestModule) {
      const failed = [...module.children.allTests('failed')];
      const isLoaded = module.children.size > 0;
      const outcome = failed.length > 0 ? 'caught' : isLoaded ? 'survived' : 'does not load';
      outcomes.set(module.project.name, outcome);
    },
  };
  const vitest: Vitest = await startVitest(
    'test',
    [],
    { watch: false, config: false, reporters: [reporter] },
    {
      root: ROOT,
      test: { projects, maxWorkers: '100%' },
    },
  );
  await vitest.close();
  process.exitCode = 0; // which vitest sets, since tests failed
  return outcomes;
}

function breaking({ file, find, replace }: Break): Plugin {
  const path = join(ROOT, file);
  return {
    name: 'kho-break',
    enforce: 'pre',
    transform(code, id) {
      return id.split('?')[0] === path ? code.replace(find, () => replace) : undefined;
    },
  };
}
