/**
 * Measures kho's own server beside nginx on the same published files, and writes the table into bench/README.md.
 *
 * `npm run bench:serve -- [--pairs N] [--seconds N] [--files N] [--dry]`
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeWheel } from '../test/support/make-package.ts';
import { KHO, PROJECT_DIR } from '../test/support/tools.ts';
import { cachedCorpus } from './make-corpus.ts';
import { measureLoad, type Sample, type Workload } from './serving/load.ts';
import { type MeasuredServer, residentBytes, startKho, startNginx } from './serving/servers.ts';
import { BENCH_FOLDER } from './tools.ts';

const README = join(BENCH_FOLDER, 'README.md');
const MARKS = [
  '<!-- serving: npm run bench:serve writes what is between here -->',
  '<!-- and here: serving -->',
] as const;

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '3' },
    files: { type: 'string', default: '10000' },
    dry: { type: 'boolean', default: false },
  },
});

/** At least so many of nginx's requests in a second. */
const GOAL = 0.7;
const MEGABYTE = 1024 * 1024;
const BIG_WHEEL = 'big-1.0-py3-none-any.whl';
const STARTS = 7;

async function main(): Promise<void> {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: PROJECT_DIR, stdio: ['ignore', 'ignore', 'inherit'] });
  const before = loadavg()[0] ?? 0;
  const site = makeSite(Number(options.files));
  process.on('exit', () => rmSync(site, { recursive: true, force: true }));
  const starts: MeasuredServer['readyMs'][] = [];
  for (let count = 0; count < STARTS; count++) {
    const server = await startKho(site);
    starts.push(server.readyMs);
    await server.stop();
  }
  const [kho, nginx] = [await startKho(site), await startNginx(site)];
  try {
    const idleBytes = residentBytes(kho.pid);
    const rows: string[][] = [];
    for (const workload of workloads(site)) rows.push(row(workload, await measurePairs(nginx, kho, workload)));
    const table = [
      [
        '',
        'nginx, requests/s',
        'kho, requests/s',
        'kho / nginx',
        `goal ≥ ${GOAL.toFixed(2)}`,
        'nginx, CPU µs a request',
        'kho, CPU µs a request',
      ],
      ...rows,
    ];
    const about = [
      `- ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Linux ${release()}, Node ${process.version}`,
      `- ${options.pairs} pairs of ${options.seconds} s each; load before ${before.toFixed(1)}, after ${(loadavg()[0] ?? 0).toFixed(1)} (wrk and one server make 2)`,
      `- \`kho serve\` answers ${median(starts).toFixed(0)} ms after its start (median of ${STARTS}, ${options.files} files, published before), and holds ${(idleBytes / 1e6).toFixed(0)} MB then; after the measurements ${(residentBytes(kho.pid) / 1e6).toFixed(0)} MB`,
    ];
    const report = `${about.join('\n')}\n\n${markdown(table)}`;
    console.log(report);
    if (!options.dry) writeIntoReadme(report);
  } finally {
    await kho.stop();
    await nginx.stop();
  }
}

/** A corpus in memory, one wheel of a megabyte besides, all of it published. */
function makeSite(files: number): string {
  const site = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'kho-bench-site-'));
  mkdirSync(join(site, 'packages'));
  cpSync(join(cachedCorpus(files), 'packages'), join(site, 'packages'), { recursive: true, preserveTimestamps: true });
  const wheel = makeWheel({ name: 'big', version: '1.0', members: { 'big/noise': randomBytes(MEGABYTE) } });
  writeFileSync(join(site, 'packages', BIG_WHEEL), wheel);
  execFileSync('chmod', ['-R', 'a+rX', site]);
  execFileSync(process.execPath, [KHO, 'build', site], { stdio: ['ignore', 'ignore', 'inherit'] });
  return site;
}

function workloads(site: string): Workload[] {
  const list = JSON.parse(readFileSync(join(site, 'simple', 'index.json'), 'utf8'));
  const { name } = list.projects[Math.floor(list.projects.length / 2)];
  return [
    { name: 'project page', path: `/simple/${name}/`, connections: 32, headers: ['Accept: text/html'] },
    { name: 'root page', path: '/simple/', connections: 32, headers: ['Accept: text/html'] },
    { name: '1 MB wheel', path: `/packages/${BIG_WHEEL}`, connections: 8, headers: ['Accept-Encoding: identity'] },
  ];
}

/** The two take turns, and change who goes first. */
async function measurePairs(
  nginx: MeasuredServer,
  kho: MeasuredServer,
  workload: Workload,
): Promise<[Sample, Sample][]> {
  const seconds = Number(options.seconds);
  for (const server of [nginx, kho]) await measureLoad(server, workload, 1);
  const pairs: [Sample, Sample][] = [];
  for (let pair = 0; pair < Number(options.pairs); pair++) {
    console.error(`${workload.name}: pair ${pair + 1} of ${options.pairs}`);
    if (pair % 2 === 0) {
      const first = await measureLoad(nginx, workload, seconds);
      pairs.push([first, await measureLoad(kho, workload, seconds)]);
    } else {
      const first = await measureLoad(kho, workload, seconds);
      pairs.push([await measureLoad(nginx, workload, seconds), first]);
    }
  }
  return pairs;
}

function row({ name }: Workload, pairs: [Sample, Sample][]): string[] {
  const of = (read: (pair: [Sample, Sample]) => number) => median(pairs.map(read));
  const ratio = of(([nginx, kho]) => kho.requestsPerSecond / nginx.requestsPerSecond);
  return [
    name,
    of(([nginx]) => nginx.requestsPerSecond).toFixed(0),
    of(([, kho]) => kho.requestsPerSecond).toFixed(0),
    ratio.toFixed(2),
    ratio >= GOAL ? 'reached' : 'missed',
    of(([nginx]) => nginx.cpuUs).toFixed(0),
    of(([, kho]) => kho.cpuUs).toFixed(0),
  ];
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function markdown([head, ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(head ?? []),
    line((head ?? []).map((_, place) => (place === 0 ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n');
}

function writeIntoReadme(report: string): void {
  const text = readFileSync(README, 'utf8');
  const [start, end] = MARKS.map((mark) => text.indexOf(mark)) as [number, number];
  if (start < 0 || end < start) throw new Error('bench/README.md has lost the marks between which the results go');
  writeFileSync(README, `${text.slice(0, start + MARKS[0].length)}\n\n${report}\n\n${text.slice(end)}`);
}

await main();
