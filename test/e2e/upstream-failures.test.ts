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

type FailingAnswer = (request: IncomingMessage, response: ServerResponse) => void;

const html = (text: string): FailingAnswer => {
  return (_request, response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end(text);
};
const json = (text: string): FailingAnswer => {
  return (_request, response) => void response.writeHead(200, { 'Content-Type': JSON_TYPE }).end(text);
};
const status = (code: number): FailingAnswer => {
  return (_request, response) => void response.writeHead(code).end('no');
};

/** What the other index does with each question for a page. */
const PAGE_FAILURES: Record<string, FailingAnswer> = {
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

const ROWS = Object.entries(PAGE_FAILURES).map(([what, answer], row) => ({ what, answer, row }));

/** Of each row, and of files: an upstream that has failed too often is left alone for a while, and the next row would not be asked. */
const upstreams: UpstreamIndex[] = [];
let upstream: UpstreamIndex;
let site: TestSite;
let kho: ServedKho;
let index: string;
const indexOf = (row: number) => `${kho.url}/row-${row}/simple/`;
beforeAll(async () => {
  site = new TestSite();
  chmodSync(site.root, 0o755);
  let toml = '';
  for (const row of [...ROWS.keys(), ROWS.length]) {
    upstream = await UpstreamIndex.start();
    upstreams.push(upstream);
    upstream.wheel({ name: 'acme-app', version: '1.0' }, ['Requires-Dist: acme-core']);
    upstream.wheel({ name: 'acme-core', version: '1.2.0' });
    toml += `[upstreams.row-${row}]\nurl = "${upstream.url}"\nfresh = "0"\nwait = "1s"\n`;
    toml += `[repositories.row-${row}]\nupstreams = ["row-${row}"]\n`;
    site.put(`row-${row}/packages/.keep`, '');
  }
  site.put('kho.toml', toml);
  kho = await ServedKho.start(site.root);
  index = indexOf(ROWS.length);
});
afterAll(async () => {
  await kho?.end('SIGKILL');
  for (const one of upstreams) one.stop();
  site?.close();
});

function downloadWithPip(
  venv: string,
  name: string,
  more: readonly string[] = [],
  from = index,
): { run: Promise<Run>; folder: string } {
  const client = new Client();
  const folder = join(client.home, 'got');
  const words = ['download', '--no-cache-dir', '--disable-pip-version-check', '-i', from, '-d', folder, ...more, name];
  return { run: client.tryToRun(venvProgram(venv, 'python'), ['-m', 'pip', ...words]), folder };
}

function downloadWithUv(name: string, isPatient = true, from = index): { run: Promise<Run>; folder: string } {
  const client = new Client(isPatient ? {} : { UV_HTTP_RETRIES: '0' });
  const folder = join(client.home, 'got');
  const python = venvProgram('uv', 'python');
  const words = ['pip', 'install', '--no-cache', '--python', python, '--target', folder, '--default-index', from];
  return { run: client.tryToRun(venvProgram('uv', 'uv'), [...words, name]), folder };
}

function fail(from: UpstreamIndex, projects: readonly string[], answer: FailingAnswer): void {
  for (const project of projects) from.server.answers.set(`/simple/${project}/`, answer);
}

async function ask(row: number, project: string) {
  const began = performance.now();
  const page = await fetch(`${indexOf(row)}${project}/`, { headers: { Accept: JSON_TYPE } });
  const { files = [] } = (await page.json()) as { files?: { filename: string; url: string }[] };
  const retryAfter = page.headers.get('retry-after');
  return { status: page.status, files, retryAfter, url: page.url, ms: performance.now() - began };
}

/** So that it is kept: the page, and its file. */
async function bring(row: number, project: string): Promise<void> {
  const { files, url } = await ask(row, project);
  for (const file of files) await (await fetch(new URL(file.url, url))).arrayBuffer();
}

test.each(ROWS)(
  'a page that is not kept is not said to be absent where the other index $what',
  async ({ answer, row }) => {
    fail(upstreams[row] as UpstreamIndex, ['acme-new'], answer);
    const { status, retryAfter, ms } = await ask(row, 'acme-new');
    expect([status, retryAfter]).toEqual([503, '10']);
    expect(ms).toBeLessThan(5_500);
  },
  30_000,
);

test.each(ROWS)(
  'a page that is kept goes on as it is where the other index $what',
  async ({ answer, row }) => {
    for (const project of ['acme-app', 'acme-core']) await bring(row, project);
    fail(upstreams[row] as UpstreamIndex, ['acme-app', 'acme-core'], answer);
    const page = await ask(row, 'acme-core');
    expect([page.status, page.files.map(({ filename }) => filename)]).toEqual([
      200,
      ['acme_core-1.2.0-py3-none-any.whl'],
    ]);
    expect(page.ms).toBeLessThan(5_000);
    const pip = downloadWithPip('pip-latest', 'acme-app', [], indexOf(row));
    const uv = downloadWithUv('acme-app', true, indexOf(row));
    expect([(await pip.run).exitCode, readdirSync(pip.folder).length]).toEqual([0, 2]);
    expect((await uv.run).exitCode).toBe(0);
    const others = ['pip-20.3.4', 'pip-22.3.1', 'poetry', 'pdm'] as const;
    const other = others[row % others.length] as (typeof others)[number];
    if (other === 'poetry' || other === 'pdm') expect(await installWith(other, indexOf(row))).toMatchObject(EXPECTED);
    else expect((await downloadWithPip(other, 'acme-app', [], indexOf(row)).run).exitCode).toBe(0);
  },
  120_000,
);

test('a 503 ends installers: uv says why, and pip, whatever it was answered, that it found nothing', async () => {
  const row = ROWS.findIndex(({ what }) => what === 'answers 503');
  fail(upstreams[row] as UpstreamIndex, ['acme-new'], status(503));
  const retries = ['--retries', '1'];
  const pips = ['pip-latest', 'pip-20.3.4'].map((venv) => downloadWithPip(venv, 'acme-new', retries, indexOf(row)).run);
  const uv = await downloadWithUv('acme-new', true, indexOf(row)).run;
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
    const folder = join(site.root, `upstream/row-${ROWS.length}/packages`, project);
    const name = readdirSync(folder).find((file) => file.endsWith('.whl'));
    return name === undefined ? undefined : readFileSync(join(folder, name));
  } catch {
    return undefined;
  }
}
