/** Package servers written in Python, as their documentation says to run them, over the files of one project. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { freePort } from '../../test/support/free-port.ts';
import { type MeasuredServer, started } from './servers.ts';

export interface PythonServer {
  name: string;
  /** Path of the project's page. */
  page: string;
  start(): Promise<MeasuredServer>;
}

/** What each of them publishes, and where its programs are. */
export interface PythonContent {
  project: string;
  /** Absolute; all of the project. */
  files: readonly string[];
  program(name: string): string;
  /** The simple API of a server that is up, for what only caches another one. */
  upstream: string;
}

export function pythonServers(content: PythonContent): PythonServer[] {
  const { project } = content;
  return [
    { name: 'pypiserver', page: `/simple/${project}/`, start: () => startPypiserver(content) },
    { name: 'simple-repository-server', page: `/simple/${project}/`, start: () => startSimpleRepository(content) },
    { name: 'proxpi', page: `/index/${project}/`, start: () => startProxpi(content) },
    { name: 'devpi-server', page: `/root/bench/+simple/${project}/`, start: () => startDevpi(content) },
  ];
}

/** One process with threads: its own server closes the connection after each answer. */
async function startPypiserver({ files, program, project }: PythonContent): Promise<MeasuredServer> {
  const folder = packagesIn(files, 'packages');
  const app = `pypiserver:app(roots=[${JSON.stringify(join(folder, 'packages'))}], disable_fallback=True)`;
  return startGunicorn('pypiserver', folder, program('gunicorn'), app, `/simple/${project}/`, {});
}

async function startProxpi({ upstream, program, project }: PythonContent): Promise<MeasuredServer> {
  const folder = mkdtempSync(join(tmpdir(), 'kho-bench-python-'));
  const env = { PROXPI_INDEX_URL: upstream, PROXPI_CACHE_DIR: join(folder, 'cache'), PROXPI_INDEX_TTL: '86400' };
  return startGunicorn('proxpi', folder, program('gunicorn'), 'proxpi.server:app', `/index/${project}/`, env);
}

async function startSimpleRepository({ files, program, project }: PythonContent): Promise<MeasuredServer> {
  const folder = packagesIn(files, join('packages', project));
  const port = await freePort();
  const words = ['--host', '127.0.0.1', '--port', String(port), join(folder, 'packages')];
  const child = run(program('simple-repository-server'), words, folder, {});
  return started('simple-repository-server', child, `http://127.0.0.1:${port}`, folder, false, `/simple/${project}/`);
}

const PASSWORD = 'of the benchmark';

async function startDevpi({ files, program, project }: PythonContent): Promise<MeasuredServer> {
  const folder = mkdtempSync(join(tmpdir(), 'kho-bench-python-'));
  const state = join(folder, 'state');
  const init = run(
    program('devpi-init'),
    ['--serverdir', state, '--no-root-pypi', '--root-passwd', PASSWORD],
    folder,
    {},
  );
  await new Promise((resolve) => init.on('exit', resolve));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = run(
    program('devpi-server'),
    ['--serverdir', state, '--host', '127.0.0.1', '--port', String(port)],
    folder,
    {},
  );
  const server = await started('devpi-server', child, url, folder, false, '/+api');
  try {
    await fillDevpi(url, project, files);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** By its HTTP API. */
async function fillDevpi(url: string, project: string, files: readonly string[]): Promise<void> {
  const auth = await makeDevpiIndex(url, PASSWORD);
  for (const file of files) {
    const form = new FormData();
    const fields = {
      ':action': 'file_upload',
      protocol_version: '1',
      name: project,
      version: basename(file).split('-')[1] ?? '',
      filetype: 'bdist_wheel',
      pyversion: 'py3',
    };
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('content', new Blob([readFileSync(file)]), basename(file));
    const upload = await fetch(`${url}/root/bench/`, { method: 'POST', headers: auth, body: form });
    if (!upload.ok) throw new Error(`devpi took no ${basename(file)}: ${await upload.text()}`);
  }
}

/** A temporary folder with the files below it. */
function packagesIn(files: readonly string[], below: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kho-bench-python-'));
  mkdirSync(join(folder, below), { recursive: true });
  for (const file of files) cpSync(file, join(folder, below, basename(file)));
  return folder;
}

async function startGunicorn(
  name: string,
  folder: string,
  gunicorn: string,
  app: string,
  page: string,
  env: Record<string, string>,
): Promise<MeasuredServer> {
  const port = await freePort();
  const child = run(gunicorn, ['--threads', '4', '--bind', `127.0.0.1:${port}`, app], folder, env);
  return started(name, child, `http://127.0.0.1:${port}`, folder, true, page);
}

function run(program: string, words: readonly string[], folder: string, env: Record<string, string>) {
  const log = openSync(join(folder, 'log'), 'a');
  return spawn(program, words, { stdio: ['ignore', log, log], env: { ...process.env, HOME: folder, ...env } });
}

/** As its root. @returns headers: of what is JSON, and those that let whoever sends them change something */
export async function logInToDevpi(url: string, password: string) {
  const json = { 'Content-Type': 'application/json', Accept: 'application/json' };
  const login = await fetch(`${url}/+login`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ user: 'root', password }),
  });
  const { result } = (await login.json()) as { result: { password: string } };
  return { json, auth: { 'X-Devpi-Auth': Buffer.from(`root:${result.password}`).toString('base64') } };
}

/** An empty one, `root/bench`, that takes uploads. @returns the headers that let whoever sends them upload */
export async function makeDevpiIndex(url: string, password: string): Promise<Record<string, string>> {
  const { json, auth } = await logInToDevpi(url, password);
  const index = await fetch(`${url}/root/bench`, {
    method: 'PUT',
    headers: { ...json, ...auth },
    body: JSON.stringify({ bases: [], type: 'stage', volatile: true }),
  });
  if (!index.ok) throw new Error(`devpi made no index: ${await index.text()}`);
  return auth;
}
