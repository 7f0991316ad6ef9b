/**
 * Real clients install from a built site behind a real nginx: plain files and nothing but `root`, so every page is HTML;
 * and a second nginx that serves the JSON form to those who ask for it, under a prefix.
 */
import { chmod, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { buildClientSite, NEWER_UPLOADS } from '../support/client-site.ts';
import { hasNginx, type Nginx, type NginxLogLine, startNginx } from '../support/nginx.ts';
import type { TestSite } from '../support/site.ts';
import { hasVenv, venvProgram } from '../support/tools.ts';

/** What `acme-app` and the real packages bring, and the code that proves that they work. */
const PRIVATE = { 'acme-app': '1.0', 'acme-core': '1.2.0', 'acme-util': '1.0+vn.1' };
const REAL = { asyncpg: '0.30.0', cffi: '2.0.0', pycparser: '2.23' };
const TRY_PRIVATE = 'import Acme_App, acme_core, acme_util';
const TRY_REAL = 'import asyncpg, asyncpg.protocol.protocol, cffi; assert cffi.FFI().sizeof("int") == 4';

const PREFIX = 'python/packages';
/** What a person adds to nginx for PEP 691. */
const NEGOTIATION = {
  http: `map $http_accept $simple_index {
    default index.html;
    "~application/vnd\\.pypi\\.simple\\.v1\\+json" index.json;
  }`,
  server: `location ~ /simple/ {
    index $simple_index;
    types { text/html html; application/vnd.pypi.simple.v1+json json; }
    add_header Vary Accept;
  }`,
};

let site: TestSite;
/** Where the site is seen under a prefix. */
let above: string;
let nginx: Nginx;
let negotiating: Nginx;
let plainIndex: string;
let jsonIndex: string;

describe.runIf(hasNginx)('behind nginx', () => {
  beforeAll(async () => {
    site = await buildClientSite();
    nginx = await startNginx(site.root);
    above = await mkdtemp(join(tmpdir(), 'kho-above-'));
    await chmod(above, 0o755);
    await mkdir(dirname(join(above, PREFIX)), { recursive: true });
    await symlink(site.root, join(above, PREFIX));
    negotiating = await startNginx(above, NEGOTIATION);
    plainIndex = `${nginx.url}/glibc/simple/`;
    jsonIndex = `${negotiating.url}/${PREFIX}/glibc/simple/`;
  });
  afterAll(async () => {
    await nginx?.stop();
    await negotiating?.stop();
    await rm(above, { recursive: true, force: true });
    site?.close();
  });

  /** All requests since the last look, none of them answered with an error. */
  async function takeRequests(server: Nginx): Promise<NginxLogLine[]> {
    const requests = await server.takeLog();
    expect(requests.filter(({ status }) => status >= 400)).toEqual([]);
    expect(requests.length).toBeGreaterThan(0);
    return requests;
  }

  const wheels = (requests: NginxLogLine[]) => requests.filter(({ path }) => path.endsWith('.whl'));
  const metadata = (requests: NginxLogLine[]) => requests.filter(({ path }) => path.endsWith('.whl.metadata'));

  test.runIf(hasVenv('pip-latest'))(
    'pip installs private and real packages, reading metadata before wheels',
    async () => {
      const client = new Client();
      const python = await client.copyVenv('pip-latest');
      await nginx.takeLog();
      await client.run(python, ['-m', 'pip', 'install', '-i', plainIndex, 'acme-app', 'asyncpg', 'cffi']);
      expect(await client.installed(python)).toMatchObject({ ...PRIVATE, ...REAL });
      await client.run(python, ['-c', `${TRY_PRIVATE}; ${TRY_REAL}`]);

      const requests = await takeRequests(nginx);
      expect(metadata(requests).map(({ path }) => path)).toContain(
        '/common/packages/acme_util-1.0%2Bvn.1-py3-none-any.whl.metadata',
      );
      expect(wheels(requests)).toHaveLength(6);
    },
  );

  test('pip builds a real sdist with the build tools of the same index', async () => {
    const client = new Client();
    const python = await client.copyVenv('pip-latest');
    await client.run(python, ['-m', 'pip', 'install', '-i', plainIndex, 'docopt']);
    expect(await client.installed(python)).toMatchObject({ docopt: '0.6.2' });
  });

  test('pip installs a yanked version only when it is pinned, and says why it was yanked', async () => {
    const client = new Client();
    const python = await client.copyVenv('pip-latest');
    const { stdout, stderr } = await client.run(python, ['-m', 'pip', 'install', '-i', plainIndex, 'acme-core==1.3.0']);
    expect(stdout + stderr).toContain('loses <data> & "money"');
    expect(await client.installed(python)).toMatchObject({ 'acme-core': '1.3.0' });
  });

  test('pip takes what the hashes of the index allow, and nothing else', async () => {
    const client = new Client();
    const python = await client.copyVenv('pip-latest');
    const hashOf = (project: string, version: string) =>
      site
        .json(`glibc/simple/${project}/index.json`)
        .files.find(({ filename }: { filename: string }) => filename.includes(`-${version}-`)).hashes.sha256;
    const lines = Object.entries(PRIVATE).map(
      ([project, version]) => `${project}==${version} --hash=sha256:${hashOf(project, version)}`,
    );
    const folder = await client.project({
      'right.txt': lines.join('\n'),
      'wrong.txt': lines.join('\n').replace(/[0-9a-f]{8}$/, '00000000'),
    });
    const install = (file: string) => [
      '-m',
      'pip',
      'install',
      '-i',
      plainIndex,
      '--require-hashes',
      '-r',
      join(folder, file),
    ];
    const wrong = await client.tryToRun(python, install('wrong.txt'));
    expect(wrong.exitCode).not.toBe(0);
    expect(wrong.stdout + wrong.stderr).toContain('DO NOT MATCH');
    await client.run(python, install('right.txt'));
    expect(await client.installed(python)).toMatchObject(PRIVATE);
  });

  test('pip installs without any server, from the folder', async () => {
    const client = new Client();
    const python = await client.copyVenv('pip-latest');
    const index = `${pathToFileURL(join(site.root, 'glibc', 'simple'))}/`;
    await client.run(python, ['-m', 'pip', 'install', '-i', index, 'acme-app']);
    expect(await client.installed(python)).toMatchObject(PRIVATE);
  });

  test('pip finds nothing for glibc in the index for musl', async () => {
    const client = new Client();
    const python = await client.copyVenv('pip-latest');
    const run = await client.tryToRun(python, ['-m', 'pip', 'install', '-i', `${nginx.url}/musl/simple/`, 'asyncpg']);
    expect(run.exitCode).not.toBe(0);
    expect(run.stderr).toContain('No matching distribution found for asyncpg');
  });

  test('pip reads the JSON form where nginx serves it, under a prefix', async () => {
    const client = new Client();
    const python = await client.copyVenv('pip-latest');
    await negotiating.takeLog();
    await client.run(python, ['-m', 'pip', 'install', '-i', jsonIndex, 'acme-app', 'cffi']);
    expect(await client.installed(python)).toMatchObject({ ...PRIVATE, cffi: '2.0.0' });
    expect(metadata(await takeRequests(negotiating)).length).toBeGreaterThanOrEqual(5);

    const early = ['install', '-i', jsonIndex, '--uploaded-prior-to', NEWER_UPLOADS, '--force-reinstall', 'acme-core'];
    await client.run(python, ['-m', 'pip', ...early]);
    expect(await client.installed(python)).toMatchObject({ 'acme-core': '1.1' });
  });

  // pip 9 is older than yanking, and takes the yanked 1.3.0.
  const oldPips = [
    ['pip-22.3.1', PRIVATE, { markupsafe: '3.0.2' }],
    ['pip-20.3.4', PRIVATE, { markupsafe: '1.1.1' }],
    ['pip-9.0.3', { ...PRIVATE, 'acme-core': '1.3.0' }, { markupsafe: '1.1.1' }],
  ] as const;
  const runnable = oldPips.filter(([venv]) => hasVenv(venv));

  test.each(runnable)('%s installs private and real packages', async (venv, expectedPrivate, expectedReal) => {
    const client = new Client();
    const python = await client.copyVenv(venv);
    await nginx.takeLog();
    await client.run(python, ['-m', 'pip', 'install', '-i', plainIndex, 'acme-app', 'jinja2']);
    expect(await client.installed(python)).toMatchObject({ ...expectedPrivate, ...expectedReal, jinja2: '2.11.3' });
    await client.run(python, ['-c', `${TRY_PRIVATE}; import markupsafe`]);
    const requests = await takeRequests(nginx);
    expect(wheels(requests)).toHaveLength(5);
    expect(metadata(requests)).toEqual([]);
    if (venv === 'pip-9.0.3') expect(requests.map(spoken).sort(byPath)).toEqual((await recordedByPip9()).sort(byPath));
  });

  if (!hasVenv('pip-9.0.3')) {
    test('pip 9.0.3 has no Python on this machine: its recorded requests get what it needs', async () => {
      for (const { path, ...headers } of await recordedByPip9()) {
        const answer = await fetch(nginx.url + path, { headers });
        expect(answer.status, path).toBe(200);
        // It looks at nothing but the start of the type, and unpacks what an encoding says.
        if (path.endsWith('/')) expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
        else expect(answer.headers.get('content-encoding')).toBeNull();
      }
    });
  }

  test('pip 22.3.1 reads the JSON form too', async () => {
    const client = new Client();
    const python = await client.copyVenv('pip-22.3.1');
    await client.run(python, ['-m', 'pip', 'install', '-i', jsonIndex, 'Acme_App']);
    expect(await client.installed(python)).toMatchObject(PRIVATE);
  });

  test('uv installs private and real packages, reading metadata before wheels', async () => {
    const client = new Client();
    const python = await client.makeVenv('uv');
    await nginx.takeLog();
    const install = [
      'pip',
      'install',
      '--python',
      python,
      '--default-index',
      plainIndex,
      'acme-app',
      'asyncpg',
      'cffi',
    ];
    await client.run(venvProgram('uv', 'uv'), install);
    expect(await client.installed(python)).toEqual({ ...PRIVATE, ...REAL });
    await client.run(python, ['-c', `${TRY_PRIVATE}; ${TRY_REAL}`]);
    const requests = await takeRequests(nginx);
    expect(metadata(requests).length).toBeGreaterThanOrEqual(6);
    expect(wheels(requests)).toHaveLength(6);
    expect(requests.filter(({ range }) => range !== '')).toEqual([]);
  });

  test('uv locks with size and upload time from the JSON form, syncs, and can look back in time', async () => {
    const client = new Client();
    const base = venvProgram('uv', 'python');
    const folder = await client.project({
      'pyproject.toml': pyproject(await client.pythonVersion(base)),
      'early.in': 'acme-core\n',
    });
    const uv = (...args: string[]) =>
      client.run(venvProgram('uv', 'uv'), [...args, '--python', base, '--default-index', jsonIndex], { cwd: folder });
    await uv('lock');
    const lock = await readFile(join(folder, 'uv.lock'), 'utf8');
    expect(lock).toContain(`acme_util-1.0%2Bvn.1-py3-none-any.whl`);
    expect(lock).toMatch(/hash = "sha256:[0-9a-f]{64}", size = \d+, upload-time = "2026-01-02T03:04:05.678Z"/);
    await uv('sync', '--locked');
    const python = join(folder, '.venv', 'bin', 'python');
    expect(await client.installed(python)).toEqual({ ...PRIVATE, ...REAL });
    await client.run(python, ['-c', `${TRY_PRIVATE}; ${TRY_REAL}`]);

    const { stdout } = await uv('pip', 'compile', 'early.in', '--no-header', '--exclude-newer', NEWER_UPLOADS);
    expect(stdout).toContain('acme-core==1.1');
  });

  test('poetry adds the source, locks and installs', async () => {
    const client = new Client({ POETRY_VIRTUALENVS_IN_PROJECT: 'true', POETRY_NO_INTERACTION: '1' });
    const folder = await client.project({
      'pyproject.toml': pyproject(await client.pythonVersion(venvProgram('poetry', 'python'))),
    });
    const poetry = (...args: string[]) => client.run(venvProgram('poetry', 'poetry'), args, { cwd: folder });
    await nginx.takeLog();
    await poetry('source', 'add', 'kho', plainIndex);
    await poetry('lock');
    await poetry('install', '--no-root');
    const python = join(folder, '.venv', 'bin', 'python');
    expect(await client.installed(python)).toMatchObject({ ...PRIVATE, ...REAL });
    await client.run(python, ['-c', `${TRY_PRIVATE}; ${TRY_REAL}`]);
    expect(metadata(await takeRequests(nginx)).length).toBeGreaterThanOrEqual(6);
    const lock = await readFile(join(folder, 'poetry.lock'), 'utf8');
    expect(lock).toContain(`sha256:${site.json('glibc/simple/acme-app/index.json').files[0].hashes.sha256}`);
  });

  test('pdm locks and syncs', async () => {
    const client = new Client();
    const python = await client.makeVenv('pdm');
    const source = `\n[[tool.pdm.source]]\nname = "pypi"\nurl = "${plainIndex}"\nverify_ssl = true\n`;
    const folder = await client.project({
      'pyproject.toml': pyproject(await client.pythonVersion(python)) + source,
    });
    const pdm = (...args: string[]) => client.run(venvProgram('pdm', 'pdm'), args, { cwd: folder });
    await pdm('use', python);
    await nginx.takeLog();
    await pdm('lock');
    await pdm('sync', '--no-self');
    expect(await client.installed(python)).toMatchObject({ ...PRIVATE, ...REAL });
    await client.run(python, ['-c', `${TRY_PRIVATE}; ${TRY_REAL}`]);
    expect(metadata(await takeRequests(nginx)).length).toBeGreaterThanOrEqual(6);
  });
});

/** A project that needs the packages, for this Python alone: the real wheels are there for no other. */
function pyproject(python: string): string {
  const [major, minor] = python.split('.');
  return `[project]
name = "consumer"
version = "1"
requires-python = ">=${python},<${major}.${Number(minor) + 1}"
dependencies = ["acme-app", "asyncpg", "cffi"]

[tool.poetry]
package-mode = false
`;
}

/** What a server can see of a request, but for what differs from machine to machine: which old Python it was. */
function spoken({ path, accept, acceptEncoding, cacheControl }: NginxLogLine) {
  return {
    path: path.replace(/cp3\d-cp3\dm?-/, 'cp36-cp36m-'),
    accept,
    'accept-encoding': acceptEncoding,
    'cache-control': cacheControl,
  };
}

/** pip 9 keeps what it has to find in a set: the order is another each time. */
function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1;
}

async function recordedByPip9(): Promise<ReturnType<typeof spoken>[]> {
  return JSON.parse(await readFile(join(import.meta.dirname, 'recorded', 'pip-9.0.3.json'), 'utf8'));
}
