/**
 * What installers get through kho while another index fails, in each way that is known of indexes: a page that is kept goes on as it is, one
 * that is not is never said to be absent, and a file comes right, or not at all.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { installWith } from '../support/install-with.ts';
import { makeWheel, wheelFilename } from '../support/make-package.ts';
import type { Run } from '../support/run-program.ts';
import { ServedKho } from '../support/served-kho.ts';
import { TestSite } from '../support/site.ts';
import { venvProgram } from '../support/tools.ts';
import { UpstreamIndex } from '../support/upstream-index.ts';

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const EXPECTED = { 'acme-app': '1.0', 'acme-core': '1.2.0' };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const html = (text: string): Answer => {
  return (_request, response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end(text);
};
const json = (text: string): Answer => {
  return (_request, response) => void response.writeHead(200, { 'Content-Type': JSON_TYPE }).end(text);
};
const status = (code: number): Answer => {
  return (_request, response) => void response.writeHead(code).end('no');
};

/** What the other index does with each question for a page. */
const PAGE_FAILURES: Record<string, Answer> = {
  'cuts the connection': ({ socket }) => void socket.destroy(),
  'is silent': () => {},
  'answers 403': status(403),
  'answers 429': status(429),
  'answers 500': status(500),
  'answers 503': status(503),
  'sends a page to sign in with': html('<html><body><h1>Please sign in</h1></body></html>'),
  'sends half a page': json('{"meta": {"api-version": "1.1"}, "name": "acme-core", "files": [{"filename"'),
  'sends another page': json('{"meta": {"api-version": "1.1"}, "name": "other", "versions": [], "files": []}'),
  'sends nothing': html(''),
};

let upstream: UpstreamIndex;
let site: TestSite;
let kho: ServedKho;
let index: string;
beforeAll(async () => {
  upstream = await UpstreamIndex.start();
  upstream.wheel({ name: 'acme-app', version: '1.0' }, ['Requires-Dist: acme-core']);
  upstream.wheel({ name: 'acme-core', version: '1.2.0' });
  site = new TestSite();
  chmodSync(site.root, 0o755);
  const settings = `[upstreams.public]\nurl = "${upstream.url}"\nfresh = "0"\nwait = "1s"\n`;
  site.put('kho.toml', `${settings}[repositories.glibc]\nupstreams = ["public"]\n`);
  site.put('glibc/packages/.keep', '');
  kho = await ServedKho.start(site.root);
  index = `${kho.url}/glibc/simple/`;
});
afterAll(async () => {
  await kho?.end('SIGKILL');
  upstream?.stop();
  site?.close();
});

function downloadWithPip(
  venv: string,
  name: string,
  more: readonly string[] = [],
): { run: Promise<Run>; folder: string } {
  const client = new Client();
  const folder = join(client.home, 'got');
  const words = ['download', '--no-cache-dir', '--disable-pip-version-check', '-i', index, '-d', folder, ...more, name];
  return { run: client.tryToRun(venvProgram(venv, 'python'), ['-m', 'pip', ...words]), folder };
}

function downloadWithUv(name: string, isPatient = true): { run: Promise<Run>; folder: string } {
  const client = new Client(isPatient ? {} : { UV_HTTP_RETRIES: '0' });
  const folder = join(client.home, 'got');
  const python = venvProgram('uv', 'python');
  const words = ['pip', 'install', '--no-cache', '--python', python, '--target', folder, '--default-index', index];
  return { run: client.tryToRun(venvProgram('uv', 'uv'), [...words, name]), folder };
}

function fail(projects: readonly string[], answer: Answer): void {
  for (const project of projects) upstream.server.answers.set(`/simple/${project}/`, answer);
}

test('a page that is kept goes on as it is, whatever the other index does', async () => {
  expect((await downloadWithPip('pip-latest', 'acme-app').run).exitCode).toBe(0);
  const others = ['pip-20.3.4', 'pip-22.3.1', 'poetry', 'pdm'] as const;
  for (const [place, [what, answer]] of Object.entries(PAGE_FAILURES).entries()) {
    fail(['acme-app', 'acme-core'], answer);
    const began = performance.now();
    const page = await fetch(`${index}acme-core/`, { headers: { Accept: JSON_TYPE } });
    const { files } = (await page.json()) as { files: { filename: string }[] };
    expect([what, page.status, files.map(({ filename }) => filename)]).toEqual([
      ...[what, 200, ['acme_core-1.2.0-py3-none-any.whl']],
    ]);
    expect([what, performance.now() - began < 5_000]).toEqual([what, true]);
    const [pip, uv] = [downloadWithPip('pip-latest', 'acme-app'), downloadWithUv('acme-app')];
    const other = others[place % others.length] as (typeof others)[number];
    expect([what, 'pip', (await pip.run).exitCode, readdirSync(pip.folder).length]).toEqual([what, 'pip', 0, 2]);
    expect([what, 'uv', (await uv.run).exitCode]).toEqual([what, 'uv', 0]);
    if (other.startsWith('pip'))
      expect([what, other, (await downloadWithPip(other, 'acme-app').run).exitCode]).toEqual([what, other, 0]);
    else expect([what, await installWith(other as 'poetry' | 'pdm', index)]).toMatchObject([what, EXPECTED]);
  }
}, 300_000);

test('a page that is not kept is never said to be absent: 503 within five seconds, and when to ask again', async () => {
  for (const [place, [what, answer]] of Object.entries(PAGE_FAILURES).entries()) {
    fail([`new-${place}`], answer);
    const began = performance.now();
    const page = await fetch(`${index}new-${place}/`, { headers: { Accept: JSON_TYPE } });
    await page.arrayBuffer();
    const found = [what, page.status, page.headers.get('retry-after'), performance.now() - began < 5_500];
    expect(found).toEqual([what, 503, '10', true]);
  }
}, 120_000);

test('a 503 ends installers: uv says why, and pip, whatever it was answered, that it found nothing', async () => {
  fail(['acme-new'], PAGE_FAILURES['answers 503'] as Answer);
  const pips = ['pip-latest', 'pip-20.3.4'].map((venv) => downloadWithPip(venv, 'acme-new', ['--retries', '1']).run);
  const uv = await downloadWithUv('acme-new').run;
  expect([uv.exitCode, /cannot be asked at the moment/.test(uv.stderr)]).toEqual([2, true]);
  for (const pip of await Promise.all(pips))
    expect([pip.exitCode, /No matching distribution found/.test(pip.stderr)]).toEqual([1, true]);
}, 120_000);

/** What the other index does with the first question for a file. */
const FILE_FAILURES: Record<string, (bytes: Buffer, response: ServerResponse) => void> = {
  'is reset in the middle': (bytes, response) => {
    response.writeHead(200, { 'Content-Length': bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2), () => setTimeout(() => response.destroy(), 50));
  },
  'is half, as if that were all': (bytes, response) => {
    response.writeHead(200, { 'Content-Length': bytes.length / 2 }).end(bytes.subarray(0, bytes.length / 2));
  },
  'has a wrong byte': (bytes, response) => {
    const wrong = Buffer.from(bytes).fill((bytes[5000] as number) ^ 255, 5000, 5001);
    response.writeHead(200, { 'Content-Length': bytes.length }).end(wrong);
  },
  'is too long': (bytes, response) => {
    response
      .writeHead(200, { 'Content-Length': bytes.length + 1000 })
      .end(Buffer.concat([bytes, bytes.subarray(0, 1000)]));
  },
  'is a page to sign in with': (_bytes, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Please sign in</html>');
  },
  'is answered with 503': (_bytes, response) => void response.writeHead(503).end(),
};

test.each(Object.entries(FILE_FAILURES))(
  'a file that %s comes right with the next try',
  async (what, answer) => {
    const project = `once-${Object.keys(FILE_FAILURES).indexOf(what)}`;
    const { path, bytes } = addWheel(project);
    const right = upstream.server.answers.get(path) as (...of: unknown[]) => void;
    upstream.server.answers.set(path, (request, response, count) =>
      count === 1 ? answer(bytes, response) : right(request, response, count),
    );
    const [pip, uv] = [downloadWithPip('pip-latest', project), downloadWithUv(project)];
    expect([(await pip.run).exitCode, (await uv.run).exitCode]).toEqual([0, 0]);
    expect(readFileSync(join(pip.folder, readdirSync(pip.folder)[0] as string)).equals(bytes)).toBe(true);
    expect(keptBytes(project)?.equals(bytes)).toBe(true);
  },
  120_000,
);

test.each(Object.entries(FILE_FAILURES).slice(1, 5))(
  'a file that always %s, nobody gets, and nothing of it stays',
  async (what, answer) => {
    const project = `always-${Object.keys(FILE_FAILURES).indexOf(what)}`;
    const { path, bytes } = addWheel(project);
    upstream.server.answers.set(path, (_request, response) => answer(bytes, response));
    const pip = downloadWithPip('pip-latest', project, ['--retries', '0', '--resume-retries', '0']);
    const uv = downloadWithUv(project, false);
    expect([(await pip.run).exitCode, (await uv.run).exitCode].map((code) => code === 0)).toEqual([false, false]);
    expect(keptBytes(project)).toBeUndefined();
  },
  120_000,
);

function addWheel(project: string): { path: string; bytes: Buffer } {
  const module = project.replace('-', '_');
  const options = { name: project, version: '1.0', members: { [`${module}/data`]: randomBytes(300_000) } };
  const bytes = Buffer.from(makeWheel(options));
  const filename = upstream.file(project, wheelFilename(options), bytes);
  return { path: `/files/${filename}`, bytes };
}

function keptBytes(project: string): Buffer | undefined {
  try {
    const folder = join(site.root, 'upstream/public/packages', project);
    const name = readdirSync(folder).find((file) => file.endsWith('.whl'));
    return name === undefined ? undefined : readFileSync(join(folder, name));
  } catch {
    return undefined;
  }
}
