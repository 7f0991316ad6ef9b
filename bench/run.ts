/**
 * Measures kho side by side with its peers, prints the tables, and writes them into bench/README.md when all of it ran.
 *
 * `npm run bench -- [--only FILES]… [--fs tmpfs|disk]… [--runs N] [--quick]`
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { parseArgs } from 'node:util';
import { KHO, PROJECT_DIR } from '../test/support/tools.ts';
import { dumbPypiJsonTurn, dumbPypiNamesTurn, khoTurn, simple503Turn, type Turn } from './contestants.ts';
import { measurePairs } from './measure.ts';
import { type Results, renderReport } from './report.ts';
import type { Series } from './results.ts';
import { FILE_SYSTEMS, type FileSystem, openSite, removeSite, type Site, whyNot } from './sites.ts';
import { installPeers } from './tools.ts';
import { writeBetween } from './write-between.ts';

/** More rounds where they are quick: those vary most. The largest corpus shows growth; for that one file system will do. */
const PLAN: { files: number; rounds: number; fileSystems: readonly FileSystem[] }[] = [
  { files: 64, rounds: 7, fileSystems: FILE_SYSTEMS },
  { files: 1_000, rounds: 7, fileSystems: FILE_SYSTEMS },
  { files: 10_000, rounds: 5, fileSystems: FILE_SYSTEMS },
  { files: 100_000, rounds: 1, fileSystems: ['tmpfs'] },
];
const START_UPS = 31;
const MARKS = ['<!-- results: npm run bench writes what is between here -->', '<!-- and here -->'] as const;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    fs: { type: 'string', multiple: true },
    runs: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

function main(): void {
  // With a listener the run is not killed on the spot: the child is, which throws here, and the sites are taken away.
  process.on('SIGINT', () => process.exit(130));
  const results: Results = { series: [], startUp: undefined, remarks: machine() };
  const withKho = buildKho();
  if (!withKho) results.remarks.push('kho was left out: `npm run build` failed');
  const turns = contestants(withKho);

  const discarded: string[] = [];
  // At the very end, come what may: see takeAway in sites.ts.
  process.on('exit', () => {
    for (const folder of discarded) rmSync(folder, { recursive: true, force: true });
  });
  for (const fileSystem of FILE_SYSTEMS) {
    for (const { files, rounds, fileSystems } of PLAN) {
      const wanted = roundsWanted(rounds);
      if (!(options.fs ?? fileSystems).includes(fileSystem)) continue;
      if (options.only ? !options.only.includes(String(files)) : options.quick && files > 10_000) continue;
      const missing = whyNot(fileSystem, files);
      if (missing !== undefined) results.remarks.push(`${files} files on ${fileSystem} were not measured: ${missing}`);
      else results.series.push(measureSeries(openSite(fileSystem, files), wanted, turns, discarded));
    }
  }
  if (withKho) {
    const [kho, node] = measurePairs(START_UPS, [process.execPath, KHO, '--version'], [process.execPath, '-e', '0']);
    results.startUp = { kho, node };
  }

  results.remarks.push(`load after: ${load()} (1 is the measurement itself, what is above it disturbed it)`);
  if (results.series.length === 0)
    throw new Error('nothing of that kind is planned, or this machine lacks what it needs');
  const report = renderReport(results);
  console.log(report);
  const planned = PLAN.flatMap((one) => one.fileSystems).length;
  const isFull = withKho && !options.only && !options.fs && !options.quick && results.series.length === planned;
  if (isFull) writeBetween(MARKS, report);
  else console.error('bench/README.md stays as it is: only a full run of all contestants rewrites it');
}

function roundsWanted(planned: number): number {
  if (options.runs === undefined) return options.quick ? 1 : planned;
  const rounds = Number(options.runs);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--runs needs a number, not "${options.runs}"`);
  return rounds;
}

function buildKho(): boolean {
  try {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: PROJECT_DIR, stdio: ['ignore', 'ignore', 'inherit'] });
    return true;
  } catch {
    return false;
  }
}

function contestants(withKho: boolean): Turn[] {
  const peer = installPeers();
  const peers = [
    dumbPypiNamesTurn(peer('dumb-pypi')),
    dumbPypiJsonTurn(peer('python'), peer('dumb-pypi')),
    simple503Turn(peer('simple503')),
  ];
  return withKho ? [khoTurn(process.execPath, KHO), ...peers] : peers;
}

function measureSeries(site: Site, rounds: number, turns: Turn[], discarded: string[]): Series {
  const { fileSystem, files, bytes } = site;
  try {
    const series: Series = { fileSystem, files, bytes, rounds: [] };
    // Where a round is short, the first one only warms up: programs and libraries come into memory with it.
    for (let number = files <= 1_000 ? 0 : 1; number <= rounds; number += 1) {
      console.error(`${files} files, ${fileSystem}: ${number === 0 ? 'warming up' : `round ${number} of ${rounds}`}`);
      const round = playRound(turns, site);
      if (number > 0) series.rounds.push(round);
    }
    return series;
  } finally {
    discarded.push(removeSite(site));
  }
}

function playRound(turns: Turn[], site: Site): Series['rounds'][number] {
  const round: Series['rounds'][number] = new Map();
  for (const [label, cost] of turns.flatMap((turn) => turn(site)))
    round.set(label, [...(round.get(label) ?? []), cost]);
  return round;
}

function machine(): string[] {
  const python = execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim();
  const processors = cpus();
  return [
    `${new Date().toISOString().slice(0, 10)}, ${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, Linux ${release()}`,
    `Node ${process.version}, ${python}; load before: ${load()}`,
  ];
}

/** Average number of running processes over the last minute. */
function load(): string {
  return loadavg()[0]!.toFixed(1);
}

main();
