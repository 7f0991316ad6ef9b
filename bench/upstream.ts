/**
 * Measures how packages of another index come through kho, nginx, proxpi, devpi and pypiron, and without any of them; writes the table into
 * bench/README.md.
 *
 * `npm run bench:upstream -- [--part NAME]… [--rounds N] [--seconds N] [--dry]`
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findUpstream } from '../src/fetch/upstream-address.ts';
import { clientEnvironment } from '../test/support/client-environment.ts';
import { runOrThrow } from '../test/support/run-program.ts';
import { measureInParts, readWords } from './in-parts.ts';
import { median } from './measure.ts';
import { bringBigPages } from './pulling/big-pages.ts';
import { type IndexCache, indexCaches, startStillCopy } from './pulling/caches.ts';
import { startColdJobs } from './pulling/cold-jobs.ts';
import { startPipJobs } from './pulling/pip-jobs.ts';
import { type FarQuestions, SlowIndex } from './pulling/slow-index.ts';
import { table } from './report.ts';
import { residentBytes } from './serving/servers.ts';
import { installPythonServers, installUploadServers } from './tools.ts';
import { cpuMs } from './uploading/upload-servers.ts';

const MARKS = [
  '<!-- upstream: npm run bench:upstream writes what is between here -->',
  '<!-- and here: upstream -->',
] as const;

/** With what they need some fifty projects: many small ones, some with thousands of files on their page, one large wheel. */
const WANTED = [
  'requests',
  'flask',
  'fastapi',
  'uvicorn',
  'aiohttp',
  'sqlalchemy',
  'cryptography',
  'celery',
  'boto3',
  'rich',
  'httpx',
];

/** Of one run of pip: a machine that does other things too takes ten times as long. */
const LIMIT_MS = 600_000;

const words = readWords({ rounds: 3, seconds: 10 });
const folders = mkdtempSync(join(tmpdir(), 'kho-bench-upstream-'));
const CLIENT = clientEnvironment();

const HEADS = [
  ...['', 'cold, s', 'warm, s', 'above the floor, s', 'CPU of pip, warm, s', 'CPU of the server, warm, s'],
  ...['pages asked for, cold', 'files', 'metadata', 'MB', 'memory, MB'],
];

/** pip itself, with a server that has nothing to do but send files: no cache can be quicker over the same pages. */
const FLOOR = 'files of nginx (the floor)';

interface CacheRun {
  coldMs: number;
  warmMs: number;
  /** Of the process that answers, and of pip, in the warm run. */
  serverCpuMs: number;
  pipCpuMs: number;
  asked: FarQuestions;
  /** Of the process that answers, afterwards. */
  bytes: number;
  projects: number;
}

async function main(): Promise<void> {
  process.on('SIGINT', () => process.exit(130));
  process.on('exit', () => {
    for (const folder of [folders, CLIENT.home]) rmSync(folder, { recursive: true, force: true });
  });
  await measureInParts(
    { install: measureInstalls, pages: measurePages, jobs: measureJobs, 'pip-jobs': measurePipJobs },
    words,
    MARKS,
    'pip, the far index and a cache make 2',
  );
}

async function measureInstalls(): Promise<string> {
  const caches = indexCaches(programs());
  const far = await SlowIndex.start(findUpstream(undefined, undefined).url);
  const runs = new Map<string, CacheRun[]>();
  try {
    await download(far.url); // so that what is measured comes from the disk
    for (let round = 0; round < words.numbers.rounds; round++) {
      note(runs, 'direct', await direct(far));
      note(runs, FLOOR, await still(far));
      for (const cache of caches) {
        console.error(`${cache.name}: round ${round + 1}`);
        note(runs, cache.name, await through(cache, far));
      }
    }
  } finally {
    far.stop();
  }
  return report(runs);
}

async function direct(far: SlowIndex): Promise<CacheRun> {
  far.takeAsked();
  const cold = await download(far.url);
  const asked = far.takeAsked();
  return {
    coldMs: cold.ms,
    warmMs: cold.ms,
    serverCpuMs: 0,
    pipCpuMs: cold.cpuMs,
    asked,
    bytes: 0,
    projects: cold.projects,
  };
}

async function still(far: SlowIndex): Promise<CacheRun> {
  const folder = mkdtempSync(join(folders, 'still-'));
  await far.copyTo(join(folder, 'copy'));
  const running = await startStillCopy(folder, WANTED[0] as string);
  try {
    const { ms, cpuMs: pipCpuMs, projects } = await download(running.index);
    const asked = far.takeAsked();
    return { coldMs: ms, warmMs: ms, serverCpuMs: 0, pipCpuMs, asked, bytes: 0, projects };
  } finally {
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function programs(): (name: string) => string {
  const [python, uploads] = [installPythonServers(), installUploadServers()];
  return (name) => (name === 'pypiron' ? uploads : python)(name);
}

async function through(cache: IndexCache, far: SlowIndex): Promise<CacheRun> {
  const folder = mkdtempSync(join(folders, 'cache-'));
  const running = await cache.start(folder, far.url, 'pip');
  try {
    far.takeAsked();
    const cold = await download(running.index);
    const asked = far.takeAsked();
    const before = cpuMs(running.pid);
    const warm = await download(running.index);
    const serverCpuMs = cpuMs(running.pid) - before;
    const bytes = residentBytes(running.pid);
    const { ms: warmMs, cpuMs: pipCpuMs } = warm;
    return { coldMs: cold.ms, warmMs, serverCpuMs, pipCpuMs, asked, bytes, projects: cold.projects };
  } finally {
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function download(index: string): Promise<{ ms: number; cpuMs: number; projects: number }> {
  const folder = mkdtempSync(join(folders, 'downloads-'));
  const began = performance.now();
  const before = childrenCpuMs();
  const where = ['--quiet', '--no-cache-dir', '--only-binary', ':all:', '--index-url', index, '--dest', folder];
  await runOrThrow('python3', ['-m', 'pip', 'download', ...where, ...WANTED], { env: CLIENT.env, limitMs: LIMIT_MS });
  const ms = performance.now() - began;
  const spentMs = childrenCpuMs() - before;
  const projects = readdirSync(folder).length;
  rmSync(folder, { recursive: true });
  return { ms, cpuMs: spentMs, projects };
}

/** Of programs that this one has waited for. Source: proc(5), stat, fields 16 and 17. */
function childrenCpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

async function measureJobs(): Promise<string> {
  const far = await SlowIndex.start(findUpstream(undefined, undefined).url);
  try {
    const folder = mkdtempSync(join(folders, 'jobs-'));
    const { jobs, seconds, p50, p99, own, asked, peakBytes } = await startColdJobs(folder, far);
    const rows = [
      ['all jobs done after, s', seconds.toFixed(1)],
      ['a job, p50 / p99, s', `${p50.toFixed(1)} / ${p99.toFixed(1)}`],
      ['an own page meanwhile, p50 / p99, ms', `${own.p50.toFixed(1)} / ${own.p99.toFixed(1)}`],
      ['asked of the far index: pages, files, metadata', [asked.pages, asked.files, asked.metadata].join(', ')],
      ['one path, at most, parts among them', `${asked.most} times`],
      [
        'of files, what came more than once, MB',
        `${(asked.againBytes / 1e6).toFixed(1)}${asked.againBytes > 0 ? ', **missed**' : ''}`,
      ],
      ['memory of kho at most, MB', (peakBytes / 1e6).toFixed(0)],
    ];
    return `### ${jobs} jobs at once, each \`uv pip install\` with an empty cache, kho empty too\n\n${table(['', ''], rows)}`;
  } finally {
    far.stop();
  }
}

async function measurePipJobs(): Promise<string> {
  const folder = mkdtempSync(join(folders, 'pip-jobs-'));
  const { jobs, seconds, p50, p99, own, questions, most, sentBytes, wantedBytes, peakBytes } =
    await startPipJobs(folder);
  const rows = [
    ['all jobs done after, s', seconds.toFixed(1)],
    ['a job, p50 / p99, s', `${p50.toFixed(1)} / ${p99.toFixed(1)}`],
    ['an own page meanwhile, p50 / p99, ms', `${own.p50.toFixed(1)} / ${own.p99.toFixed(1)}`],
    ['asked of the index', String(questions)],
    ['one path, at most', `${most} times${most > 1 ? ', **missed**' : ''}`],
    ['MB of files that came / of all files', `${(sentBytes / 1e6).toFixed(1)} / ${(wantedBytes / 1e6).toFixed(1)}`],
    ['memory of kho at most, MB', (peakBytes / 1e6).toFixed(0)],
  ];
  return `### ${jobs} jobs at once, each \`pip download\` of ten wheels of 3 MB, without a cache, kho empty too\n\n${table(['', ''], rows)}`;
}

async function measurePages(): Promise<string> {
  const folder = mkdtempSync(join(folders, 'pages-'));
  const { alone, meanwhile, pages, idleBytes, manyBytes } = await bringBigPages(folder, words.numbers.seconds);
  const rows = [
    ['an own page, nothing else to do', alone.p50.toFixed(1), alone.p99.toFixed(1)],
    [`while ${pages} pages of 15,000 files come`, meanwhile.p50.toFixed(1), meanwhile.p99.toFixed(1)],
  ];
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  const isQuick = meanwhile.p99 <= 50;
  return `### Big pages

${table(['', 'p50, ms', 'p99, ms'], rows)}

p99 of an own page meanwhile ≤ 50 ms: ${isQuick ? 'reached' : '**missed**'}. Memory: ${mb(idleBytes)} before, ${mb(manyBytes)} after 128 pages of 1,500 files (goal ≤ 200 MB: ${manyBytes <= 2e8 ? 'reached' : '**missed**'}).`;
}

function note(runs: Map<string, CacheRun[]>, name: string, run: CacheRun): void {
  runs.set(name, [...(runs.get(name) ?? []), run]);
}

function report(runs: ReadonlyMap<string, readonly CacheRun[]>): string {
  const of = (name: string, read: (run: CacheRun) => number) => median((runs.get(name) ?? []).map(read));
  const isCache = (name: string) => name !== 'direct' && name !== FLOOR;
  const floorMs = of(FLOOR, ({ warmMs }) => warmMs);
  const rows = [...runs.keys()].map((name) => [
    name,
    name === FLOOR ? '' : of(name, ({ coldMs }) => coldMs / 1000).toFixed(1),
    name === 'direct' ? '' : of(name, ({ warmMs }) => warmMs / 1000).toFixed(1),
    isCache(name) ? of(name, ({ warmMs }) => (warmMs - floorMs) / 1000).toFixed(1) : '',
    of(name, ({ pipCpuMs }) => pipCpuMs / 1000).toFixed(1),
    isCache(name) && !name.startsWith('nginx') ? of(name, ({ serverCpuMs }) => serverCpuMs / 1000).toFixed(1) : '',
    ...(['pages', 'files', 'metadata'] as const).map((kind) =>
      name === FLOOR ? '' : String(of(name, ({ asked }) => asked[kind])),
    ),
    name === FLOOR ? '' : of(name, ({ asked }) => asked.bytes / 1e6).toFixed(1),
    isCache(name) ? of(name, ({ bytes }) => bytes / 1e6).toFixed(0) : '',
  ]);
  const ratio = (read: (run: CacheRun) => number, to: string) =>
    median((runs.get('kho') ?? []).map((run, round) => read(run) / read(runs.get(to)?.[round] as CacheRun)));
  const python = Math.min(...['proxpi', 'devpi-server'].map((name) => of(name, ({ warmMs }) => warmMs)));
  const goals: [what: string, value: number, most: number | undefined][] = [
    ['cold / direct', ratio(({ coldMs }) => coldMs, 'direct'), 1.05],
    ['warm / the better of proxpi and devpi', of('kho', ({ warmMs }) => warmMs) / python, 0.5],
    ['the floor / the better of proxpi and devpi', floorMs / python, undefined],
    [
      'warm above the floor / that of the better of proxpi and devpi',
      (of('kho', ({ warmMs }) => warmMs) - floorMs) / (python - floorMs),
      0.5,
    ],
    ['warm / nginx', ratio(({ warmMs }) => warmMs, 'nginx proxy_cache'), 1.1],
    ['bytes from the far index / direct', ratio(({ asked }) => asked.bytes, 'direct'), 1],
  ];
  const verdicts = goals.map(([what, value, most]) => [
    what,
    value.toFixed(2),
    most === undefined ? 'no cache can be below' : `≤ ${most.toFixed(2)}: ${value <= most ? 'reached' : '**missed**'}`,
  ]);
  return `### ${of('kho', ({ projects }) => projects)} projects by \`pip download\`, the index 100 ms away, 4 MB/s a connection

${table(HEADS, rows)}

${table(['kho', 'is', 'goal'], verdicts)}`;
}

mkdirSync(folders, { recursive: true });
await main();
