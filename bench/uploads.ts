/**
 * Measures uploads beside pypiron, pypiserver and devpi-server, on the same disk; writes the tables into bench/README.md.
 *
 * `npm run bench:uploads -- [--part NAME]… [--rounds N] [--seconds N] [--wheels N] [--dry]`
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchParts, measureInParts, readWords } from './in-parts.ts';
import { median } from './measure.ts';
import { table } from './report.ts';
import { installPythonServers, installUploadServers } from './tools.ts';
import { bigWheels } from './uploading/big-rounds.ts';
import { CLIENTS, type ManyUploads, uploadMany } from './uploading/many-uploads.ts';
import { memoryOf } from './uploading/memory.ts';
import { PACE, type ReadMeanwhile, readMeanwhile } from './uploading/read-meanwhile.ts';
import { KHO_SERVER, peerServers, type TakingServer, type UploadServer } from './uploading/upload-servers.ts';
import { smallWheels } from './uploading/wheels.ts';

const MARKS = [
  '<!-- uploads: npm run bench:uploads writes what is between here -->',
  '<!-- and here: uploads -->',
] as const;

const words = readWords({ rounds: 3, seconds: 4, wheels: 1000 });
const { rounds: ROUNDS, seconds: SECONDS, wheels: WHEELS } = words.numbers;

/** Beside those that take a second for each: they tell how it would go on, and a bench ends within minutes. */
const WHEELS_OF_SLOW = 100;

const folders = mkdtempSync(join(tmpdir(), 'kho-bench-uploads-'));

async function main(): Promise<void> {
  process.on('SIGINT', () => process.exit(130));
  process.on('exit', () => rmSync(folders, { recursive: true, force: true }));
  const [python, other] = [installPythonServers(), installUploadServers()];
  const peers = peerServers((name) => (name === 'pypiron' ? other : python)(name));
  const parts: BenchParts = {
    many: () => measureMany(peers),
    big: () => measureBig(peers),
    readers: () => measureReaders(peers),
    memory: measureMemory,
  };
  await measureInParts(parts, words, MARKS, 'clients and one server make 2 to 3');
}

/** What an answer means. Source: system calls of both while 400 wheels came (strace): pypiron made 400 fdatasync, and flushed nothing else. */
function promises(): string {
  return table(
    ['after an answer of 200', 'kho', 'pypiron'],
    [
      ['its bytes survive a power cut', 'yes', 'yes'],
      ['its name in the folder does', 'yes', 'not flushed'],
      ['what the server knows of it does', 'yes, before the file has its name', 'not flushed'],
      ['it is listed', 'yes, and its pages survive', 'soon; with --wait-on-upload, yes'],
    ],
  );
}

/** Started over an empty folder, and ended. */
async function using<T>(server: UploadServer, use: (running: TakingServer, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(folders, 'server-'));
  const running = await server.start(folder);
  try {
    return await use(running, folder);
  } finally {
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
    execFileSync('sync'); // what one leaves to be written does not hold up the next
  }
}

async function measureMany(peers: UploadServer[]): Promise<string> {
  const wheels = smallWheels(WHEELS, 'many');
  const runs = new Map<string, (ManyUploads & { wheels: number })[]>();
  const [pypiron, waiting, ...slow] = peers as [UploadServer, UploadServer, ...UploadServer[]];
  for (let round = 0; round < ROUNDS; round++) {
    for (const server of round === 0 ? [KHO_SERVER, pypiron, ...slow, waiting] : [KHO_SERVER, pypiron]) {
      console.error(`${server.name}: round ${round + 1}`);
      const own = server === waiting ? wheels.slice(0, WHEELS_OF_SLOW) : wheels;
      const run = await using(server, (running) => uploadMany(running, own));
      runs.set(server.name, [...(runs.get(server.name) ?? []), { ...run, wheels: own.length }]);
    }
  }
  const of = (name: string, read: (run: ManyUploads & { wheels: number }) => number) =>
    median((runs.get(name) ?? []).map(read));
  const ratios = (runs.get(pypiron.name) ?? []).map(
    ({ wallMs }, round) => (runs.get('kho')?.[round]?.wallMs ?? 0) / wallMs,
  );
  const others = slow.map(({ name }) => of('kho', ({ wallMs }) => wallMs) / of(name, ({ wallMs }) => wallMs));
  const worst = Math.max(median(ratios), ...others);
  const p95 = of('kho', ({ answersMs }) => at(answersMs, 0.95));
  const rows = [...runs.keys()].map((name) => [
    name,
    String(of(name, (run) => run.wheels)),
    of(name, ({ wallMs }) => wallMs / 1000).toFixed(2),
    of(name, (run) => run.wallMs / run.wheels).toFixed(1),
    ...[0.5, 0.95, 0.99].map((part) => of(name, ({ answersMs }) => at(answersMs, part)).toFixed(0)),
    of(name, (run) => run.cpuMs / run.wheels).toFixed(1),
    (of(name, ({ peakBytes }) => peakBytes) / 1e6).toFixed(0),
  ]);
  return `### Many small wheels, ${CLIENTS} clients at once

${table(['', 'wheels', 'until the last is installable, s', 'a wheel, ms', 'an answer: p50, ms', 'p95', 'p99', 'CPU of the server a wheel, ms', 'peak, MB'], rows)}

kho / the best of the others: ${worst.toFixed(2)} (goal ≤ 1.00: ${worst <= 1 ? 'reached' : '**missed**'}); p95 of an answer ${p95.toFixed(0)} ms (goal ≤ 2000: ${p95 <= 2000 ? 'reached' : '**missed**'}). kho and pypiron: ${ROUNDS} rounds in turns, ratio of each pair; the others: one.

${promises()}`;
}

async function measureBig(peers: UploadServer[]): Promise<string> {
  const [pypiron, , ...slow] = peers as [UploadServer, UploadServer, ...UploadServer[]];
  return bigWheels([KHO_SERVER, pypiron, ...slow], ROUNDS, using);
}

async function measureReaders(peers: UploadServer[]): Promise<string> {
  const rows: string[][] = [];
  let verdict = '';
  for (const server of [KHO_SERVER, peers[0] as UploadServer]) {
    console.error(server.name);
    const run = await using(server, (running) => readMeanwhile(running, SECONDS));
    rows.push(readersRow(server.name, run));
    const kept = run.meanwhile.perSecond / run.alone.perSecond;
    if (server === KHO_SERVER)
      verdict = `kho keeps ${(100 * kept).toFixed(0)} % of a steady ${PACE} pages/s (goal ≥ 70 %: ${kept >= 0.7 ? 'reached' : '**missed**'}).`;
  }
  return `### Pages while ${CLIENTS} clients upload

${table(['', `asked for ${PACE}/s: alone`, 'p99, ms', 'meanwhile', 'p99, ms', 'kept', 'wrk alone, pages/s', 'meanwhile', 'kept', 'uploads/s meanwhile'], rows)}

${verdict}`;
}

function readersRow(
  name: string,
  { alone, meanwhile, wrkAlone, wrkMeanwhile, uploadsPerSecond }: ReadMeanwhile,
): string[] {
  return [
    name,
    ...[alone, meanwhile].flatMap(({ perSecond, p99 }) => [perSecond.toFixed(0), p99.toFixed(1)]),
    (meanwhile.perSecond / alone.perSecond).toFixed(2),
    wrkAlone.toFixed(0),
    wrkMeanwhile.toFixed(0),
    (wrkMeanwhile / wrkAlone).toFixed(2),
    uploadsPerSecond.toFixed(0),
  ];
}

async function measureMemory(): Promise<string> {
  const { idle, small, big } = await using(KHO_SERVER, memoryOf);
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  return `### Memory of kho

${table(['after its start', 'peak with a wheel of 50 MB', 'peak with one of 2 GB'], [[mb(idle), mb(small), mb(big)]])}

The peak of all of it is ${(big / small).toFixed(2)} times that of the small one (goal: flat, ≤ 1.25: ${big / small <= 1.25 ? 'reached' : '**missed**'}).`;
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
}

mkdirSync(folders, { recursive: true });
await main();
