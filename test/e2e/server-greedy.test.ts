/** Clients that take all they can get, and what the others notice of them: `docs/serving.md#what-a-greedy-client-cannot-do`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { loadSite } from '../../src/config/load-config.ts';
import type { SiteConfig } from '../../src/config/site-config.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/start-server.ts';
import { ask, talk } from '../support/server-contract/ask.ts';
import { TestSite } from '../support/site.ts';
import { makeTestCa } from '../support/test-ca.ts';
import { KHO, PROJECT_DIR } from '../support/tools.ts';

const PAGE = '/glibc/simple/foo/';
const BIG = '/glibc/packages/big-1.0-py3-none-any.whl';
/** Of many files: half a megabyte in JSON. Its name is as long as what `spellings` varies. */
const LONG_PAGE = '/glibc/simple/many-files-of-one-project/';
const FILES = 1000;

/** How long others are watched with the greedy client, and without it where that tells more, in milliseconds. */
const WATCH_MS = 3000;
/** Below this, what others wait is what this machine does besides. */
const NOISE_MS = 50;
/** Other work on this machine may come between, and a thousand connections take a moment to be made. */
const TRIES = 3;
const MOST_MB = 300;
const END_MS = 10_000;

let site: TestSite;
const children: ChildProcess[] = [];
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  site = new TestSite();
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.wheel('glibc', { name: 'big', version: '1.0', members: { 'big/noise': randomBytes(6 * 1024 * 1024) } });
  for (let count = 0; count < FILES; count++) {
    site.wheel('glibc', { name: 'many_files_of_one_project', version: `1.${count}` });
  }
  site.put('kho.toml', 'absolute_urls = true\n');
  await site.build();
});
afterAll(() => site.close());
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const close of closers.splice(0).reverse()) await close();
});

/** The built program, in a process of its own. */
async function startKho(): Promise<{ url: string; child: ChildProcess }> {
  const words = [KHO, 'serve', site.root, '--port', '0', '--no-access-log', '--log', 'json'];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let output = '';
  child.stdout?.on('data', (text) => {
    output += text;
  });
  for (const limit = Date.now() + 20_000; ; await sleep(20)) {
    const url = /"url":"(http:[^"]+)"/.exec(output)?.[1];
    if (url !== undefined && output.includes('"watching"')) return { url, child };
    if (Date.now() > limit) throw new Error(`kho serve said:\n${output}`);
  }
}

/** What another client waits for a page in the worst of a hundred cases, in milliseconds: on its own connections, old and new. */
async function p99(url: string): Promise<number> {
  const keeping = new Agent({ keepAlive: true, maxSockets: 2 });
  const times: number[] = [];
  const one = (agent: Agent | false) =>
    new Promise<void>((resolve, reject) => {
      const began = performance.now();
      const request = get(`${url}${PAGE}`, { agent, timeout: 20_000 }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`answered with ${response.statusCode}`));
        response.resume().on('end', () => {
          times.push(performance.now() - began);
          resolve();
        });
      });
      // A connection may be closed as idle in the moment in which it is used again: clients ask once more.
      request.on('error', (error) => (request.reusedSocket ? resolve(one(false)) : reject(error)));
      request.on('timeout', () => request.destroy(new Error('no answer')));
    });
  for (const end = performance.now() + WATCH_MS; performance.now() < end; await sleep(4)) {
    await one(times.length % 2 === 0 ? keeping : false);
  }
  keeping.destroy();
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length * 0.99)] as number;
}

function residentMb(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
}

test.each([
  ['heads', BIG],
  ['heads that nobody reads', BIG],
  ['gets', PAGE],
  ['gets', BIG],
  ['gets that nobody reads', PAGE],
  ['gets that nobody reads', LONG_PAGE],
  ['not modified', BIG],
  ['gets', '/glibc/simple/none/'],
  ['connections that pipeline', BIG],
  ['connections that come again', PAGE],
  ['silent sockets', PAGE],
  ['slow headers', PAGE],
  ['slow readers', BIG],
  ['slow readers', LONG_PAGE],
  ['hosts', LONG_PAGE],
  ['spellings', LONG_PAGE],
  ['blanks in a range', BIG],
])('others notice little of %s (%s)', async (kind, path) => {
  const { url, child } = await startKho();
  const pid = child.pid as number;
  const client = join(PROJECT_DIR, 'test', 'support', 'greedy-client.mjs');
  const greedy = spawn(process.execPath, [client, kind, url, path], { stdio: 'inherit' });
  children.push(greedy);
  await sleep(1000);
  let with99 = await p99(url);
  for (let again = 1; again < TRIES && with99 >= NOISE_MS; again++) with99 = Math.min(with99, await p99(url));
  const peak = residentMb(pid, 'VmHWM');

  const ended = once(child, 'exit');
  const began = performance.now();
  child.kill('SIGTERM');
  const [code] = await ended;
  const endMs = performance.now() - began;
  greedy.kill('SIGKILL');
  const without = with99 < NOISE_MS ? 0 : await p99((await startKho()).url);
  console.log(
    `${kind} (${path}): p99 ${with99.toFixed(1)} ms, ${without.toFixed(1)} without, ${peak.toFixed(0)} MB at most, ended in ${(endMs / 1000).toFixed(1)} s with ${code}`,
  );
  expect(peak).toBeLessThan(MOST_MB);
  expect(endMs).toBeLessThan(END_MS);
  expect(code).toBe(0);
  expect(with99).toBeLessThan(Math.max(3 * without, NOISE_MS));
});

async function serve(options: Partial<ServerOptions> = {}, settings: Partial<SiteConfig> = {}): Promise<RunningServer> {
  const { config } = await loadSite(site.root);
  const server = await startServer({
    config: () => ({ ...config, ...settings }),
    listen: { host: '127.0.0.1', port: 0 },
    ...options,
  });
  closers.push(() => server.close());
  return server;
}

/** A connection from an address of this machine. */
async function connectFrom(server: RunningServer, localAddress: string): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port), localAddress });
  closers.push(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

const HEALTH = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';

test('an address gets no more connections than it may, others get theirs', async () => {
  const server = await serve({ limits: { isLoopbackFree: false } }, { connectionsPerAddress: 20 });
  const sockets: Socket[] = [];
  for (let count = 0; count < 50; count++) sockets.push(await connectFrom(server, '127.0.0.2'));
  const other = await connectFrom(server, '127.0.0.3');
  other.write(HEALTH);
  expect(String((await once(other, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /);
  const metrics = (await ask(server, '/metrics')).text;
  expect(metrics).toContain('kho_http_connections 22\n'); // with the one that asks
  for (const socket of sockets) socket.resume();
  for (const limit = Date.now() + 5000; sockets.filter(({ closed }) => closed).length < 30; await sleep(10)) {
    expect(Date.now()).toBeLessThan(limit);
  }
  sockets.at(-1)?.write(HEALTH);
  expect(String((await once(sockets.at(-1) as Socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /);
});

test('clients on this machine, and trusted proxies, are not limited', async () => {
  const limits = { connectionsPerAddress: 5 };
  const free = await serve({ limits });
  const trusting = await serve({ limits: { ...limits, isLoopbackFree: false } }, { trustedProxies: ['127.0.0.2'] });
  for (const server of [free, trusting]) {
    const sockets: Socket[] = [];
    for (let count = 0; count < 20; count++) sockets.push(await connectFrom(server, '127.0.0.2'));
    await sleep(50);
    for (const socket of sockets) {
      socket.write(HEALTH);
      await once(socket, 'data');
    }
  }
});

test('a client behind a trusted proxy has no more answers under way than it may', async () => {
  const limits = { connectionsPerAddress: 3 };
  const server = await serve({ limits }, { trustedProxies: ['127.0.0.1'] });
  const headers = { 'X-Forwarded-For': '203.0.113.9' };
  const { hostname, port } = new URL(server.url);
  const sockets: Socket[] = [];
  for (let count = 0; count < 3; count++) {
    const socket = connect(Number(port), hostname);
    closers.push(() => socket.destroy());
    socket.pause().write(`GET ${BIG} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n`);
    sockets.push(socket);
    await sleep(50);
  }
  const refused = await ask(server, PAGE, { headers });
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '10']);
  expect((await ask(server, PAGE, { headers: { 'X-Forwarded-For': '203.0.113.10' } })).status).toBe(200);
  expect((await ask(server, PAGE)).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  await sleep(200);
  expect((await ask(server, PAGE, { headers })).status).toBe(200);
});

test.each([
  ['a request that never ends', 'GET / HTTP/1.1\r\nHost: x\r\nX: '],
  ['what is no HTTP', 'nonsense\r\n\r\n'],
  ['headers that do not fit', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
])('after %s the socket is gone, though its client keeps its half', async (_what, bytes) => {
  const server = await serve({ limits: { headerMs: 300 } });
  const { hostname, port } = new URL(server.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  closers.push(() => socket.destroy());
  socket.on('error', () => {});
  socket.resume().write(bytes);
  await once(socket, 'end');
  await sleep(100);
  expect((await ask(server, '/metrics')).text).toContain('kho_http_connections 1\n');
});

test.each([
  ['two Hosts', 'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
  ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
  ['a Host that is none', 'GET /healthz HTTP/1.1\r\nHost: a/<b>\r\n\r\n', 400],
  ['a Host of 15 kB', `GET /healthz HTTP/1.1\r\nHost: ${'a'.repeat(15_000)}\r\n\r\n`, 400],
  ['a target with a user', 'GET http://me@a/healthz HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['two lengths', 'GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n', 400],
  [
    'a length and chunks',
    'GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['chunks twice', `GET / HTTP/1.1\r\nHost: a\r\n${'Transfer-Encoding: chunked\r\n'.repeat(2)}\r\n0\r\n\r\n`, 400],
  ['many headers', `GET /healthz HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(1000)}\r\n`, 431],
  ['a body with a GET', 'GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello', 200],
  ['an upgrade', 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n', 200],
  ['several ranges', `GET ${PAGE} HTTP/1.1\r\nHost: a\r\nRange: bytes=${'0-1,'.repeat(3000)}5-6\r\n\r\n`, 200],
])('%s', async (_what, bytes, status) => {
  const server = await serve();
  expect(await talk(server, bytes, 500)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(await talk(server, 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 500)).toBe('');
});

test('addresses in a page are those of the host that its client names, and of no other client', async () => {
  const server = await serve();
  const accept = 'Accept: application/vnd.pypi.simple.v1+json\r\nConnection: close\r\n\r\n';
  const urlFor = async (target: string, host: string) => {
    const answer = await talk(server, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${accept}`, 2000);
    return JSON.parse(answer.slice(answer.indexOf('{'))).files[0].url;
  };
  const path = '/glibc/packages/foo-1.0-py3-none-any.whl';
  expect(await urlFor(PAGE, 'a.example')).toBe(`http://a.example${path}`);
  expect(await urlFor(`http://evil.example${PAGE}`, 'a.example')).toBe(`http://evil.example${path}`);
  expect(await urlFor(PAGE.replace('foo', 'f%6fo'), 'a.example')).toBe(`http://a.example${path}`);
  expect(await urlFor(PAGE, 'a.example')).toBe(`http://a.example${path}`);
});

test('a client that names ever new hosts is told to wait, and others are answered', async () => {
  const server = await serve();
  const statusFor = async (host: string) =>
    (await ask(server, LONG_PAGE, { headers: { Host: host, Accept: 'application/vnd.pypi.simple.v1+json' } })).status;
  expect(await statusFor('packages.example')).toBe(200);
  const statuses: number[] = [];
  for (let count = 0; count < 20; count++) statuses.push(await statusFor(`host-${count}.example`));
  expect(statuses.filter((status) => status === 200)).toHaveLength(3);
  expect(statuses.filter((status) => status === 429)).toHaveLength(17);
  expect(await statusFor('packages.example')).toBe(200);
});

test('requests that came before their answers are answered, each, in order', async () => {
  const server = await serve();
  const paths = Array.from({ length: 300 }, (_, count) => (count % 3 === 0 ? PAGE : `/glibc/simple/none-${count}/`));
  const requests = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join('');
  const answers = await talk(server, `${requests}GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 3000);
  const seen = [...answers.matchAll(/HTTP\/1\.1 (\d+)|"(none-\d+)" is not in/g)].flatMap(([, status, name]) =>
    name === undefined ? [status] : [name],
  );
  const expected = paths.flatMap((path) => (path === PAGE ? ['200'] : ['404', path.split('/')[3]]));
  expect(seen).toEqual([...expected, '200']);
});

test('over TLS too: requests are answered in order, and a handshake that never ends ends the connection', async () => {
  const ca = await makeTestCa();
  closers.push(() => ca.remove());
  const tls = { cert: ca.certificate, key: ca.key };
  const server = await serve({ tls, limits: { headerMs: 500 } });
  const { hostname, port } = new URL(server.url);
  const silent = connect(Number(port), hostname);
  closers.push(() => silent.destroy());
  silent.on('error', () => {});
  const closed = once(silent.resume(), 'close');

  const requests = `GET ${PAGE} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(300);
  const last = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  const answers = await talk({ url: server.url, ca: ca.caText }, requests + last, 3000);
  expect(answers.match(/HTTP\/1\.1 200/g)).toHaveLength(301);
  expect(answers).toMatch(/ok\n$/);
  await closed;
});
