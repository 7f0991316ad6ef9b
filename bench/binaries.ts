/**
 * What reading programs and libraries costs a cold build of real binary wheels (test/e2e/binary-corpus.txt): its processor time,
 * measured by itself, beside that of the whole build. Then a run with no change, which opens nothing.
 *
 *   npx tsx bench/binaries.ts     after `npm run build`
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySource } from '../src/formats/byte-source.ts';
import { readPackage } from '../src/inspect/read-package.ts';
import { type CorpusFile, copyTo, corpus } from '../test/support/corpus.ts';
import { KHO } from '../test/support/tools.ts';

const ROUNDS = 3;

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] as number;
}

/** Processor and wall time of a build, in ms. */
function build(site: string): { cpu: number; wall: number } {
  const program = `const { spawnSync } = require('child_process');
    spawnSync(process.execPath, [${JSON.stringify(KHO)}, 'build', ${JSON.stringify(site)}], { stdio: 'ignore' });
    const t = process.getBuiltinModule('os') && require('fs').readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
    console.log(10 * (Number(t[13]) + Number(t[14])));`;
  const started = performance.now();
  const { stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  return { cpu: Number(stdout), wall: performance.now() - started };
}

/** Of one thread, in ms. */
async function readAll(files: readonly CorpusFile[]): Promise<number> {
  let ms = 0;
  for (const { filename, path } of files) {
    const contents = await readPackage(filename, memorySource(await readFile(path)));
    const started = performance.now();
    await contents.readBinaries?.('quick');
    ms += performance.now() - started;
  }
  return ms;
}

const all = await corpus(undefined, 'binary-corpus.txt');
for (const [name, files] of [
  ['glibc', all.filter(({ filename }) => filename.includes('manylinux'))],
  ['musl', all.filter(({ filename }) => /-musllinux/.test(filename))],
] as const) {
  const elf = await readAll(files); // once: what was read before is remembered
  const builds: { cpu: number; wall: number }[] = [];
  const unchanged: { cpu: number; wall: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const site = await mkdtemp(join(tmpdir(), 'kho-bench-binaries-'));
    await copyTo(join(site, 'real', 'packages'), files);
    builds.push(build(site));
    unchanged.push(build(site));
    await rm(site, { recursive: true });
  }
  const cpu = median(builds.map((each) => each.cpu));
  const share = Math.round((100 * elf) / (cpu - elf));
  console.log(
    `| ${name} | ${files.length} | ${cpu} | ${Math.round(elf)} | ${share} % | ${Math.round(median(builds.map(({ wall }) => wall)))} | ${Math.round(median(unchanged.map(({ wall }) => wall)))} |`,
  );
}
