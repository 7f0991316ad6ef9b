import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { examine, examineAll } from './examine.ts';
import { hintForCode } from './network-hints.ts';

/** What an answer is made of; the tests spoil some of it. */
interface Draft {
  /** From the site's root, redirects and negotiation done. */
  path: string;
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** Of the status line; that of HTTP when absent. */
  reason?: string;
}

type Spoil = (draft: Draft, request: IncomingMessage) => void;

let site: TestSite;
let server: Server;
let spoil: Spoil = () => {};
let address: URL;

beforeAll(async () => {
  site = new TestSite();
  site.wheel('glibc', { name: 'Foo_Bar', version: '1.0', metadata: 'Requires-Python: >=3.8' });
  site.wheel('glibc', { name: 'foo-bar', version: '1.1+cpu' });
  site.sdist('glibc', { name: 'plain', version: '2.0' });
  site.put('kho.toml', 'title = "T"\n');
  await site.build();
  server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  address = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/glibc/simple/`);
});
afterAll(() => {
  server.close();
  site.close();
});

/** A server that does all as it should, in few lines. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const asked = decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname);
  const draft: Draft = { path: asked, status: 200, headers: { 'Cache-Control': 'no-cache' }, body: Buffer.alloc(0) };
  if (request.method === 'POST') {
    refuseUpload(draft, request);
    spoil(draft, request);
    const send = () => sendDraft(draft, request, response);
    if (draft.headers['Kept'] === undefined) send();
    else request.on('end', send);
    request.resume();
    return;
  }
  const right = asked
    .replace(/\/{2,}/g, '/')
    .replace(/(?<=\/simple\/)([^/]+)\/?$/, (_, name: string) => `${name.toLowerCase().replace(/[-_.]+/g, '-')}/`)
    .replace(/\/simple$/, '/simple/');
  if (right !== asked) Object.assign(draft, { status: 301, headers: { Location: right } });
  else readDraft(draft, request);
  spoil(draft, request);
  sendDraft(draft, request, response);
}

function readDraft(draft: Draft, { headers }: IncomingMessage): void {
  const isPage = /\/simple\/(?:[^/]+\/)?$/.test(draft.path);
  const isJson = headers.accept?.includes('vnd.pypi.simple.v1+json');
  const file = join(site.root, isPage ? `${draft.path}index.${isJson ? 'json' : 'html'}` : draft.path);
  const isPublic = isPage || /\/packages\/[^/]+$|\/pypi\//.test(draft.path);
  if (!isPublic || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
    draft.status = 404;
    return;
  }
  draft.body = readFileSync(file);
  const pageType = isJson ? 'application/vnd.pypi.simple.v1+json' : 'text/html; charset=utf-8';
  const type = /\/pypi\//.test(draft.path) ? 'application/json' : 'application/octet-stream';
  draft.headers['Content-Type'] = isPage ? pageType : type;
  draft.headers['ETag'] = `"${isJson ? 'json' : 'other'}-${draft.body.length}"`;
  draft.headers['Accept-Ranges'] = 'bytes';
  if (isPage) Object.assign(draft.headers, { Vary: 'Accept', 'Access-Control-Allow-Origin': '*' });
}

/** As kho answers to an upload without a token, and with one that it does not know. */
function refuseUpload(draft: Draft, { headers }: IncomingMessage): void {
  const reason = headers.authorization === undefined ? 'An upload needs a token' : 'This token is not known here';
  Object.assign(draft, { status: 401, reason, body: Buffer.from(`${reason}\n`) });
  draft.headers['WWW-Authenticate'] = 'Basic realm="kho", charset="UTF-8"';
}

function sendDraft(draft: Draft, { method, headers }: IncomingMessage, response: ServerResponse): void {
  const known = headers['if-none-match'];
  if (draft.status === 200 && known !== undefined && known === draft.headers['ETag']) {
    response.writeHead(304, draft.headers).end();
    return;
  }
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '') ?? [];
  if (
    draft.status === 200 &&
    from !== undefined &&
    (headers['if-range'] ?? draft.headers['ETag']) === draft.headers['ETag']
  ) {
    draft.body = from === '' ? draft.body.subarray(-Number(to)) : draft.body.subarray(Number(from), Number(to) + 1);
    draft.status = 206;
  }
  const { status, reason } = draft;
  if (reason !== undefined) response.statusMessage = reason;
  response.writeHead(status, { ...draft.headers, 'Content-Length': String(draft.body.length) });
  response.end(method === 'HEAD' ? undefined : draft.body);
}

async function findings(spoilWith: Spoil) {
  spoil = spoilWith;
  const examination = await examine(address, { projects: 5, now: Date.UTC(2026, 0, 1) });
  return examination.findings;
}

test('examine() finds nothing wrong with a server that does all as it should', async () => {
  const found = await findings(() => {});
  expect(found.filter(({ result }) => result !== 'fine')).toEqual([
    { check: 'tls', result: 'not looked at', what: 'the server is on this machine' },
    { check: 'private', result: 'not looked at', what: 'no repository is known to be private (--site tells)' },
  ]);
  expect(found).toHaveLength(22);
});

test('examine() finds the index below a repository, and without its slash', async () => {
  spoil = () => {};
  for (const path of ['/glibc/', '/glibc', '/glibc/simple']) {
    const { url } = await examine(new URL(path, address), { projects: 1, now: 0 });
    expect(url).toBe(address.href);
  }
});

test('examineAll() finds the repositories that a front page names; where there are none it looks at the address itself', async () => {
  spoil = (draft) => {
    if (draft.path !== '/') return;
    const body = Buffer.from(
      '<a href="glibc/index.html">glibc</a> <a href="gone/">gone</a> <a href="https://x.vn/">x</a>',
    );
    Object.assign(draft, { status: 200, body, headers: { 'Content-Type': 'text/html' } });
  };
  const options = { projects: 1, now: 0 };
  const urls = async (path: string) => (await examineAll(new URL(path, address), options)).map(({ url }) => url);
  expect(await urls('/')).toEqual([address.href]);
  expect(await urls('/glibc')).toEqual([address.href]);
  expect(await urls('/nothing')).toEqual([new URL('/nothing', address).href]);
  const nobody = await examineAll(new URL('http://127.0.0.1:1/'), options);
  expect(nobody[0]?.findings[0]).toMatchObject({ check: 'reachable', result: 'failed' });
});

/** For answers of some path and status: another status, other headers (`''` takes one away), another body. */
function change(
  path: RegExp,
  status: number,
  more: { status?: number; headers?: Record<string, string>; body?: string },
): Spoil {
  return (draft) => {
    if (!path.test(draft.path) || draft.status !== status) return;
    if (more.status !== undefined) draft.status = more.status;
    if (more.body !== undefined) draft.body = Buffer.from(more.body);
    for (const [name, value] of Object.entries(more.headers ?? {})) {
      if (value === '') delete draft.headers[name];
      else draft.headers[name] = value;
    }
  };
}

/** The same, for one form of pages only. */
function changeForm(form: 'json' | 'html', act: (draft: Draft) => void): Spoil {
  return (draft) => {
    if (PAGE.test(draft.path) && draft.headers['Content-Type']?.includes(form)) act(draft);
  };
}

const PAGE = /\/simple\/(?:[^/]+\/)?$/;
const WHEEL = /\.whl$/;

const TABLE: [what: string, spoil: Spoil, check: string, says: string][] = [
  ['403 for what is not there', change(/./, 404, { status: 403 }), 'unknown', 'with 403'],
  ['pages without redirects', unslashed, 'slash', 'its links lead astray'],
  [
    'redirects to another server',
    change(/./, 301, { headers: { Location: 'http://localhost:1/' } }),
    'slash',
    'localhost:1',
  ],
  ['no other spellings', change(/[A-Z_.]/, 301, { status: 404 }), 'spelling', 'is answered with 404'],
  ['500 for doubled slashes', change(/\/\//, 301, { status: 500 }), 'double-slash', 'with 500'],
  ['JSON under another type', changeForm('json', retype('application/json')), 'json', 'is sent as "application/json"'],
  ['HTML under another type', changeForm('html', retype('text/plain')), 'html', 'sent as "text/plain"'],
  ['no Vary', change(PAGE, 200, { headers: { Vary: '' } }), 'vary', 'without "Vary: Accept"'],
  ['another Vary', change(PAGE, 200, { headers: { Vary: 'Accept-Encoding' } }), 'vary', 'without "Vary: Accept"'],
  ['no ETag', change(PAGE, 200, { headers: { ETag: '' } }), 'etag', 'has no ETag'],
  ['one ETag for both forms', change(PAGE, 200, { headers: { ETag: '"same"' } }), 'etag', 'for both forms'],
  ['an ETag that is not known again', (_, request) => void delete request.headers['if-none-match'], 'etag', 'with 200'],
  ['pages for a day', change(PAGE, 200, { headers: { 'Cache-Control': 'max-age=86400' } }), 'fresh', 'stay unseen'],
  ['no word of caching', change(PAGE, 200, { headers: { 'Cache-Control': '' } }), 'fresh', 'caches guess'],
  ['an old HTML form', changeForm('html', alter), 'same', 'as HTML and as JSON'],
  ['a replaced wheel', change(WHEEL, 200, { body: 'other' }), 'files', 'has other bytes'],
  ['a wheel that is gone', change(WHEEL, 200, { status: 404 }), 'files', 'is answered with 404'],
  [
    'sdists unpacked on the way',
    change(/gz$/, 200, { headers: { 'Content-Encoding': 'gzip' } }),
    'encoding',
    'Encoding: gzip',
  ],
  ['no ranges', change(WHEEL, 200, { headers: { 'Accept-Ranges': '' } }), 'ranges', 'has no "Accept-Ranges: bytes"'],
  ['ranges not kept', (_, request) => void delete request.headers.range, 'ranges', 'asked for "bytes=0-9"'],
  ['If-Range not kept', (_, request) => void delete request.headers['if-range'], 'ranges', 'a part of another file'],
  ['metadata that is gone', change(/\.metadata$/, 200, { status: 404 }), 'metadata', 'pip and uv fail'],
  ['metadata of another file', change(/\.metadata$/, 200, { body: 'other' }), 'metadata', 'has other bytes'],
  ['JSON API as bytes', change(/\/pypi\//, 200, { headers: { 'Content-Type': 'x/y' } }), 'json-api', 'sent as "x/y"'],
  ['kho.toml for everybody', change(/kho\.toml$/, 404, { status: 200 }), 'hidden', 'can be read by everybody'],
  ['lists of folders', change(/\/packages\/$/, 404, { status: 200 }), 'folders', 'lists what is in the folder'],
  ['403 for folders', change(/\/packages\/$/, 404, { status: 403 }), 'folders', '403 instead of 404'],
];

function retype(type: string) {
  return (draft: Draft) => {
    draft.headers['Content-Type'] = type;
  };
}

function alter(draft: Draft): void {
  draft.body = Buffer.from(draft.body.toString().replace(/sha256=./, 'sha256=x'));
}

test.each(TABLE)('examine() finds %s', async (_what, spoilWith, check, says) => {
  const found = (await findings(spoilWith)).find((finding) => finding.check === check);
  expect(found).toMatchObject({
    result: 'failed',
    what: expect.stringContaining(says),
    hint: expect.stringMatching(/./),
  });
});

test('examine() notes a server that browsers may not read, and exits fine', async () => {
  const found = await findings(change(PAGE, 200, { headers: { 'Access-Control-Allow-Origin': '' } }));
  expect(found.filter(({ result }) => result === 'failed')).toEqual([]);
  expect(found.find(({ check }) => check === 'cors')).toMatchObject({ result: 'note' });
});

/** For whatever is posted: to an address, of at least so many bytes. */
function changePost(act: (draft: Draft) => void, path = /./, bytes = 0): Spoil {
  return (draft, request) => {
    if (request.method !== 'POST' || !path.test(draft.path) || Number(request.headers['content-length']) < bytes)
      return;
    act(draft);
  };
}

/** As a server answers that knows nothing of uploads. */
function as(status: number, headers: Record<string, string> = {}, body = ''): (draft: Draft) => void {
  return (draft) => void Object.assign(draft, { status, reason: undefined, headers, body: Buffer.from(body) });
}

const PLAIN = 'Use https: a token that is sent over plain http can be read by others';
const ELSEWHERE = { Location: 'https://elsewhere.example/' };

test.each<[what: string, spoil: Spoil, result: string, says: string]>([
  ['no POST that gets through (405)', changePost(as(405)), 'failed', 'answered with 405, and not by kho'],
  ['403 for each POST', changePost(as(403)), 'failed', 'answered with 403, and not by kho'],
  [
    'a server before kho that wants a password',
    changePost(as(401, { 'WWW-Authenticate': 'Basic realm="x"' })),
    'failed',
    'answered with 401, and not by kho',
  ],
  ['a redirect', changePost(as(301, ELSEWHERE)), 'failed', 'leads a POST to "https://elsewhere.example/"'],
  ['a redirect for an address without its slash', changePost(as(308, ELSEWHERE), /[^/]$/), 'failed', 'leads a POST to'],
  ['kho that is told of plain http', changePost(as(403, {}, PLAIN)), 'failed', 'taken for plain http'],
  ['a limit for bodies', changePost(as(413), /./, 1_000_000), 'failed', 'a body of 2 MB with 413'],
  ['a token that is taken away', (_, request) => void delete request.headers.authorization, 'failed', ''],
  ['words that are lost', changePost((draft) => void delete draft.reason), 'note', 'words in the status line'],
  [
    'a body that is kept until it is whole',
    changePost(({ headers }) => void Object.assign(headers, { Kept: 'yes' })),
    'note',
    'is kept until it is whole',
  ],
])('examine() finds of uploads %s', async (_what, spoilWith, result, says) => {
  const before: Spoil = (draft, request) => {
    spoilWith(draft, request);
    if (request.method === 'POST' && says === '') refuseUpload(draft, request);
  };
  spoil = before;
  const { findings: found } = await examine(address, { projects: 1, now: 0, takesUploads: true });
  const uploads = found.find(({ check }) => check === 'uploads');
  expect(uploads).toMatchObject({
    result,
    what: expect.stringContaining(says || 'does not reach kho'),
    hint: expect.stringMatching(/./),
  });
});

test.each<[what: string, spoil: Spoil]>([
  ['takes none', changePost(as(405))],
  ['answers nobody at the moment', changePost(as(429, {}, 'Too many tries without a token that is known here'))],
])('examine() does not call it a fault of uploads that a site %s', async (_what, spoilWith) => {
  const found = await findings(spoilWith);
  expect(found.find(({ check }) => check === 'uploads')).toMatchObject({ result: 'not looked at' });
});

const EMPTY_JSON = '{"meta":{"api-version":"1.1"},"projects":[]}';
const EMPTY_HTML = '<!DOCTYPE html><meta name="pypi:repository-version" content="1.1"><title>Simple index</title>';

test.each([
  ['JSON', EMPTY_JSON],
  ['HTML', EMPTY_HTML],
])('examine() takes an index in %s without projects for what it is', async (_what, body) => {
  const found = await findings((draft) => {
    if (/\/glibc\/simple\/(?:index\.\w+)?$/.test(draft.path)) draft.body = Buffer.from(body);
  });
  expect(found.filter(({ result }) => result === 'failed')).toEqual([]);
  expect(found[0]).toEqual({ check: 'reachable', result: 'fine', what: 'it lists no projects yet' });
  const looked = found.filter(({ result }) => result !== 'not looked at').map(({ check }) => check);
  expect(looked).toEqual(['reachable', 'unknown', 'slash', 'hidden', 'cors', 'uploads']);
});

test('examine() finds that what is private can be read without a token, where it knows what is', async () => {
  const known = { all: ['glibc', 'lab'], private: ['lab'] };
  const found = async (status: number) => {
    spoil = (draft, { headers }) => {
      if (draft.path.startsWith('/lab/') && headers.authorization === undefined) draft.status = status;
    };
    const { findings: all } = await examine(withPassword(address), { projects: 1, now: 0, known });
    return all.find(({ check }) => check === 'private');
  };
  expect(await found(401)).toMatchObject({ result: 'fine' });
  expect(await found(200)).toMatchObject({
    result: 'failed',
    what: expect.stringMatching(/\/lab\/simple\/ can be read/),
  });
  const { findings: unknown } = await examine(address, { projects: 1, now: 0 });
  expect(unknown.find(({ check }) => check === 'private')).toMatchObject({ result: 'not looked at' });
});

function withPassword(url: URL): URL {
  return Object.assign(new URL(url), { username: 'reader', password: 'kho_x' });
}

test.each([
  '{"projects":7,"meta":{"api-version":"1.0"}}',
  '{"projects":[]}',
  '<!DOCTYPE html><title>Welcome</title>',
  `${EMPTY_HTML}<a href="/login">Sign in</a>`,
  '',
])('examine() takes %j for no index', async (body) => {
  const found = await findings((draft) => {
    if (/\/glibc\/simple\/(?:index\.\w+)?$/.test(draft.path)) draft.body = Buffer.from(body);
  });
  expect(found[0]).toMatchObject({ result: 'failed', what: expect.stringContaining('lists no projects') });
});

test('examine() says why there is no index, and looks no further', async () => {
  spoil = () => {};
  const { findings: found } = await examine(new URL('/musl/simple/', address), { projects: 5, now: 0 });
  expect(found[0]).toMatchObject({
    check: 'reachable',
    result: 'failed',
    what: expect.stringContaining('answered with 404'),
  });
  expect(found.slice(1).every(({ result }) => result === 'not looked at')).toBe(true);
});

test('examine() tells of a server that is not there', async () => {
  const { findings: found } = await examine(new URL('http://127.0.0.1:1/simple/'), { projects: 5, now: 0 });
  expect(found[0]).toMatchObject({ result: 'failed', what: expect.stringContaining('ECONNREFUSED') });
});

/** As `try_files $uri $uri/index.html` has it. */
function unslashed(draft: Draft, request: IncomingMessage): void {
  if (draft.status !== 301 || `${draft.path}/` !== draft.headers['Location']) return;
  Object.assign(draft, { path: draft.headers['Location'], status: 200, headers: {} });
  readDraft(draft, request);
}

test('examine() shows no password, and sends it to the origin that it is for', async () => {
  const asked: (string | undefined)[] = [];
  const posted: (string | undefined)[] = [];
  spoil = (draft, { headers, method }) => {
    if (method === 'POST') return void posted.push(headers.authorization);
    asked.push(headers.authorization);
    if (headers.authorization === undefined) draft.status = 401;
    draft.headers['Content-Type'] = 'text/plain'; // so that checks have something to say
  };
  const secret = new URL(address);
  secret.username = 'me';
  secret.password = 'hunter%2';
  const environment = { HOME: '/nonexistent' };
  const found = await examineAll(secret, { projects: 2, now: 0, environment });
  expect(found[0]?.findings.some(({ result }) => result === 'failed')).toBe(true);
  expect(JSON.stringify(found)).not.toMatch(/hunter|me:/);
  expect(new Set(asked)).toEqual(new Set([`Basic ${Buffer.from('me:hunter%2').toString('base64')}`]));
  expect(posted.some((header) => header === asked[0])).toBe(false);
  const { findings: refused } = await examine(address, { projects: 2, now: 0, environment });
  expect(refused[0]).toMatchObject({ result: 'failed', hint: expect.stringContaining('NAME:PASSWORD') });
});

test('examine() asks the server at another address than DNS says', async () => {
  const hosts = new Set<string | undefined>();
  spoil = (_draft, { headers }) => void hosts.add(headers.host);
  const named = new URL(address);
  named.hostname = 'packages.example';
  const resolve = new Map([['packages.example', '127.0.0.1']]);
  const { url, findings: found } = await examine(named, { projects: 2, now: 0, resolve });
  expect([url, [...hosts]]).toEqual([named.href, [named.host]]);
  expect(found[0]).toEqual({ check: 'reachable', result: 'fine' });
});

test.each([
  ['ENOTFOUND', '--resolve'],
  ['ECONNREFUSED', 'nothing listens'],
  ['SELF_SIGNED_CERT_IN_CHAIN', '--ca'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', '--ca'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', '--ca'],
  ['CERT_NOT_YET_VALID', 'clock'],
  ['CERT_HAS_EXPIRED', 'renew'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'for this name'],
  ['ETIMEDOUT', 'firewall'],
])('hintForCode() has a way out of %s', (code, says) => {
  expect(hintForCode(code)).toContain(says);
});
