import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeWheel } from '../../test/support/make-package.ts';
import { ScriptedServer } from '../../test/support/scripted-server.ts';
import { normalizeName } from '../standards/name.ts';
import { HttpClient } from './http-client.ts';
import { NoIndexPage } from './index-page-faults.ts';
import { readIndexPage } from './read-index-page.ts';
import { upstreamSource } from './upstream-source.ts';

let server: ScriptedServer;
const client = new HttpClient({}, { firstWaitMs: 1 });
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(async () => {
  await client.close();
  server.stop();
});

const FOO = normalizeName('foo');
const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const WHEEL = makeWheel({ name: 'foo', version: '1.0', metadata: ['Requires-Dist: bar'] });
const FILE = 'foo-1.0-py3-none-any.whl';
const pageOf = (files: object[]) => JSON.stringify({ meta: { 'api-version': '1.1' }, name: 'foo', files });
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

const BASE = new URL('https://index.example/simple/foo/');
const names = (text: string, type: string) =>
  readIndexPage(Buffer.from(text), type, BASE, FOO).map(({ filename }) => filename);

test('readIndexPage() reads both forms alike', () => {
  const hash = 'a'.repeat(64);
  const json = pageOf([
    {
      filename: FILE,
      url: '../../files/x%2By.whl',
      hashes: { sha256: hash },
      'requires-python': '>=3.8',
      yanked: 'bad',
      'core-metadata': { sha256: hash },
      size: 5,
    },
    { filename: 'foo-0.9.tar.gz', url: 'https://files.example/foo-0.9.tar.gz', hashes: {}, yanked: false },
  ]);
  const [wheel, sdist] = readIndexPage(Buffer.from(json), JSON_TYPE, BASE, FOO);
  expect(wheel).toMatchObject({
    filename: FILE,
    version: '1.0',
    isYanked: true,
    sha256: hash,
    size: 5,
    metadata: hash,
    requiresPython: '>=3.8',
  });
  expect(wheel?.url.href).toBe('https://index.example/files/x%2By.whl');
  expect(sdist).toMatchObject({ version: '0.9', isYanked: false });
  expect(sdist?.sha256).toBeUndefined();
  const html = `<html><head><base href="/files/"></head><body>
    <A HREF='${FILE}#sha256=${hash}' data-requires-python="&gt;=3.8" data-yanked data-core-metadata="sha256=${hash}">anything</a>
    <a href="foo-0.9.tar.gz">foo-0.9.tar.gz<a href="../">up</a>`;
  const [first, second] = readIndexPage(Buffer.from(html), 'text/html', BASE, FOO);
  expect(first).toMatchObject({
    filename: FILE,
    isYanked: true,
    sha256: hash,
    metadata: hash,
    requiresPython: '>=3.8',
  });
  expect(first?.url.href).toBe(`https://index.example/files/${FILE}`);
  expect(second).toMatchObject({ filename: 'foo-0.9.tar.gz', isYanked: false });
});

test.each([
  '../../../etc/cron.d/foo-1.0-py3-none-any.whl',
  '.foo-1.0-py3-none-any.whl',
  'foo-1.0-py3-none-any.whl/..',
  'foo-1.0-py3-none-any.whl\0',
  'bar-1.0-py3-none-any.whl',
  'foo-1.0.exe',
  'foo-1.0-py3-none-any.whl.part',
  'foo\\..\\-1.0.tar.gz',
  '-foo-1.0.tar.gz',
  '',
  'foo-x/../1.0.tar.gz',
])('readIndexPage() passes over a file of the name %j', (filename) => {
  expect(names(pageOf([{ filename, url: 'x', hashes: {} }]), JSON_TYPE)).toEqual([]);
  const html = `<meta name="pypi:repository-version" content="1.0"><a href="foo-1.0.tar.gz">x</a>`;
  expect(names(`${html}<a href="${encodeURIComponent(filename)}">x</a>`, 'text/html')).toEqual(['foo-1.0.tar.gz']);
});

test.each(['file:///etc/passwd', 'ftp://a.vn/x', 'javascript:1', 'http://', null, 7])(
  'readIndexPage() passes over the address %j',
  (url) => {
    expect(names(pageOf([{ filename: FILE, url, hashes: {} }]), JSON_TYPE)).toEqual([]);
  },
);

const META = '<!DOCTYPE html><meta name="pypi:repository-version" content="1.1">';

test.each<[what: string, text: string, type?: string]>([
  ['files that are none', pageOf([7, null, [], {}] as object[])],
  ['an empty list', pageOf([])],
  ['an index in HTML', `${META}<h1>Links for foo</h1>`, 'text/html'],
  ['comments at its end', `${META}<body></body></html>\n<!--SERIAL 7-->\n<!-- x -->`, 'text/html'],
  ['JSON that is called HTML', pageOf([]), 'text/html; charset=utf-8'],
  ['JSON that is called nothing', pageOf([]), ''],
])('readIndexPage() finds nothing in %s', (_what, text, type = JSON_TYPE) => {
  expect(names(text, type)).toEqual([]);
});

const CUT = pageOf([{ filename: FILE, url: 'x', hashes: {} }]).slice(0, -5);
const SIGN_IN = '<!DOCTYPE html><title>Sign in</title><form action="/login"><a href="/help">Help</a></form></html>';

test.each<[what: string, text: string, type: string, why: string]>([
  ['nothing', '', JSON_TYPE, 'is cut off'],
  ['half of JSON', CUT, JSON_TYPE, 'is cut off'],
  ['half of JSON that is called HTML', CUT, 'text/html', 'is cut off'],
  ['JSON of something else', '{"files":7,"name":"foo"}', JSON_TYPE, 'no page of an index'],
  ['JSON that is no table', '[]', JSON_TYPE, 'no page of an index'],
  ['another project in JSON', pageOf([]).replace('"foo"', '"bar"'), JSON_TYPE, 'is the page of "bar"'],
  ['a version to come', pageOf([]).replace('"1.1"', '"2.0"'), JSON_TYPE, 'is of version "2.0"'],
  ['no version', '{"name":"foo","files":[]}', JSON_TYPE, 'is of version "undefined"'],
  ['a page to sign in with', SIGN_IN, 'text/html', 'is no page of an index'],
  ['that page, called JSON', SIGN_IN, JSON_TYPE, 'is cut off, or no JSON'],
  ['half of HTML', `${META}<a href="foo-1.0.tar.gz">x</a><a href="foo-2.0.ta`, 'text/html', 'is cut off'],
  ['HTML cut off in a comment', `${META}<a href="foo-1.0.tar.gz">x</a><!-- SERI`, 'text/html', 'is cut off'],
  ['another project in HTML', `${META}<a href="bar-1.0.tar.gz">x</a>`, 'text/html', 'the page of another project'],
  ['another project in plain HTML', '<a href="bar-1.0.tar.gz">x</a>', 'text/html', 'is no page of an index'],
])('readIndexPage() takes %s for a fault, and not for an empty page', (_what, text, type, why) => {
  expect(() => readIndexPage(Buffer.from(text), type, BASE, FOO)).toThrow(NoIndexPage);
  expect(() => readIndexPage(Buffer.from(text), type, BASE, FOO)).toThrow(why);
});

test('readIndexPage() reads all hashes that clients know', () => {
  const [a, b] = ['A'.repeat(128), 'b'.repeat(32)];
  const json = pageOf([{ filename: FILE, url: 'x', hashes: { sha512: a, md5: b, crc32: '1', sha256: 7 } }]);
  expect(readIndexPage(Buffer.from(json), JSON_TYPE, BASE, FOO)[0]?.hashes).toEqual({
    sha512: a.toLowerCase(),
    md5: b,
  });
  const html = `<a href="${FILE}#egg=foo&sha512=${a}">x</a><a href="foo-1.0.tar.gz#md5=${b}">x</a>`;
  const found = readIndexPage(Buffer.from(html), 'text/html', BASE, FOO).map(({ hashes }) => hashes);
  expect(found).toEqual([{ sha512: a.toLowerCase() }, { md5: b }]);
});

test('upstreamSource() reads metadata from FILE.metadata, else from the end of the wheel, else from all of it', async () => {
  const metadata = 'Metadata-Version: 2.1\nName: foo\nVersion: 1.0\nRequires-Dist: from-metadata\n';
  server.file('/ranges.whl', WHEEL);
  server.page('/whole.whl', WHEEL);
  server.page('/lies.whl.metadata', metadata);
  server.file('/lies.whl', WHEEL);
  server.page('/good.whl.metadata', metadata);
  server.page('/perhaps.whl.metadata', metadata.slice(0, -10));
  server.file('/perhaps.whl', WHEEL);
  const ask = async (path: string, more: object = {}) => {
    server.page(`/m${path}/foo/`, pageOf([{ filename: FILE, url: path, hashes: {}, ...more }]), JSON_TYPE);
    const source = upstreamSource(server.url(`/m${path}/`), client);
    const [file] = await source.candidates(FOO);
    return (await source.metadata(file!))?.requiresDist;
  };
  expect(await ask('/good.whl', { 'core-metadata': { sha256: sha256(metadata) } })).toEqual(['from-metadata']);
  expect(await ask('/lies.whl', { 'core-metadata': { sha256: 'a'.repeat(64) } })).toEqual(['bar']);
  expect(await ask('/perhaps.whl', { 'core-metadata': true })).toEqual(['bar']); // nothing tells that it is whole
  expect(await ask('/ranges.whl')).toEqual(['bar']);
  expect(await ask('/whole.whl')).toEqual(['bar']);
  expect(await ask('/gone.whl', { 'core-metadata': true })).toBeUndefined();
  expect(server.requests.filter(({ path }) => path === '/ranges.whl').every(({ headers }) => headers.range)).toBe(true);
});

test('upstreamSource() asks a wheel for its directory and METADATA to know what it needs, however much else lies there', async () => {
  const noise = Array.from({ length: 40 }, (_each, index) => [`foo/${index}.bin`, randomBytes(20_000)]);
  const members: Record<string, Uint8Array> = Object.fromEntries(noise);
  server.file('/big.whl', makeWheel({ name: 'foo', version: '1.0', metadata: 'Requires-Dist: bar', members }));
  server.page('/m/big/foo/', pageOf([{ filename: FILE, url: '/big.whl', hashes: {} }]), JSON_TYPE);
  const source = upstreamSource(server.url('/m/big/'), client);
  const [file] = await source.candidates(FOO);
  expect((await source.metadata(file!))?.requiresDist).toEqual(['bar']);
  const asked = server.requests.filter(({ path }) => path === '/big.whl').map(({ headers }) => headers.range);
  const lengths = asked.map((range) => {
    const [, from = 0, to] = /^bytes=(\d*)-(\d+)$/.exec(range ?? '') ?? [];
    return Number(to) - Number(from || 1) + 1;
  });
  expect(lengths[0]).toBe(32_768);
  expect(lengths.reduce((sum, length) => sum + length)).toBeLessThan(80_000); // of 800,000
});

test('upstreamSource() takes 404 for nothing, and other answers for a fault', async () => {
  expect(await upstreamSource(server.url('/none/'), client).candidates(FOO)).toEqual([]);
  server.answers.set('/secret/foo/', (_request, response) => void response.writeHead(401).end());
  await expect(upstreamSource(server.url('/secret/'), client).candidates(FOO)).rejects.toMatchObject({
    code: 'UPSTREAM',
    hint: expect.stringContaining('password'),
  });
});

test('upstreamSource() tries a page that is cut off once more, asks for it packed, and unpacks it with a limit', async () => {
  const page = pageOf([{ filename: FILE, url: 'x', hashes: {} }]);
  server.answers.set('/packed/foo/', (_request, response, count) => {
    response.writeHead(200, { 'Content-Type': JSON_TYPE, 'Content-Encoding': 'gzip' });
    response.end(gzipSync(count === 1 ? page.slice(0, 40) : page));
  });
  expect(await upstreamSource(server.url('/packed/'), client).candidates(FOO)).toMatchObject([{ filename: FILE }]);
  const asked = server.requests.filter(({ path }) => path === '/packed/foo/');
  expect(asked.map(({ headers }) => headers['accept-encoding'])).toEqual(['gzip', 'gzip']);
  const bomb = gzipSync(Buffer.alloc(70 * 1024 * 1024));
  server.answers.set('/bomb/foo/', (_request, response) => {
    response.writeHead(200, { 'Content-Type': JSON_TYPE, 'Content-Encoding': 'gzip' }).end(bomb);
  });
  await expect(upstreamSource(server.url('/bomb/'), client).candidates(FOO)).rejects.toThrow('longer than 67108864');
});

test('upstreamSource() tells of a page that is none as a fault', async () => {
  server.page('/portal/foo/', SIGN_IN, 'text/html');
  await expect(upstreamSource(server.url('/portal/'), client).candidates(FOO)).rejects.toMatchObject({
    code: 'UPSTREAM',
    message: expect.stringContaining('is no page of an index, but one for people'),
  });
}, 30_000);

test('upstreamSource() logs in wherever the index links to on its own origin, and nowhere else', async () => {
  const own = new HttpClient({ HOME: '/nonexistent' });
  const other = await ScriptedServer.start();
  other.file('/foo.whl', WHEEL);
  server.file('/private/foo.whl', WHEEL);
  const links = [server.url('/private/foo.whl').href, other.url('/foo.whl').href];
  const index = server.url('/logged-in/');
  index.username = 'me';
  index.password = '100%';
  server.page('/logged-in/foo/', pageOf(links.map((url) => ({ filename: FILE, url, hashes: {} }))), JSON_TYPE);
  const source = upstreamSource(index, own);
  for (const file of await source.candidates(FOO)) await source.metadata(file);
  const sent = (from: ScriptedServer, path: string) =>
    from.requests.find((request) => request.path === path)?.headers.authorization;
  const expected = `Basic ${Buffer.from('me:100%').toString('base64')}`;
  expect([sent(server, '/logged-in/foo/'), sent(server, '/private/foo.whl')]).toEqual([expected, expected]);
  expect(sent(other, '/foo.whl')).toBeUndefined();
  await own.close();
  other.stop();
});

test('upstreamSource() ends with redirects without an end, and with a page without one', async () => {
  server.answers.set(
    '/round/foo/',
    (_request, response) => void response.writeHead(302, { Location: '/round/foo/' }).end(),
  );
  await expect(client.get(server.url('/round/foo/'))).rejects.toThrow('leads on and on');
  server.answers.set(
    '/local/foo/',
    (_request, response) => void response.writeHead(302, { Location: 'file:///etc/passwd' }).end(),
  );
  await expect(client.get(server.url('/local/foo/'))).rejects.toThrow('which is not followed');
  server.answers.set('/huge/foo/', (_request, response) => {
    response.writeHead(200, { 'Content-Type': JSON_TYPE });
    const piece = Buffer.alloc(1024 * 1024, ' ');
    const more = () => {
      while (!response.destroyed && response.write(piece));
      response.once('drain', more);
    };
    more();
  });
  await expect(upstreamSource(server.url('/huge/'), client).candidates(FOO)).rejects.toThrow(
    'longer than 67108864 bytes',
  );
});

test('HttpClient sends a password to its own host only', async () => {
  const other = await ScriptedServer.start();
  other.page('/foo/', 'x');
  server.answers.set(
    '/auth/foo/',
    (_request, response) => void response.writeHead(302, { Location: other.url('/foo/').href }).end(),
  );
  const url = server.url('/auth/foo/');
  url.username = 'me';
  url.password = 'p%40ss';
  (await client.get(url)).discard();
  expect(server.requests.at(-1)?.headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  expect(other.requests[0]?.headers.authorization).toBeUndefined();
  other.stop();
});

test('HttpClient goes through the proxy of the environment, but not where NO_PROXY says so', async () => {
  const proxy = await ScriptedServer.start();
  const tunnels: string[] = [];
  proxy.server.on('connect', (request, socket, head) => {
    tunnels.push(request.url ?? '');
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const out = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      out.write(head);
      out.pipe(socket).pipe(out);
    });
    out.on('error', () => socket.destroy());
    socket.on('error', () => out.destroy());
  });
  server.page('/proxied', 'x');
  vi.stubEnv('http_proxy', proxy.url().href);
  try {
    const through = new HttpClient();
    await through.getWhole(server.url('/proxied'), 10);
    await through.close();
    expect(tunnels).toEqual([server.url().host]);
    vi.stubEnv('no_proxy', '127.0.0.1');
    const direct = new HttpClient();
    await direct.getWhole(server.url('/proxied'), 10);
    await direct.close();
    expect(tunnels).toHaveLength(1);
  } finally {
    vi.unstubAllEnvs();
    proxy.stop();
  }
});
