/** An edge that follows a centre over a line that breaks every 64 kB: it comes to what the centre has, installs with the centre gone, and is killed at any moment. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { CatalogueFile } from '../../src/sync-format/catalogue.ts';
import { Client } from '../support/client.ts';
import { copySite } from '../support/crash-site.ts';
import { ProgramKiller } from '../support/kill-program.ts';
import { killsFor } from '../support/kill-writes.ts';
import { MadeCentre, pipLock, sha256 } from '../support/made-centre.ts';
import { startNginx } from '../support/nginx.ts';
import { runProgram } from '../support/run-program.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { TestSite } from '../support/site.ts';
import { serveStatic } from '../support/static-server.ts';
import { ThinLine } from '../support/thin-line.ts';
import { KHO, venvProgram } from '../support/tools.ts';

/** 32 kB a second and 300 ms, forty times as quick. */
const FARM = { rate: 40 * 32_000, latencyMs: 300 / 40, resetAfter: 64_000, seed: 7 };

/** Spread over all calls; a run is a second or two. */
const KILLS = 4;

let centre: MadeCentre;
let edge: TestSite;

beforeEach(async () => {
  [centre, edge] = [await MadeCentre.start('common'), new TestSite()];
  edge.put('common/packages/.keep', '');
});
afterEach(() => {
  centre.stop();
  edge.close();
});

const noise = seededRandom(42);

/** What does not get smaller by packing. */
function wheel(name: string, version: string, kilobytes: number, requires: string[] = []): CatalogueFile {
  const bytes = Uint8Array.from({ length: 1000 * kilobytes }, () => Math.floor(256 * noise()));
  const metadata = requires.map((each) => `Requires-Dist: ${each}`);
  return centre.wheel({ name, version, metadata, members: { [`${name}/data.bin`]: bytes } });
}

function follow(site: TestSite, url: string): void {
  const text = `url = "${url}"\nneeds = ["locks/*.txt"]\npythons = ["3.11"]\nkeep = 1\n`;
  site.put('kho.toml', `[repositories.common]\nplatforms = ["glibc-x86_64"]\n[follow]\n${text}`);
}

const kho = (...words: string[]) => runProgram(process.execPath, [KHO, ...words], { cwd: '/' });
const centrePort = () => (centre.server.server.address() as AddressInfo).port;

test('an edge behind a line that is reset every 64 kB has all of it for little more than its bytes, and installs it offline', async () => {
  const files = [wheel('app', '1.0', 500, ['core', 'glue']), wheel('core', '1.0', 300), wheel('glue', '1.0', 20)];
  centre.publish();
  const line = await ThinLine.open(centrePort(), FARM);
  onTestFinished(() => line.close());
  follow(edge, line.url);
  edge.put('locks/field.txt', pipLock(files));
  await edge.build();
  const dry = await kho('pull', '--site', edge.root, '--dry-run', '--rate', '32k');
  const needed = files.reduce((sum, { size }) => sum + size, 0);
  expect([dry.exitCode, dry.stdout]).toEqual([
    0,
    expect.stringMatching(/82\d kB to come, 2\d\.\d s at 32 kB a second/),
  ]);
  const before = line.carried;
  const run = await kho('pull', '--site', edge.root, '--json');
  expect([run.exitCode, run.stderr]).toEqual([0, expect.anything()]);
  expect(JSON.parse(run.stdout)).toMatchObject({ counter: 1, locks: [{ path: 'locks/field.txt', isWhole: true }] });
  expect(line.resets).toBeGreaterThanOrEqual(8);
  expect((line.carried - before) / needed).toBeLessThan(1.1);
  const again = line.carried;
  expect((await kho('pull', '--site', edge.root)).exitCode).toBe(0);
  expect(line.carried - again).toBeLessThan(500);
  line.isCut = true;
  const gone = await kho('pull', '--site', edge.root);
  expect([gone.exitCode, gone.stderr]).toEqual([2, expect.stringContaining('Cannot fetch')]);

  const server = await serveStatic(edge.root);
  onTestFinished(() => server.stop());
  const client = new Client();
  const target = join(client.home, 'target');
  copyFileSync(join(edge.root, 'locks/field.txt'), join(client.home, 'field.txt'));
  const words = ['-m', 'pip', 'install', '--no-input', '--isolated', '--require-hashes', '-r', 'field.txt'];
  const index = ['--index-url', `${server.url}common/simple/`, '--target', target, '--only-binary=:all:'];
  const pip = await client.tryToRun(venvProgram('pip-latest', 'python'), [...words, ...index]);
  expect([pip.exitCode, pip.stderr]).toEqual([0, expect.anything()]);
  for (const name of ['app-1.0', 'core-1.0', 'glue-1.0'])
    expect(existsSync(join(target, `${name}.dist-info`))).toBe(true);
  const status = await kho('status', edge.root);
  expect([status.exitCode, status.stdout]).toEqual([0, expect.stringContaining('counter 1, asked')]);
}, 60_000);

test('an edge that is killed at any moment serves what it served or all of the new, and the next run brings the rest', async () => {
  const files = [wheel('app', '1.0', 40, ['core']), wheel('core', '1.0', 20)];
  centre.publish();
  follow(edge, centre.url);
  edge.put('locks/field.txt', pipLock(files));
  await edge.build();
  expect((await kho('pull', '--site', edge.root)).exitCode).toBe(0);
  const newer = [wheel('app', '2.0', 40, ['core']), wheel('core', '2.0', 20)];
  centre.publish();
  edge.put('locks/field.txt', pipLock(newer));
  const words = ['pull', '--site'];
  const done = new TestSite();
  const site = new TestSite();
  onTestFinished(() => [done, site].forEach((each) => void each.close()));
  copySite(edge, done);
  const [first, killer] = [new ProgramKiller([done.root]), new ProgramKiller([site.root])];
  onTestFinished(() => [first, killer].forEach((each) => void each.close()));
  const kills = killsFor(await first.callsOf([...words, done.root]));
  expect(wrong(done, newer)).toEqual([]);
  for (let at = 0; at < KILLS; at++) {
    const kill = kills[Math.floor(((at + 0.5) * kills.length) / KILLS)] as (typeof kills)[number];
    copySite(edge, site);
    await killer.kill([...words, site.root], kill);
    if (wrong(site, newer).length > 0) expect([kill, wrong(site, files)]).toEqual([kill, []]);
    expect([kill, (await kho(...words, site.root)).exitCode]).toEqual([kill, 0]);
    expect([kill, wrong(site, newer)]).toEqual([kill, []]);
    const check = await kho('check', site.root);
    expect([kill, check.exitCode, check.stdout]).toEqual([kill, 0, expect.anything()]);
  }
}, 120_000);

test('an edge follows a real centre behind a web server, signed, by a lock of uv, and uv installs that offline', async () => {
  const town = new TestSite();
  onTestFinished(() => town.close());
  chmodSync(town.root, 0o755); // nginx reads it as somebody else
  town.put('kho.toml', '[repositories.common]\nsync = true\nsign = true\n');
  for (const version of ['1.0', '1.1']) town.wheel('common', { name: 'glue', version });
  town.wheel('common', { name: 'app', version: '1.0', metadata: 'Requires-Dist: glue<1.1' });
  town.wheel('common', { name: 'unneeded', version: '1.0' });
  await kho('build', town.root);
  const keys = mkdtempSync(join(tmpdir(), 'kho-keys-'));
  onTestFinished(() => rmSync(keys, { recursive: true }));
  const [key, stranger] = ['an', 'stranger'].map((name) => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(keys, name)]);
    return {
      path: join(keys, name),
      line: `${name} namespaces="kho" ${readFileSync(join(keys, `${name}.pub`), 'utf8')}`,
    };
  }) as [{ path: string; line: string }, { path: string; line: string }];
  const nginx = await startNginx(town.root);
  let isStopped = false;
  onTestFinished(async () => {
    if (!isStopped) await nginx.stop();
  });
  const client = new Client();
  const uv = venvProgram('uv', 'uv');
  const python = await client.makeVenv('uv');
  const project = await client.project({
    'pyproject.toml': `[project]\nname = "field"\nversion = "1"\nrequires-python = ">=3.8"\ndependencies = ["app"]\n`,
  });
  await client.run(uv, ['lock', '--python', python, '--default-index', `${nginx.url}/common/simple/`], {
    cwd: project,
  });
  for (const name of ['uv.lock', 'pyproject.toml']) edge.put(`field/${name}`, readFileSync(join(project, name)));
  follow(edge, `${nginx.url}/`);
  edge.put(
    'kho.toml',
    edge.read('kho.toml').replace('needs = ["locks/*.txt"]', 'needs = ["field/uv.lock"]\nallowed_signers = "signers"'),
  );
  edge.put('signers', stranger.line);
  await edge.build();
  const pull = () => kho('pull', '--site', edge.root, '--json');
  const unsigned = await pull();
  expect([unsigned.exitCode, unsigned.stderr]).toEqual([2, expect.stringContaining('it answers 404')]);
  expect((await kho('sign', town.root, '--key', key.path)).exitCode).toBe(0);
  const strange = await pull();
  expect([strange.exitCode, strange.stderr]).toEqual([2, expect.stringContaining('is by a key that may not sign')]);
  edge.put('signers', key.line);
  const { exitCode, stdout, stderr } = await pull();
  expect([exitCode, stderr]).toEqual([0, expect.anything()]);
  const { locks } = JSON.parse(stdout);
  expect(locks).toMatchObject([{ path: 'field/uv.lock', isWhole: true, files: 2 }]);
  await nginx.stop();
  isStopped = true;

  const server = await serveStatic(edge.root);
  onTestFinished(() => server.stop());
  await client.run(uv, ['export', '--frozen', '--no-emit-project', '--offline', '-o', 'field.txt'], { cwd: project });
  const index = ['--default-index', `${server.url}common/simple/`];
  const words = ['pip', 'install', '--python', python, '--require-hashes', '-r', 'field.txt', ...index];
  await client.run(uv, words, { cwd: project });
  expect(await client.installed(python)).toMatchObject({ app: '1.0', glue: '1.0' });
}, 60_000);

/** Of files, those that a client would not get as a lock file wants them. */
function wrong(site: TestSite, files: readonly CatalogueFile[]): string[] {
  return files.flatMap(({ project, path, sha256: hash }) => {
    const page = `common/simple/${project}/index.json`;
    const listed: { filename: string; url: string; hashes: { sha256: string } }[] = existsSync(join(site.root, page))
      ? site.json(page).files
      : [];
    const file = listed.find(({ filename, hashes }) => filename === path && hashes.sha256 === hash);
    const full = join(site.root, 'common/packages', path);
    return file && existsSync(full) && sha256(readFileSync(full)) === hash ? [] : [path];
  });
}
