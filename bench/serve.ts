/**
 * Measures kho's own server, beside nginx and servers written in Python, and its watching; writes the tables into bench/README.md.
 *
 * `npm run bench:serve -- [--part NAME]… [--pairs N] [--seconds N] [--dry]`
 */
import { type BenchParts, measureInParts, readWords } from './in-parts.ts';
import { median, medianCost } from './measure.ts';
import { table } from './report.ts';
import * as besideNginx from './serving/compare-nginx.ts';
import * as besidePython from './serving/compare-python.ts';
import { compilePairs } from './serving/compile-requirements.ts';
import { pythonServers } from './serving/python-servers.ts';
import { residentBytes, startKho, startNginx } from './serving/servers.ts';
import { BIG_PAGE, BIG_WHEEL, bigFiles, makeRealSite, makeSite, removeSites, workloads } from './serving/sites.ts';
import { measureStartUp } from './serving/start-up.ts';
import { measureLatency } from './serving/watch-latency.ts';
import { installPythonServers } from './tools.ts';

const MARKS = [
  '<!-- serving: npm run bench:serve writes what is between here -->',
  '<!-- and here: serving -->',
] as const;

const words = readWords({ pairs: 7, seconds: 3 });
const PAIRS = words.numbers.pairs;

/** As many files as the goals speak of. */
const FILES = 10_000;
const STARTS = 7;
const START_UPS = 31;
const COPIES = 15;
const COMPILES = 21;

const PARTS: BenchParts = {
  ready: measureReady,
  nginx: measureBesideNginx,
  python: measureBesidePython,
  compile: measureCompile,
  watch: measureWatching,
  wheel: async () => measureWheel(),
};

async function main(): Promise<void> {
  process.on('SIGINT', () => process.exit(130));
  process.on('exit', removeSites);
  await measureInParts(PARTS, words, MARKS, 'wrk and one server make 2');
}

async function measureReady(): Promise<string> {
  const site = makeSite(FILES);
  const ready: number[] = [];
  let idleBytes = 0;
  for (let count = 0; count < STARTS; count++) {
    const server = await startKho(site);
    ready.push(server.readyMs);
    idleBytes = residentBytes(server.pid);
    await server.stop();
  }
  return `### Ready

${table(
  ['`kho serve` of 10,000 files, published before', 'measured', 'goal', ''],
  [
    [
      `from its start to the first answer, median of ${STARTS}`,
      `${median(ready).toFixed(0)} ms`,
      ...goal(median(ready), 300, 'ms'),
    ],
    ['in memory then', `${(idleBytes / 1e6).toFixed(0)} MB`, ...goal(idleBytes / 1e6, 80, 'MB')],
  ],
)}`;
}

async function measureBesideNginx(): Promise<string> {
  const site = makeSite(FILES);
  const [kho, nginx] = [await startKho(site), await startNginx(site)];
  try {
    const counts = { pairs: PAIRS, seconds: words.numbers.seconds };
    const rows = await besideNginx.compareWithNginx(nginx, kho, workloads(site), counts);
    const after = (residentBytes(kho.pid) / 1e6).toFixed(0);
    return `### Beside nginx\n\n${table(besideNginx.HEAD, rows)}\n\n${counts.pairs} pairs of ${counts.seconds} s each; kho holds ${after} MB afterwards.`;
  } finally {
    await kho.stop();
    await nginx.stop();
  }
}

async function measureBesidePython(): Promise<string> {
  const site = makeSite(FILES);
  const kho = await startKho(site);
  try {
    const content = {
      project: 'big',
      files: bigFiles(site),
      program: installPythonServers(),
      upstream: `${kho.url}/simple/`,
    };
    const counts = { page: BIG_PAGE, filename: BIG_WHEEL, rounds: 3, seconds: 2 };
    const { rows, verdict } = await besidePython.compareWithPython(kho, pythonServers(content), counts);
    return `### Beside servers written in Python\n\n${table(besidePython.HEAD, rows)}\n\nkho answers ${verdict}.`;
  } finally {
    await kho.stop();
  }
}

async function measureCompile(): Promise<string> {
  const site = makeRealSite();
  const [kho, nginx] = [await startKho(site), await startNginx(site, true)];
  try {
    const [ofKho, ofNginx] = compilePairs([`${kho.url}/simple/`, `${nginx.url}/simple/`], COMPILES);
    const ratio = median(ofKho.map(({ wallMs }, pair) => wallMs / ofNginx[pair]!.wallMs));
    const [k, n] = [medianCost(ofKho).wallMs, medianCost(ofNginx).wallMs].map((wallMs) => `${wallMs.toFixed(0)} ms`);
    const rows = [[k, n, ratio.toFixed(2), ...goal(ratio, 1.15, '')]];
    return `### \`uv pip compile\` of 20 requirements\n\n${table(['against kho', 'against nginx', 'kho / nginx', 'goal', ''], rows)}`;
  } finally {
    await kho.stop();
    await nginx.stop();
  }
}

async function measureWatching(): Promise<string> {
  const rows: string[][] = [];
  for (const [files, goalMs] of [
    [1000, 500],
    [FILES, 1000],
  ] as const) {
    const { medianMs, worstMs } = await measureLatency(makeSite(files), files, COPIES);
    rows.push([
      String(files),
      `${medianMs.toFixed(0)} ms`,
      `${worstMs.toFixed(0)} ms`,
      ...goal(medianMs, goalMs, 'ms'),
    ]);
  }
  return `### From the last byte of a copied wheel to the index\n\n${table(['files', `median of ${COPIES}`, 'slowest', 'goal', ''], rows)}`;
}

function measureWheel(): string {
  const rows = measureStartUp(START_UPS).map(({ words, wheel, bundle }) => {
    const ratio = median(wheel.map(({ wallMs }, pair) => wallMs / bundle[pair]!.wallMs));
    const [ofWheel, ofBundle] = [wheel, bundle].map((costs) => `${medianCost(costs).wallMs.toFixed(1)} ms`);
    return [`\`kho ${words}\``, ofWheel, ofBundle, ratio.toFixed(2), ...goal(ratio, 1.3, '')];
  });
  return `### Start-up through the Python wheel\n\n${table(['', 'wheel', '`node dist/kho.js`', 'wheel / node', 'goal', ''], rows)}`;
}

function goal(measured: number, most: number, unit: string): string[] {
  return [`≤ ${most}${unit && ` ${unit}`}`, measured <= most ? 'reached' : 'missed'];
}

await main();
