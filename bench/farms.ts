/**
 * Measures a central update of 10 of 60 packages to an edge, over a line as farms have it, forty times as quick: what crosses it, and how long
 * that takes. Writes the table into bench/README.md.
 *
 * `npm run bench:farms -- [--dry]`. Bytes are what the line carried to the edge, heads of answers and protocols too.
 */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogueFile } from '../src/sync-format/catalogue.ts';
import { freePort } from '../test/support/free-port.ts';
import { MadeCentre, pipLock } from '../test/support/made-centre.ts';
import { startNginx } from '../test/support/nginx.ts';
import { runProgram } from '../test/support/run-program.ts';
import { seededRandom } from '../test/support/seeded-random.ts';
import { TestSite } from '../test/support/site.ts';
import { type LineQuality, ThinLine } from '../test/support/thin-line.ts';
import { KHO, venvProgram } from '../test/support/tools.ts';
import { measureInParts, readWords } from './in-parts.ts';
import { table } from './report.ts';

const MARKS = ['<!-- farms: npm run bench:farms writes what is between here -->', '<!-- and here: farms -->'] as const;
const TIMES_AS_QUICK = 40;
const LINE = { rate: TIMES_AS_QUICK * 32_000, latencyMs: 300 / TIMES_AS_QUICK, seed: 7 };
const LINES: Record<string, LineQuality> = {
  steady: { ...LINE, resetAfter: Number.MAX_SAFE_INTEGER },
  'reset every 64 kB': { ...LINE, resetAfter: 64_000 },
};
const PACKAGES = 60;
const UPDATED = 10;
/** Of a new version so much is as it was: in kilobytes, in members of that size. */
const MEMBERS = { kept: 7, changed: 3, kilobytes: 40 };
/** Who does not go on by himself is started again, so often at most. */
const MOST_RUNS = 12;

interface BenchedUpdate {
  carried: number;
  seconds: number;
  runs: number;
  isDone: boolean;
}

const random = seededRandom(42);
const noise = (kilobytes: number) => Uint8Array.from({ length: 1000 * kilobytes }, () => Math.floor(256 * random()));
const folder = mkdtempSync(join(tmpdir(), 'kho-bench-farms-'));
chmodSync(folder, 0o755); // nginx reads it as somebody else

try {
  await measureInParts({ farms: measure }, readWords({}), MARKS, 'one process is at work, and the line');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<string> {
  const centre = await MadeCentre.start('common');
  const [town, edge] = ['town', 'edge'].map((name) => {
    mkdirSync(join(folder, name));
    return new TestSite(join(folder, name));
  }) as [TestSite, TestSite];
  /** The same members in each version, but for some. */
  const kept = new Map<string, Uint8Array[]>();
  const release = (index: number, version: string): CatalogueFile => {
    const name = `farm-${index}`;
    const same = kept.get(name) ?? Array.from({ length: MEMBERS.kept }, () => noise(MEMBERS.kilobytes));
    kept.set(name, same);
    const all = [...same, ...Array.from({ length: MEMBERS.changed }, () => noise(MEMBERS.kilobytes))];
    const members = Object.fromEntries(all.map((bytes, at) => [`farm_${index}/part-${at}.bin`, bytes]));
    const file = centre.wheel({ name, version, members });
    town.put(`common/packages/${file.path}`, centre.bytes.get(`packages/${file.path}`) as Uint8Array);
    return file;
  };
  const pull = (site: string, url: string) => {
    const words = [
      '--site',
      site,
      '--from',
      url,
      '-r',
      join(site, 'field.txt'),
      '--into',
      'common',
      '--python',
      '3.11',
    ];
    return runProgram(process.execPath, [KHO, 'pull', ...words]);
  };

  const files = Array.from({ length: PACKAGES }, (_, index) => release(index, '1.0'));
  centre.publish();
  await town.build();
  edge.put('common/packages/.keep', '');
  edge.put('kho.toml', '[repositories.common]\nplatforms = ["glibc-x86_64"]\n');
  edge.put('field.txt', pipLock(files));
  const first = await pull(edge.root, centre.url);
  if (first.exitCode !== 0) throw new Error(first.stderr);
  const copy = join(folder, 'copy');
  cpSync(town.root, copy, { recursive: true, preserveTimestamps: true });
  const newer = Array.from({ length: UPDATED }, (_, index) => release(index, '1.1'));
  for (const file of files.slice(0, UPDATED)) centre.files.delete(file.path);
  centre.publish();
  await town.build();
  edge.put('field.txt', pipLock([...newer, ...files.slice(UPDATED)]));
  writeFileSync(join(folder, 'new.txt'), pipLock(newer));

  const rsyncPort = await freePort();
  const settings = join(folder, 'rsyncd.conf');
  writeFileSync(
    settings,
    `use chroot = no\n[town]\npath = ${town.root}\nuid = ${process.getuid?.()}\ngid = ${process.getgid?.()}\n`,
  );
  const daemon = spawn(
    'rsync',
    ['--daemon', '--no-detach', '--config', settings, '--port', String(rsyncPort), '--address', '127.0.0.1'],
    { stdio: 'ignore' },
  ); // with a pipe as its input it would take it for a client
  daemon.on('error', () => {}); // not installed: then its row says that it was not done
  const nginx = await startNginx(town.root);
  const ports = {
    centre: (centre.server.server.address() as AddressInfo).port,
    nginx: Number(new URL(nginx.url).port),
  };
  const rows: string[][] = [];
  for (const [what, quality] of Object.entries(LINES)) {
    const tell = (who: string, { carried, seconds, runs, isDone }: BenchedUpdate) => {
      rows.push([what, who, (carried / 1e6).toFixed(2), seconds.toFixed(1), String(runs), isDone ? 'yes' : 'no']);
      console.error(rows.at(-1)?.join('  '));
    };
    const at = (name: string) => join(folder, `${name}-${quality.resetAfter}`);
    cpSync(edge.root, at('edge'), { recursive: true, preserveTimestamps: true });
    tell(
      '`kho pull`',
      await carriedBy(ports.centre, quality, async (url) => (await pull(at('edge'), url)).exitCode === 0),
    );
    cpSync(copy, at('copy'), { recursive: true, preserveTimestamps: true });
    const sync = ['-a', '--partial', '--timeout', '20', '--exclude', '.kho*'];
    const rsync = async (url: string) => {
      const from = `${url.replace('http', 'rsync')}town/`;
      return (await runProgram('rsync', [...sync, from, `${at('copy')}/`])).exitCode === 0;
    };
    tell('`rsync` of the site', await carriedBy(rsyncPort, quality, rsync));
    const words = ['-m', 'pip', 'download', '--isolated', '--no-deps', '--no-cache-dir', '-q', '--require-hashes'];
    const pip = async (url: string) => {
      const more = ['--resume-retries', '50', '-d', at('pip'), '-r', join(folder, 'new.txt')];
      const index = ['--index-url', `${url}common/simple/`];
      return (await runProgram(venvProgram('pip-latest', 'python'), [...words, ...more, ...index])).exitCode === 0;
    };
    tell('`pip download` of the ten', await carriedBy(ports.nginx, quality, pip));
  }
  daemon.kill();
  await nginx.stop();
  centre.stop();
  const whole = newer.reduce((sum, { size }) => sum + size, 0);
  rows.push(['any', 'whole files, at the least', (whole / 1e6).toFixed(2), (whole / LINE.rate).toFixed(1), '', '']);
  return table(['line', 'by', 'MB', 's', 'runs', 'all there'], rows);
}

/** @param run says whether all is there; it is started again until then */
async function carriedBy(
  port: number,
  quality: LineQuality,
  run: (url: string) => Promise<boolean>,
): Promise<BenchedUpdate> {
  const line = await ThinLine.open(port, quality);
  const began = performance.now();
  const update: BenchedUpdate = { carried: 0, seconds: 0, runs: 0, isDone: false };
  while (!update.isDone && update.runs < MOST_RUNS) {
    update.runs++;
    update.isDone = await run(line.url);
  }
  line.close();
  return { ...update, carried: line.carried, seconds: (performance.now() - began) / 1000 };
}
