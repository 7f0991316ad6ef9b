/**
 * What reading programs and libraries costs kho: builds of real binary wheels (test/e2e/binary-corpus.txt) by kho as it is, and by a kho that
 * looks into none, in turns; writes its table into bench/README.md.
 *
 * `npm run bench:binaries -- [--rounds N] [--dry]`
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Plugin } from 'esbuild';
import { bundleKho } from '../scripts/bundle-kho.ts';
import { copyTo, corpus } from '../test/support/corpus.ts';
import { type Cost, measure, median, medianCost } from './measure.ts';
import { table } from './report.ts';
import { memoryFolder } from './sites.ts';
import { writeBetween } from './write-between.ts';

const MARKS = [
  '<!-- binaries: npm run bench:binaries writes what is between here -->',
  '<!-- and here: binaries -->',
] as const;

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, dry: { type: 'boolean', default: false } },
});
const ROUNDS = Number(options.rounds);
/** Such a run is over in a fifth of a second. */
const UNCHANGED_PER_ROUND = 3;

/** The issue's goal, in times of the build that looks into nothing. */
const GOAL = 1.25;

/** Instead of the reader, one that finds nothing. */
const withoutReader: Plugin = {
  name: 'without-reader',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]inspect[/\\]read-binaries\.ts$/ }, () => ({
      contents: 'export const readBinaries = async () => ({ facts: undefined, members: [] });',
    }));
  },
};

const PUBLISHED = [
  { what: 'indexes only (`pages = false`)', settings: 'pages = false\n' },
  { what: 'all that kho publishes', settings: '' },
];

type Sides = [withReader: Cost[], without: Cost[]];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(memoryFolder() ?? tmpdir(), 'kho-bench-binaries-'));
  try {
    const programs = ['kho.cjs', 'kho-without.cjs'].map((name) => join(folder, name)) as [string, string];
    await bundleKho(programs[0]);
    await bundleKho(programs[1], [withoutReader]);
    const files = await corpus(undefined, 'binary-corpus.txt');
    const site = join(folder, 'site');
    await copyTo(join(site, 'packages'), files);
    const before = load();
    const rows = PUBLISHED.flatMap(({ what, settings }) => {
      writeFileSync(join(site, 'kho.toml'), settings);
      const [cold, unchanged] = measureSite(site, programs, what);
      return [row(`first build, ${what}`, cold), row(`nothing changed, ${what}`, unchanged)];
    });
    const remarks = [
      `- ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`,
      `- ${files.length} wheels; medians of ${ROUNDS} rounds; load before ${before}, after ${load()} (1 to 2 is the measurement itself)`,
    ];
    const head = ['', 'wall, s', 'without, s', 'ratio', 'CPU, s', 'without, s', 'ratio'];
    const report = `${remarks.join('\n')}\n\n${table(head, rows)}`;
    console.log(report);
    if (!options.dry) writeBetween(MARKS, report);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One round more, which only warms up. */
function measureSite(site: string, programs: readonly [string, string], what: string): [cold: Sides, unchanged: Sides] {
  const cold: Sides = [[], []];
  const unchanged: Sides = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    console.error(`${what}: ${round === 0 ? 'warming up' : `round ${round} of ${ROUNDS}`}`);
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const side of order) {
      for (const made of readdirSync(site)) {
        if (made !== 'packages' && made !== 'kho.toml') rmSync(join(site, made), { recursive: true });
      }
      const build = [process.execPath, programs[side], 'build', site, '--quiet'];
      const first = measure(build);
      const later = Array.from({ length: UNCHANGED_PER_ROUND }, () => measure(build));
      if (round === 0) continue;
      cold[side].push(first);
      unchanged[side].push(medianCost(later));
    }
  }
  return [cold, unchanged];
}

/** Ratios are taken within each round: a machine that is slow for a minute slows both sides. */
function row(what: string, [reading, without]: Sides): string[] {
  const columns = (['wallMs', 'cpuMs'] as const).flatMap((measured) => {
    const ratio = median(reading.map((cost, index) => cost[measured] / without[index]![measured]));
    const missed = what.startsWith('first') && ratio > GOAL ? ', **missed**' : '';
    const seconds = [reading, without].map((costs) => (medianCost(costs)[measured] / 1000).toFixed(2));
    return [...seconds, `${ratio.toFixed(2)}${missed}`];
  });
  return [what, ...columns];
}

function load(): string {
  return loadavg()[0]!.toFixed(1);
}

await main();
