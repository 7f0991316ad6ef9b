/**
 * Lock files as their own tools write them, at the centre: an edge brings what each names for its machines, and the tool installs that where
 * the centre was, with the centre gone. On machines with musl, and of 32-bit ARM (in QEMU), which have pip alone, that installs what the tool makes of
 * its lock for it.
 */
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { Machine } from '../support/machine.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { type Run, runProgram } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { KHO, venvProgram } from '../support/tools.ts';

const NEEDED = { app: '1.0', glue: '1.1', speedy: '1.0', fastlib: '1.0', compiled: '1.0' };
const DEPENDENCIES = ['app', 'speedy[fast]', 'compiled', 'winonly; sys_platform == "win32"'];
const MACHINES = ['manylinux_2_17_x86_64', 'manylinux_2_31_armv7l', 'musllinux_1_1_x86_64', 'win_amd64'];

let town: TestSite;
let edge: TestSite;
let folder: string;
let front: string;
let nginx: Nginx;

beforeEach(async () => {
  [town, edge] = [new TestSite(), new TestSite()];
  folder = mkdtempSync(join(tmpdir(), 'kho-front-'));
  for (const path of [town.root, edge.root, folder]) chmodSync(path, 0o755); // nginx reads it as somebody else
  town.put('kho.toml', 'pages = false\n[repositories.main]\nsync = true\n');
  const wheel = (name: string, version: string, metadata: string[] = []) =>
    town.wheel('main', { name, version, metadata });
  wheel('app', '1.0', ['Requires-Dist: glue>=1.1; sys_platform == "linux"']);
  for (const version of ['1.0', '1.1']) wheel('glue', version);
  wheel('speedy', '1.0', ['Provides-Extra: fast', 'Requires-Dist: fastlib; extra == "fast"']);
  for (const name of ['fastlib', 'winonly', 'devtool', 'unneeded']) wheel(name, '1.0');
  for (const machine of MACHINES)
    town.wheel('main', { name: 'compiled', version: '1.0', tag: `cp311-abi3-${machine}` });
  await kho('build', town.root);
  front = join(folder, 'site');
  symlinkSync(town.root, front);
  nginx = await startNginx(front);
});
afterEach(async () => {
  await nginx.stop();
  town.close();
  edge.close();
  rmSync(folder, { recursive: true });
});

const kho = (...words: string[]) => runProgram(process.execPath, [KHO, ...words], { cwd: '/' });

/** At the same address from now on: a tool installs from where it locked. */
function putEdgeInThePlaceOfTheCentre(): void {
  symlinkSync(edge.root, `${front}.new`);
  renameSync(`${front}.new`, front);
}

interface Locked {
  /** The lock, a path. */
  lock: string;
  /** Of another environment than that it was made in. @returns its python */
  install(): Promise<string>;
  /** The same for pip, with hashes, where the tool can tell it. */
  requirements?: () => Promise<Run>;
}

type LockWith = (index: string) => Promise<Locked>;

const TOOLS: Record<string, LockWith> = {
  async uv(index) {
    const client = new Client();
    const python = await client.makeVenv('uv');
    const cwd = await client.project({ 'pyproject.toml': pyproject('') });
    const uv = (...words: string[]) =>
      client.run(venvProgram('uv', 'uv'), [...words, '--default-index', index], { cwd });
    await uv('lock', '--python', python);
    return {
      lock: join(cwd, 'uv.lock'),
      async install() {
        await uv('sync', '--frozen', '--no-install-project', '--no-cache', '--python', python);
        return join(cwd, '.venv', 'bin', 'python');
      },
      requirements: () => uv('export', '--frozen', '--no-emit-project', '--no-dev', '--no-header'),
    };
  },
  async poetry(index) {
    const client = new Client({ POETRY_VIRTUALENVS_IN_PROJECT: 'true', POETRY_NO_INTERACTION: '1' });
    const source = `[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\nname = "main"\nurl = "${index}"\npriority = "primary"\n`;
    const cwd = await client.project({ 'pyproject.toml': pyproject(source) });
    const poetry = (...words: string[]) => client.run(venvProgram('poetry', 'poetry'), words, { cwd });
    await poetry('lock');
    return {
      lock: join(cwd, 'poetry.lock'),
      async install() {
        await poetry('install', '--no-root', '--no-cache');
        return join(cwd, '.venv', 'bin', 'python');
      },
    };
  },
  async pdm(index) {
    const client = new Client();
    const python = await client.makeVenv('pdm');
    const source = `[tool.pdm]\ndistribution = false\n[[tool.pdm.source]]\nname = "pypi"\nurl = "${index}"\nverify_ssl = false\n`;
    const cwd = await client.project({ 'pyproject.toml': pyproject(source) });
    const pdm = (...words: string[]) => client.run(venvProgram('pdm', 'pdm'), words, { cwd });
    await pdm('use', python);
    await pdm('lock', '-G', ':all');
    return {
      lock: join(cwd, 'pdm.lock'),
      async install() {
        await pdm('sync', '--no-self');
        return python;
      },
      requirements: () => pdm('export', '--prod', '--format', 'requirements'),
    };
  },
  async pipenv(index) {
    const client = new Client({ PIPENV_VENV_IN_PROJECT: '1', PIPENV_NOSPIN: '1', PIPENV_YES: '1' });
    const packages = 'app = "*"\ncompiled = "*"\nspeedy = { version = "*", extras = ["fast"] }\n';
    const winonly = `winonly = { version = "*", markers = "sys_platform == 'win32'" }\n`;
    const cwd = await client.project({
      Pipfile: `[[source]]\nurl = "${index}"\nverify_ssl = false\nname = "main"\n[packages]\n${packages}${winonly}[dev-packages]\ndevtool = "*"\n`,
    });
    const pipenv = (...words: string[]) => client.run(venvProgram('pipenv', 'pipenv'), words, { cwd });
    await pipenv('--python', venvProgram('pipenv', 'python'), 'lock');
    return {
      lock: join(cwd, 'Pipfile.lock'),
      async install() {
        await pipenv('sync');
        return join(cwd, '.venv', 'bin', 'python');
      },
      requirements: () => pipenv('requirements', '--hash'),
    };
  },
  async 'pip lock'(index) {
    const client = new Client();
    const python = await client.copyVenv('pip-latest');
    const lock = join(client.home, 'pylock.toml');
    await client.run(python, ['-m', 'pip', 'lock', '--index-url', index, ...DEPENDENCIES, '-o', lock]);
    return {
      lock,
      async install() {
        await client.run(python, ['-m', 'pip', 'install', '--no-cache-dir', '-r', lock]);
        return python;
      },
    };
  },
};

function pyproject(more: string): string {
  return `[project]
name = "field"
version = "1"
requires-python = ">=3.11"
dependencies = ${JSON.stringify(DEPENDENCIES)}
[dependency-groups]
dev = ["devtool"]
${more}`;
}

/** The edge follows by that lock, for one kind of machine. @returns names of the wheels that it has then */
async function follow(lock: string, platform: string): Promise<string[]> {
  const name = lock.slice(lock.lastIndexOf('/') + 1);
  edge.put(`locks/${name}`, readFileSync(lock));
  edge.put('main/packages/.keep', '');
  const follow = `[follow]\nurl = "${nginx.url}/"\nneeds = ["locks/${name}"]\npythons = ["3.11"]\n`;
  edge.put('kho.toml', `pages = false\n[repositories.main]\nplatforms = ["${platform}"]\n${follow}`);
  const pulled = await kho('pull', '--site', edge.root, '--json');
  expect([pulled.exitCode, pulled.stderr]).toEqual([0, '']);
  return readdirSync(join(edge.root, 'main/packages')).filter((file) => file.endsWith('.whl'));
}

test.each(Object.entries(TOOLS))('%s', async (_tool, lockWith) => {
  const { lock, install } = await lockWith(`${nginx.url}/main/simple/`);
  const there = await follow(lock, 'glibc-x86_64');
  expect(there.filter((file) => /^(?:winonly|unneeded)|armv7l|musllinux|win_amd64|^glue-1\.0/.test(file))).toEqual([]);
  putEdgeInThePlaceOfTheCentre();
  const client = new Client();
  expect(await client.installed(await install())).toMatchObject(NEEDED);
});

test.each([
  ['uv', 'musl-1.2.3', 'musl-x86_64', 'musllinux_1_1_x86_64'],
  ['pdm', 'musl-1.2.3', 'musl-x86_64', 'musllinux_1_1_x86_64'],
  ['pipenv', 'musl-1.2.3', 'musl-x86_64', 'musllinux_1_1_x86_64'],
  ['uv', 'armhf-debian-12', 'armhf', 'manylinux_2_31_armv7l'],
  ['pdm', 'armhf-debian-12', 'armhf', 'manylinux_2_31_armv7l'],
  ['pipenv', 'armhf-debian-12', 'armhf', 'manylinux_2_31_armv7l'],
] as const)('%s, for the pip of a machine with %s', async (tool, name, platform, tag) => {
  const locked = await (TOOLS[tool] as LockWith)(`${nginx.url}/main/simple/`);
  const there = await follow(locked.lock, platform);
  expect(there.filter((file) => file.startsWith('compiled-'))).toEqual([`compiled-1.0-cp311-abi3-${tag}.whl`]);
  const file = join(folder, 'requirements.txt');
  writeFileSync(file, (await locked.requirements?.())?.stdout ?? '');
  putEdgeInThePlaceOfTheCentre();
  const machine = await Machine.start(name);
  const installed = await machine.install(`${nginx.url}/main/simple/`, '--require-hashes', '-r', file);
  expect([installed.exitCode, installed.stderr]).toEqual([0, expect.not.stringContaining('ERROR')]);
  const { stdout } = await machine.python('-m', 'pip', 'list', '--format', 'json');
  const versions = (JSON.parse(stdout) as { name: string; version: string }[]).map((each) => [each.name, each.version]);
  expect(Object.fromEntries(versions)).toMatchObject(NEEDED);
});
