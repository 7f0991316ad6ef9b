/** Pages of a site through which clients reach another index: what they get while that one answers, and while it does not. */
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { versionsOn } from '../../../test/support/kept-upstream.ts';
import { ScriptedServer } from '../../../test/support/scripted-server.ts';
import { TestSite } from '../../../test/support/site.ts';
import { loadSite } from '../../config/load-config.ts';
import { readPageStamp } from '../../io/page-stamp.ts';
import { normalizeName } from '../../standards/name.ts';
import { PullPages, type PullRequest } from './pull-pages.ts';

let site: TestSite;
let index: ScriptedServer;
let pull: PullPages;
/** How far the clock of the site is before that of this machine, in milliseconds. */
let ahead = 0;
const now = () => Date.now() + ahead;
let told: string[];
/** Whether the upstream began to fail, each time that this changed. */
let changes: boolean[];
/** How long a client waits for a page that is not here, in milliseconds: on a slow machine a page takes seconds. */
let patience = 20_000;
let address: string;

beforeEach(async () => {
  index = await ScriptedServer.start();
  address = index.url('/simple/').href;
  site = new TestSite();
  told = [];
  await settings();
});
afterEach(async () => {
  await pull.close();
  index.stop();
  site.close();
});

/** A site with the upstream "public", started anew. */
async function settings(more = '', upstreams = '["public"]', top = '', wait = '1s'): Promise<void> {
  await pull?.close();
  site.put(
    'kho.toml',
    `pages = false\n${top}\n[upstreams.public]\nurl = "${address}"\nwait = "${wait}"\n${more}\n[repositories.red]\nupstreams = ${upstreams}\n`,
  );
  if (!existsSync(join(site.root, 'red'))) site.wheel('red', { name: 'farm', version: '1.0' });
  await site.build();
  const { config } = await loadSite(site.root);
  const times = { patienceMs: patience, longestMs: 60_000 };
  const tell = (upstream: string, message: string) => void told.push(`${upstream}: ${message}`);
  changes = [];
  const onHealth = () => void changes.push(pull.health().get('public')?.failing !== undefined);
  pull = new PullPages({ config: () => config, tell, onHealth, environment: {}, times, now, newNames: 20 });
  pull.start();
}

const SHA = 'a'.repeat(64);
const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const W = (project: string, version: string, tag = 'py3-none-any') =>
  `${project.replaceAll('-', '_')}-${version}-${tag}.whl`;

function pageOf(project: string, ...versions: string[]): string {
  const files = versions.map((version) => ({
    ...{ filename: W(project, version), url: `/files/${W(project, version)}`, hashes: { sha256: SHA }, size: 7 },
    'upload-time': '2026-01-02T03:04:05Z',
  }));
  return JSON.stringify({ meta: { 'api-version': '1.1' }, name: project, versions, files });
}

const path = (project: string) => `/simple/${project}/`;
const has = (project: string, ...versions: string[]) =>
  index.page(path(project), pageOf(project, ...versions), JSON_TYPE);
const asked = (project: string) => index.requests.filter((request) => request.path === path(project));

const find = (project: string, more: Partial<PullRequest> = {}) =>
  pull.page({
    ...{ repository: 'red', project: normalizeName(project), form: 'json', isRefresh: false, client: 'me' },
    ...{ via: undefined, ...more },
  });

/** Names of files on the page, or what there is in its place. */
async function get(project: string, more: Partial<PullRequest> = {}): Promise<string[] | string> {
  const found = await find(project, more);
  if (found.is !== 'page') return found.is;
  const text = readFileSync(found.path, 'utf8');
  expect(gunzipSync(readFileSync(found.packedPath)).toString()).toBe(text);
  const page = JSON.parse(text);
  return page.files.map((file: { filename: string }) => file.filename);
}

const later = (seconds: number) => {
  ahead += seconds * 1000;
};

test('a page is asked for once, kept, and not asked for again as long as it is fresh', async () => {
  has('foo', '1.0');
  expect(await get('foo')).toEqual([W('foo', '1.0')]);
  later(599);
  expect(await get('foo')).toEqual([W('foo', '1.0')]);
  expect(asked('foo')).toHaveLength(1);
  expect(asked('foo')[0]?.headers).toMatchObject({ 'accept-encoding': 'gzip', 'user-agent': 'kho' });
  expect(asked('foo')[0]?.headers.accept).toMatch(/^application\/vnd\.pypi\.simple\.v1\+json,/);
  has('foo', '1.0', '2.0');
  later(2);
  expect(await get('foo')).toEqual([W('foo', '1.0'), W('foo', '2.0')]);
});

test('a page that is the same is asked for by its validators, and is not made anew', async () => {
  let answered304 = 0;
  index.answers.set(path('foo'), ({ headers }, response) => {
    if (headers['if-none-match'] === '"one"') {
      answered304++;
      response.writeHead(304).end();
    } else {
      const body = gzipSync(pageOf('foo', '1.0'));
      response.writeHead(200, { 'Content-Type': JSON_TYPE, ETag: '"one"', 'Content-Encoding': 'gzip' }).end(body);
    }
  });
  await get('foo');
  const kept = join(site.root, 'upstream/public/pages/foo.json');
  const before = readFileSync(kept, 'utf8');
  later(601);
  expect(await get('foo')).toEqual([W('foo', '1.0')]);
  later(599);
  await get('foo');
  expect([answered304, asked('foo').length, readFileSync(kept, 'utf8')]).toEqual([1, 2, before]);
});

test('a page without validators that is the same is not written anew', async () => {
  has('foo', '1.0');
  await get('foo');
  const kept = join(site.root, 'upstream/public/pages/foo.json');
  const before = readFileSync(kept, 'utf8');
  later(601);
  await get('foo');
  expect([asked('foo').length, readFileSync(kept, 'utf8')]).toEqual([2, before]);
});

test('what is kept is there for the next run, and taken from it at once', async () => {
  has('foo', '1.0');
  await get('foo');
  index.stop();
  await settings();
  later(100_000);
  expect(await get('foo')).toEqual([W('foo', '1.0')]);
});

test('pages that are damaged, or that others may have written, are asked for anew', async () => {
  has('foo', '1.0');
  await get('foo');
  writeFileSync(join(site.root, 'upstream/public/pages/foo.json'), '{"_kho":{"format":1,"bodySha256":"x"');
  await settings();
  expect(await get('foo')).toEqual([W('foo', '1.0')]);
  expect(asked('foo')).toHaveLength(2);
  chmodSync(join(site.root, 'upstream/public/pages'), 0o777);
  await settings();
  index.answers.set(path('foo'), whole('', 'text/plain', 503));
  expect(await get('foo')).toBe('unavailable');
});

test('all of upstream/ may be deleted while kho serves', async () => {
  has('foo', '1.0');
  const file = () => pull.listed({ upstream: 'public', project: normalizeName('foo') }, W('foo', '1.0'));
  await get('foo');
  rmSync(join(site.root, 'upstream'), { recursive: true });
  expect([await get('foo'), (await file())?.file.filename]).toEqual([[W('foo', '1.0')], W('foo', '1.0')]);
  rmSync(join(site.root, 'upstream'), { recursive: true });
  rmSync(join(site.root, '.kho/upstream-pages'), { recursive: true });
  expect(await get('foo')).toEqual([W('foo', '1.0')]);
});

type Broken = [what: string, answer: Parameters<ScriptedServer['answers']['set']>[1]];
const whole = (body: string, type: string, status = 200) =>
  ((_request, response) => void response.writeHead(status, { 'Content-Type': type }).end(body)) as Broken[1];
const SIGN_IN = '<!DOCTYPE html><title>Sign in</title><form action="/login"></form></html>';

const BROKEN: Broken[] = [
  ['refuses', (request) => void request.socket.destroy()],
  ['hangs', () => {}],
  ['hangs in the middle', (_request, response) => void response.writeHead(200).write('{"meta":')],
  ['answers 500', whole('', 'text/plain', 500)],
  ['answers 503', whole('', 'text/plain', 503)],
  ['answers 429', whole('', 'text/plain', 429)],
  ['answers 403', whole('', 'text/plain', 403)],
  ['sends a page to sign in with', whole(SIGN_IN, 'text/html')],
  ['sends half of a page', whole(pageOf('foo', '1.0').slice(0, -30), JSON_TYPE)],
  ['sends the page of another project', whole(pageOf('bar', '1.0'), JSON_TYPE)],
  ['sends nothing', whole('', JSON_TYPE)],
  ['sends an empty page', whole('<!DOCTYPE html><html><body></body></html>', 'text/html')],
  [
    'breaks off',
    (_request, response) =>
      void response.writeHead(200, { 'Content-Length': 900 }).write('{"a":', () => response.destroy()),
  ],
];

test.each(BROKEN)(
  'while the upstream %s, a page that is known stays, and nobody waits for it twice',
  async (_what, answer) => {
    await settings('fresh = "0"');
    has('foo', '1.0');
    expect(await get('foo')).toEqual([W('foo', '1.0')]);
    index.answers.set(path('foo'), answer);
    later(60);
    for (let time = 0; time < 3; time++) {
      const found = await find('foo');
      expect(found).toMatchObject({ is: 'page', ageSeconds: expect.any(Number) });
      expect(await get('foo')).toEqual([W('foo', '1.0')]);
      later(100_000);
    }
    has('foo', '2.0');
    later(100_000);
    await get('foo');
    await new Promise((resolve) => setTimeout(resolve, 20));
  },
);

test.each(BROKEN)(
  'while the upstream %s, a page that is not known is neither absent nor empty',
  async (_what, answer) => {
    patience = 300;
    onTestFinished(() => {
      patience = 20_000;
    });
    await settings();
    index.answers.set(path('foo'), answer);
    expect(await get('foo')).toBe('unavailable');
  },
);

test('a known page that comes late is served as it was meanwhile, and asked for once', async () => {
  has('foo', '1.0');
  await get('foo');
  let answerNow = () => {};
  index.answers.set(path('foo'), (_request, response) => {
    answerNow = () => void response.writeHead(200, { 'Content-Type': JSON_TYPE }).end(pageOf('foo', '2.0'));
  });
  later(601);
  const [first, second] = await Promise.all([get('foo'), get('foo')]);
  expect([first, second]).toEqual([[W('foo', '1.0')], [W('foo', '1.0')]]);
  expect(asked('foo')).toHaveLength(2);
  answerNow();
  await expect.poll(() => get('foo')).toEqual([W('foo', '2.0')]);
  expect(asked('foo')).toHaveLength(2);
});

test('an upstream that fails again and again is left alone, for all pages of it', async () => {
  has('known', '1.0');
  await get('known');
  later(601);
  for (const name of ['a', 'b', 'c']) {
    index.answers.set(path(name), whole('', 'text/plain', 500));
    expect(await get(name)).toBe('unavailable');
  }
  const before = index.requests.length;
  expect([await get('d'), await get('known')]).toEqual(['unavailable', [W('known', '1.0')]]);
  expect(index.requests).toHaveLength(before);
  later(5);
  has('d', '1.0');
  expect(await get('d')).toEqual([W('d', '1.0')]);
});

test('whether an upstream answers is told, with the reason and since when', async () => {
  for (const name of ['a', 'b', 'c']) index.answers.set(path(name), whole('', 'text/plain', 500));
  await get('a');
  await get('b');
  expect(pull.health().get('public')).toEqual({ answered: 0, failed: 2 });
  const sinceMs = expect.any(Number);
  await get('c');
  const failing = { message: expect.stringContaining('answers 500'), sinceMs };
  expect(pull.health().get('public')).toEqual({ answered: 0, failed: 3, failing });
  has('d', '1.0');
  later(60);
  expect(await get('d')).toEqual([W('d', '1.0')]);
  expect(pull.health().get('public')).toEqual({ answered: 1, failed: 3 });
  expect(changes).toEqual([true, false]);
});

test('an upstream that asks to be left alone is', async () => {
  const answer: Broken[1] = (_request, response) => void response.writeHead(429, { 'Retry-After': '120' }).end();
  index.answers.set(path('a'), answer);
  has('b', '1.0');
  await get('a');
  later(119);
  expect(await get('b')).toBe('unavailable');
  later(1);
  expect(await get('b')).toEqual([W('b', '1.0')]);
});

test('what the upstream does not have is remembered for a minute, and nothing is written for it', async () => {
  expect([await get('foo'), await get('foo')]).toEqual(['own', 'own']);
  expect(asked('foo')).toHaveLength(1);
  expect(existsSync(join(site.root, 'upstream'))).toBe(false);
  has('foo', '1.0');
  later(61);
  expect(await get('foo')).toEqual([W('foo', '1.0')]);
});

test('what is there no longer stays for ten minutes, and then shows what is here, as yanked', async () => {
  has('foo', '1.0', '2.0');
  await get('foo');
  index.answers.set(path('foo'), whole('', 'text/plain', 404));
  later(601);
  expect(await get('foo')).toHaveLength(2);
  later(599);
  expect(await get('foo')).toHaveLength(2);
  expect(asked('foo')).toHaveLength(2);
  site.put(`upstream/public/packages/foo/${W('foo', '1.0')}`, 'bytes');
  later(2);
  expect(await get('foo')).toEqual([W('foo', '1.0')]);
  const found = await find('foo');
  const page = JSON.parse(readFileSync(found.is === 'page' ? found.path : '', 'utf8'));
  expect(page.files[0].yanked).toBe(
    'gone from "public" since 2026-11-29'.replace('2026-11-29', new Date(now()).toISOString().slice(0, 10)),
  );
  has('foo', '1.0', '2.0', '3.0');
  later(601);
  expect(await get('foo')).toHaveLength(3);
});

test('what is gone is hidden where kho.toml says so', async () => {
  await settings('gone = "hide"');
  has('foo', '1.0');
  await get('foo');
  site.put(`upstream/public/packages/foo/${W('foo', '1.0')}`, 'bytes');
  index.answers.set(path('foo'), whole('', 'text/plain', 410));
  later(601);
  await get('foo');
  later(601);
  expect(await get('foo')).toBe('own');
});

test('a page that lost more than half of its files is believed when it is so a minute later too', async () => {
  has('foo', '1.0', '2.0', '3.0');
  await get('foo');
  has('foo', '1.0');
  later(601);
  expect(await get('foo')).toHaveLength(3);
  later(30);
  expect(await get('foo')).toHaveLength(3);
  expect(asked('foo')).toHaveLength(2);
  later(31);
  expect(await get('foo')).toHaveLength(1);
});

test('a page that tells less, in HTML, does not take the place of one in JSON at once', async () => {
  has('foo', '1.0');
  await get('foo');
  index.page(
    path('foo'),
    `<!DOCTYPE html><html><body><a href="/f/${W('foo', '1.0')}#sha256=${SHA}">f</a></body></html>`,
    'text/html',
  );
  later(601);
  const found = await find('foo');
  expect(readFileSync(found.is === 'page' ? found.path : '', 'utf8')).toContain('upload-time');
});

test('a project that was quarantined has no files, at once', async () => {
  has('foo', '1.0', '2.0', '3.0');
  await get('foo');
  const page = { ...JSON.parse(pageOf('foo')), 'project-status': { status: 'quarantined' } };
  index.page(path('foo'), JSON.stringify(page), JSON_TYPE);
  later(601);
  expect(await get('foo')).toEqual([]);
});

test('a client may have a page asked for anew, once in ten seconds', async () => {
  has('foo', '1.0');
  await get('foo');
  has('foo', '2.0');
  expect(await get('foo', { isRefresh: true })).toEqual([W('foo', '1.0')]);
  later(10);
  expect(await get('foo', { isRefresh: true })).toEqual([W('foo', '2.0')]);
  expect(await get('foo', { isRefresh: true })).toEqual([W('foo', '2.0')]);
  expect(asked('foo')).toHaveLength(2);
});

test('own names are never asked for, not even in the background or by a client that wants it so', async () => {
  await settings('fresh = "0"', '["public"]', 'own = ["agri-*"]');
  for (const name of ['farm', 'agri-core', 'agri-new']) {
    has(name, '9.0');
    expect(await get(name)).toBe('own');
    expect(await get(name, { isRefresh: true })).toBe('own');
    await pull.refresh({ upstream: 'public', project: normalizeName(name) });
    expect(await pull.listed({ upstream: 'public', project: normalizeName(name) }, W(name, '9.0'))).toBeUndefined();
  }
  expect(index.requests).toEqual([]);
});

test('what a file needs is asked for ahead where a client goes on from its page, but for own names', async () => {
  await settings('', '["public"]', 'own = ["secret-*"]');
  for (const name of ['foo', 'bar', 'secret-tool', 'farm']) has(name, '1.0');
  const read = {
    at: { upstream: 'public', project: normalizeName('foo') },
    filename: W('foo', '1.0'),
    metadata: Buffer.from(
      'Metadata-Version: 2.1\nName: foo\nVersion: 1.0\nRequires-Dist: secret-tool\nRequires-Dist: farm\nRequires-Dist: bar\n',
    ),
  };
  pull.ahead(read);
  await get('foo');
  expect(index.requests.map((request) => request.path)).toEqual([path('foo')]);
  pull.ahead(read);
  await expect.poll(() => asked('bar').length, { timeout: 10_000 }).toBe(1);
  await get('bar');
  await get('secret-tool');
  expect(index.requests.map((request) => request.path)).toEqual([path('foo'), path('bar')]);
});

test('a name that becomes own is not asked for from that moment on', async () => {
  has('foo', '1.0');
  await get('foo');
  site.wheel('red', { name: 'foo', version: '2.0' });
  await site.build();
  later(601);
  expect(await get('foo')).toBe('own');
  expect(await pull.listed({ upstream: 'public', project: normalizeName('foo') }, W('foo', '1.0'))).toBeUndefined();
  expect(asked('foo')).toHaveLength(1);
});

test('nothing is asked for where it is not known whose names are', async () => {
  writeFileSync(join(site.root, '.kho-keep/names'), 'damaged\n');
  has('foo', '1.0');
  expect([await get('foo'), await get('farm')]).toEqual(['unavailable', 'own']);
  expect(told).toEqual([expect.stringContaining('of its lines are damaged')]);
  rmSync(join(site.root, '.kho-keep'), { recursive: true });
  later(60);
  expect(await get('foo')).toBe('unavailable');
  expect(told[1]).toContain('they have not been written down yet');
  expect(index.requests).toEqual([]);
});

test('files of a shared name stand beside own ones, and own ones before those of the same name', async () => {
  await settings('', '["public"]', 'shared = ["foo"]');
  site.wheel('red', { name: 'foo', version: '1.0' });
  await site.build();
  has('foo', '1.0', '2.0');
  const found = await find('foo');
  const { files } = JSON.parse(readFileSync(found.is === 'page' ? found.path : '', 'utf8'));
  expect(files.map(({ url }: { url: string }) => url)).toEqual([
    `../../packages/${W('foo', '1.0')}`,
    `../../../upstream/public/packages/foo/${W('foo', '2.0')}`,
  ]);
  expect(told).toEqual([expect.stringContaining(`has "${W('foo', '1.0')}" with other bytes`)]);
});

test('where an upstream cannot be asked, what the site has by itself is there', async () => {
  await settings('', '["public"]', 'shared = ["foo"]');
  site.wheel('red', { name: 'foo', version: '1.0' });
  await site.build();
  index.stop();
  expect(await get('foo')).toBe('own');
});

test('the first upstream that has a project wins wholly, and one that cannot be asked is not passed over', async () => {
  const second = await ScriptedServer.start();
  onTestFinished(() => second.stop());
  await settings(
    `projects = ["foo", "b*"]\n[upstreams.arm]\nurl = "${second.url('/simple/').href}"`,
    '["public", "arm"]',
  );
  has('foo', '1.0');
  for (const name of ['foo', 'bar', 'only-there', 'beta']) second.page(path(name), pageOf(name, '2.0'), JSON_TYPE);
  expect(await get('foo')).toEqual([W('foo', '1.0')]);
  expect(await get('bar')).toEqual([W('bar', '2.0')]);
  expect(await get('only-there')).toEqual([W('only-there', '2.0')]);
  expect(asked('only-there')).toEqual([]);
  expect(second.requests.map((request) => request.path)).toEqual([path('bar'), path('only-there')]);
  index.answers.set(path('beta'), whole('', 'text/plain', 503));
  expect(await get('beta')).toBe('unavailable');
  expect(second.requests).toHaveLength(2);
});

test('a client that asks for more and more new names is told to wait, and others are not', async () => {
  const names = Array.from({ length: 21 }, (_, number) => `name-${number}`);
  const answers = await Promise.all(names.map((name) => get(name))); // at once: with each half second one more may be asked for
  expect(answers.filter((answer) => answer !== 'own')).toEqual(['busy']);
  expect(await get('another', { client: 'you' })).toBe('own');
});

test('a site that is its own upstream finds out', async () => {
  has('foo', '1.0');
  await get('foo');
  const via = String(asked('foo')[0]?.headers.via);
  expect(via).toMatch(/^1\.1 kho-[0-9a-f]{16}$/);
  expect(await get('bar', { via })).toBe('loop');
});

test('what is listed of a file is told by the page that is kept, and by no other', async () => {
  has('foo', '1.0');
  expect(await pull.listed({ upstream: 'public', project: normalizeName('foo') }, W('foo', '1.0'))).toEqual({
    index: index.url('/simple/').href,
    file: {
      ...{ filename: W('foo', '1.0'), url: index.url(`/files/${W('foo', '1.0')}`).href, sha256: SHA, size: 7 },
      ...{ hashes: { sha256: SHA }, version: '1.0', uploadTime: '2026-01-02T03:04:05Z' },
    },
  });
  expect(await pull.listed({ upstream: 'public', project: normalizeName('foo') }, W('foo', '2.0'))).toBeUndefined();
});

test('web servers find what is at hand while kho does not run, and nothing of a name that has become own', async () => {
  has('foo', '1.0', '2.0');
  await get('foo');
  const folder = join(site.root, 'upstream/simple/red/simple/foo');
  expect(existsSync(folder)).toBe(false);
  site.put(`upstream/public/packages/foo/${W('foo', '1.0')}`, 'bytes');
  pull.arrived({ upstream: 'public', project: normalizeName('foo') });
  await expect.poll(() => existsSync(join(folder, 'index.json')), { timeout: 10_000 }).toBe(true);
  const { files, versions } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  expect([versions, files.map(({ url }: { url: string }) => url)]).toEqual([
    ['1.0'],
    [`../../../upstream/public/packages/foo/${W('foo', '1.0')}`],
  ]);
  expect(readFileSync(join(folder, 'index.html'), 'utf8')).toContain(W('foo', '1.0'));
  pull.published();
  expect(existsSync(folder)).toBe(true);
  site.wheel('red', { name: 'foo', version: '3.0' });
  await site.build();
  expect(existsSync(folder)).toBe(false);
});

test('what is at hand of a shared project follows what is published, with the files of both', async () => {
  await settings('', '["public"]', 'shared = ["foo"]');
  site.wheel('red', { name: 'foo', version: '3.0' });
  await site.build();
  has('foo', '1.0', '2.0');
  await get('foo');
  site.put(`upstream/public/packages/foo/${W('foo', '1.0')}`, 'bytes');
  pull.arrived({ upstream: 'public', project: normalizeName('foo') });
  const path = join(site.root, 'upstream/simple/red/simple/foo/index.json');
  const atHand = () => (existsSync(path) ? versionsOn(JSON.parse(readFileSync(path, 'utf8'))) : undefined);
  await expect.poll(atHand, { timeout: 10_000 }).toEqual(['1.0', '3.0']);
  site.put(`red/packages/${W('foo', '3.0')}.yanked`, 'broken');
  await site.build();
  expect(atHand()).toBeUndefined();
  pull.published();
  await expect.poll(atHand, { timeout: 10_000 }).toEqual(['1.0', '3.0 yanked']);
  rmSync(path); // by whoever: a client's question finds out
  has('foo', '1.0');
  await get('foo', { isRefresh: true });
  later(11);
  await get('foo', { isRefresh: true });
  await expect.poll(atHand, { timeout: 10_000 }).toEqual(['1.0', '3.0 yanked']);
});

test('a name that becomes own while its page is asked for is not asked for again, and nothing of it is kept or told', async () => {
  index.answers.set(path('foo'), async (_request, response) => {
    site.wheel('red', { name: 'foo', version: '3.0' });
    await site.build();
    response.writeHead(200, { 'Content-Type': JSON_TYPE }).end(pageOf('foo', '1.0'));
  });
  expect(await get('foo')).toBe('own');
  expect(existsSync(join(site.root, 'upstream/public/pages/foo.json'))).toBe(false);
  expect(pull.mayAsk(normalizeName('foo'))).toBe(false);
  expect([await get('foo', { isRefresh: true }), asked('foo').length]).toEqual(['own', 1]);
  expect(pull.mayAsk(normalizeName('bar'))).toBe(true);
});

test('a page of which files have come is made anew before somebody asks for it', async () => {
  const foo = { upstream: 'public', project: normalizeName('foo') };
  has('foo', '1.0');
  const found = await find('foo');
  const made = () => (found.is === 'page' ? readPageStamp(found.path) : undefined);
  const before = made();
  pull.changed(foo);
  pull.arrived(foo);
  await expect.poll(made, { timeout: 10_000 }).not.toBe(before);
  const after = made();
  await get('foo');
  expect(made()).toBe(after);
});

test('nothing is at hand for all of a repository that only some may read', async () => {
  await settings('', '["public"]\nprivate = true');
  has('foo', '1.0');
  site.put(`upstream/public/packages/foo/${W('foo', '1.0')}`, 'bytes');
  expect(await get('foo')).toEqual([W('foo', '1.0')]);
  expect(existsSync(join(site.root, 'upstream/simple'))).toBe(false);
});

test('names that nobody has decided on are told of, once as long as they are the same', async () => {
  pull.published();
  pull.published();
  expect(told).toEqual([expect.stringContaining('count as your own, and are asked of no other index: 1 (farm)')]);
  await settings('', '["public"]', 'own = ["farm"]');
  pull.published();
  expect(told).toHaveLength(1);
});
