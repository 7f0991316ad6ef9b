/** What kho's own server does over time: publishing, closing, slow and hostile clients, proxies, certificates. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { loadSite } from '../../src/config/load-config.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/start-server.ts';
import { ask, talk } from '../support/server-contract/ask.ts';
import { ACCEPT } from '../support/server-contract/check.ts';
import { TestSite } from '../support/site.ts';
import { makeTestCa } from '../support/test-ca.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function makeSite(fill: (site: TestSite) => void): Promise<TestSite> {
  const site = new TestSite();
  closers.push(() => site.close());
  fill(site);
  await site.build();
  return site;
}

async function serve(site: TestSite, options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const { config } = await loadSite(site.root);
  const listen = { host: '127.0.0.1', port: 0 };
  const server = await startServer({ config: () => config, listen, ...options });
  closers.push(() => server.close());
  return server;
}

const small = (site: TestSite) => site.wheel('glibc', { name: 'foo', version: '1.0' });
const FOO = '/glibc/packages/foo-1.0-py3-none-any.whl';

const big = (site: TestSite) => {
  small(site);
  site.wheel('glibc', { name: 'big', version: '1.0', members: { 'big/noise': randomBytes(24 * 1024 * 1024) } });
};
const BIG = '/glibc/packages/big-1.0-py3-none-any.whl';

/** A client that has asked for a file and reads nothing of it. */
async function stalled(server: RunningServer, path: string): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  closers.push(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return socket;
}

test('a new file is there as soon as a page names it', async () => {
  const site = await makeSite(small);
  const server = await serve(site);
  expect((await ask(server, '/glibc/simple/bar/')).status).toBe(404);
  site.wheel('glibc', { name: 'bar', version: '1.0' });
  expect((await ask(server, '/glibc/packages/bar-1.0-py3-none-any.whl')).status).toBe(404);
  await site.build();
  server.refresh();
  expect((await ask(server, '/glibc/simple/')).text).toContain('bar');
  expect((await ask(server, '/glibc/packages/bar-1.0-py3-none-any.whl')).status).toBe(200);
});

test('what another process publishes is there within a moment', async () => {
  const site = await makeSite(small);
  const server = await serve(site);
  expect((await ask(server, '/glibc/simple/foo/')).text).not.toContain('1.1');
  site.wheel('glibc', { name: 'foo', version: '1.1' });
  await site.build();
  await sleep(150);
  expect((await ask(server, '/glibc/simple/foo/')).text).toContain('1.1');
  site.remove('glibc/packages/foo-1.1-py3-none-any.whl');
  await site.build();
  await sleep(150);
  expect((await ask(server, '/glibc/simple/foo/')).text).not.toContain('1.1');
});

test('a file that is being replaced is not there, before the index knows it', async () => {
  const site = await makeSite(small);
  const server = await serve(site);
  for (let times = 0; times < 3; times++) expect((await ask(server, FOO)).status).toBe(200);
  truncateSync(join(site.root, FOO), 100);
  await sleep(150);
  expect((await ask(server, FOO)).status).toBe(404);
  expect((await ask(server, `${FOO}.metadata`)).status).toBe(200);
});

test('a file that another repository alone lists can be had', async () => {
  const site = await makeSite((site) => {
    site.wheel('common', { name: 'foo', version: '1.0' });
    site.put(
      'kho.toml',
      '[repositories.all]\ninclude = ["common"]\n[repositories.common.projects.foo]\nstatus = "quarantined"\n',
    );
  });
  const server = await serve(site);
  const page = JSON.parse((await ask(server, '/all/simple/foo/', { headers: { Accept: ACCEPT.pip } })).text);
  expect(page.files).toHaveLength(1);
  expect((await ask(server, '/common/packages/foo-1.0-py3-none-any.whl')).status).toBe(200);
});

test('a site that is a repository itself', async () => {
  const site = await makeSite((site) => {
    site.wheel('.', { name: 'foo', version: '1.0' });
    site.sdist('.', { name: 'foo-bar', version: '1-1' });
  });
  const server = await serve(site);
  expect((await ask(server, '/simple/foo/')).status).toBe(200);
  expect((await ask(server, '/packages/foo-1.0-py3-none-any.whl.metadata')).status).toBe(200);
  expect((await ask(server, '/packages/foo_bar-1-1.tar.gz')).status).toBe(200);
  expect((await ask(server, '/kho.toml')).status).toBe(404);
});

test('another configuration takes effect at once', async () => {
  const site = await makeSite(small);
  let { config } = await loadSite(site.root);
  const server = await serve(site, { config: () => config });
  expect((await ask(server, FOO)).headers['cache-control']).toBe('no-cache');
  site.put('kho.toml', 'files_immutable = true\nabsolute_urls = true\n');
  ({ config } = await loadSite(site.root));
  expect((await ask(server, FOO)).headers['cache-control']).toContain('immutable');
  const headers = { Accept: ACCEPT.micropip, Host: 'a.example:81' };
  const page = JSON.parse((await ask(server, '/glibc/simple/foo/', { headers })).text);
  expect(page.files[0].url).toBe(`http://a.example:81${FOO}`);
});

test('whole addresses of files, as a trusted proxy sees them', async () => {
  const site = await makeSite((site) => {
    small(site);
    site.put('kho.toml', 'absolute_urls = true\ntrusted_proxies = ["127.0.0.1"]\n');
  });
  const server = await serve(site);
  const headers = {
    Accept: ACCEPT.micropip,
    'X-Forwarded-For': '203.0.113.9',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'pkg.example',
    'X-Forwarded-Prefix': '/pypi',
  };
  const expected = `https://pkg.example/pypi${FOO}`;
  for (const path of ['/glibc/simple/foo/', '/pypi/glibc/simple/foo/']) {
    const { text, headers: got } = await ask(server, path, { headers });
    expect(JSON.parse(text).files[0].url).toBe(expected);
    const again = await ask(server, path, { headers: { ...headers, 'If-None-Match': got.etag ?? '' } });
    expect(again.status).toBe(304);
    const elsewhere = await ask(server, path, {
      headers: { ...headers, 'X-Forwarded-Host': 'other', 'If-None-Match': got.etag ?? '' },
    });
    expect(elsewhere.status).toBe(200);
  }
  const { urls } = JSON.parse((await ask(server, '/glibc/pypi/foo/json', { headers })).text);
  expect(urls[0].url).toBe(expected);
  const html = await ask(server, '/glibc/simple/foo/', { headers: { ...headers, Accept: 'text/html' } });
  expect(html.text).toContain('href="../../packages/');
});

test('the access log names the client that a trusted proxy speaks for, and what was sent', async () => {
  const site = await makeSite((site) => {
    small(site);
    site.put('kho.toml', 'trusted_proxies = ["127.0.0.1"]\n');
  });
  let log = '';
  const server = await serve(site, { accessLog: { format: 'json', write: (lines) => (log += lines) } });
  const size = readFileSync(join(site.root, FOO)).length;
  const headers = { 'X-Forwarded-For': '203.0.113.9' };
  await ask(server, FOO, { headers: { ...headers, Range: 'bytes=0-9' } });
  await ask(server, FOO, { headers });
  await ask(server, FOO, { headers });
  await ask(server, FOO, { method: 'HEAD' });
  await ask(server, '/glibc/simple/none/?x=%22', { headers });
  await server.close();
  const lines = log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ address, method, target, status, bytes }) => [address, method, target, status, bytes])).toEqual([
    ['203.0.113.9', 'GET', FOO, 206, 10],
    ['203.0.113.9', 'GET', FOO, 200, size],
    ['203.0.113.9', 'GET', FOO, 200, size],
    ['127.0.0.1', 'HEAD', FOO, 200, 0],
    ['203.0.113.9', 'GET', '/glibc/simple/none/?x=%22', 404, expect.any(Number)],
  ]);
});

test('closing lets what is in flight end, and takes nothing new', async () => {
  const site = await makeSite(big);
  const server = await serve(site);
  const { hostname, port } = new URL(server.url);
  const slow = request({ hostname, port, path: BIG, agent: false }).end();
  const [response] = await once(slow, 'response');
  const idle = connect(Number(port), hostname);
  idle.on('error', () => {});
  await once(idle, 'connect');

  const closed = server.close();
  await expect(ask(server, '/glibc/simple/')).rejects.toThrow('ECONNREFUSED');
  let length = 0;
  for await (const chunk of response) length += chunk.length;
  expect(length).toBe(Number(response.headers['content-length']));
  const began = performance.now();
  await closed;
  expect(performance.now() - began).toBeLessThan(1000);
});

test('closing waits for nobody for ever', async () => {
  const site = await makeSite(big);
  const server = await serve(site, { limits: { closeMs: 300 } });
  const socket = await stalled(server, BIG);
  await sleep(100);
  const began = performance.now();
  await server.close();
  expect(performance.now() - began).toBeLessThan(1500);
  socket.resume();
  await once(socket, 'close');
});

test('clients that are slow with their headers, or silent, are sent away', async () => {
  const site = await makeSite(small);
  const server = await serve(site, { limits: { headerMs: 300, requestMs: 400, idleMs: 1500 } });
  const began = performance.now();
  expect(await talk(server, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ', 5000)).toMatch(/^HTTP\/1\.1 408 /);
  expect(await talk(server, `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`, 5000)).toContain('ok\n');
  expect(await talk(server, '', 5000)).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
  expect(performance.now() - began).toBeLessThan(6000);
});

test('a client that stops reading is sent away, and its file is closed', async () => {
  const site = await makeSite(big);
  const server = await serve(site, { limits: { idleMs: 500 } });
  const socket = await stalled(server, BIG);
  const isOpen = () => openFiles().some((path) => path.endsWith('big-1.0-py3-none-any.whl'));
  await until(isOpen);
  await until(() => !isOpen());
  socket.resume();
  await once(socket, 'close');
});

test('when there are as many connections as may be, the one that was idle for longest goes', async () => {
  const site = await makeSite(small);
  const server = await serve(site, { limits: { connections: 5 } });
  const { hostname, port } = new URL(server.url);
  const sockets: Socket[] = [];
  for (let count = 0; count < 5; count++) {
    const socket = connect(Number(port), hostname);
    closers.push(() => socket.destroy());
    await once(socket, 'connect');
    sockets.push(socket);
  }
  const [first] = sockets;
  first?.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(first as Socket, 'data');
  expect((await ask(server, '/healthz')).status).toBe(200);
  await until(() => sockets[1]?.destroyed === true || sockets[1]?.readyState === 'writeOnly');
  expect(sockets.map(({ readyState }) => readyState === 'open')).toEqual([true, false, true, true, true]);
});

test('a file that is cut while it is sent ends the connection', async () => {
  const site = await makeSite(big);
  const server = await serve(site);
  const socket = await stalled(server, BIG);
  await sleep(200);
  truncateSync(join(site.root, BIG), 1000);
  let length = 0;
  socket.on('data', (chunk) => {
    length += chunk.length;
  });
  socket.resume();
  await once(socket, 'close');
  expect(length).toBeLessThan(24 * 1024 * 1024);
  expect((await ask(server, '/healthz')).status).toBe(200);
});

test('a thousand slow downloads do not stop the pages', async () => {
  const site = await makeSite(big);
  const server = await serve(site);
  const before = process.memoryUsage().rss;
  const sockets: Socket[] = [];
  for (let round = 0; round < 10; round++) {
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => stalled(server, BIG)))));
  }
  await sleep(500);
  const times: number[] = [];
  for (let count = 0; count < 50; count++) {
    const began = performance.now();
    expect((await ask(server, '/glibc/simple/foo/', { headers: { Accept: ACCEPT.pip } })).status).toBe(200);
    times.push(performance.now() - began);
  }
  expect(times.sort((a, b) => a - b)[25]).toBeLessThan(100);
  expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(300);
  for (const socket of sockets) socket.destroy();
});

test('while hundreds of downloads begin, a page is not behind all of them', async () => {
  const site = await makeSite(big);
  const server = await serve(site);
  const sockets: Socket[] = [];
  const begun = Promise.all(Array.from({ length: 300 }, () => stalled(server, BIG).then((one) => sockets.push(one))));
  const times: number[] = [];
  for (let count = 0; count < 10; count++) {
    const began = performance.now();
    expect((await ask(server, '/glibc/simple/foo/', { headers: { Accept: ACCEPT.pip } })).status).toBe(200);
    times.push(performance.now() - began);
  }
  await begun;
  expect(Math.max(...times)).toBeLessThan(2000);
  for (const socket of sockets) socket.destroy();
});

test('a unix socket: made, taken over from the dead, not from the living', async () => {
  const site = await makeSite(small);
  const socketPath = join(site.root, 'kho.sock');
  const get = async () => {
    const outgoing = request({ socketPath, path: '/healthz', agent: false }).end();
    const [{ statusCode }] = await once(outgoing, 'response');
    return statusCode;
  };
  const server = await serve(site, { listen: { socketPath } });
  expect([server.url, await get()]).toEqual([socketPath, 200]);
  await expect(serve(site, { listen: { socketPath } })).rejects.toMatchObject({ code: 'LISTEN' });
  expect(await get()).toBe(200);
  await server.close();
  expect(existsSync(socketPath)).toBe(false);

  // As a server that was killed leaves it: nobody listens at a name that is still there.
  const killed = spawn(process.execPath, ['-e', `require('net').createServer().listen(${JSON.stringify(socketPath)})`]);
  await until(() => existsSync(socketPath));
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  await serve(site, { listen: { socketPath } });
  expect(await get()).toBe(200);
});

test('a port that is taken is told with a way out', async () => {
  const site = await makeSite(small);
  const { port } = new URL((await serve(site)).url);
  const listen = { host: '127.0.0.1', port: Number(port) };
  await expect(serve(site, { listen })).rejects.toMatchObject({
    code: 'LISTEN',
    hint: expect.stringContaining('--port'),
  });
  await expect(serve(site, { listen: 'systemd' })).rejects.toMatchObject({ code: 'LISTEN' });
});

test('TLS: a renewed certificate is taken, one that cannot be used is not', async () => {
  const [first, second] = [await makeTestCa(), await makeTestCa()];
  closers.push(
    () => first.remove(),
    () => second.remove(),
  );
  const site = await makeSite(small);
  const errors: unknown[] = [];
  const files = { cert: join(site.root, 'cert.pem'), key: join(site.root, 'key.pem') };
  const install = (from: typeof first) => {
    writeFileSync(files.cert, readFileSync(from.certificate));
    writeFileSync(files.key, readFileSync(from.key));
  };
  install(first);
  const server = await serve(site, { tls: files, onError: (error) => errors.push(error) });
  const status = async (ca: string) => (await ask({ url: server.url, ca }, '/glibc/simple/foo/')).status;
  expect(server.url).toMatch(/^https:/);
  expect(await status(first.caText)).toBe(200);

  install(second);
  await server.reloadCertificate();
  expect(await status(second.caText)).toBe(200);
  await expect(status(first.caText)).rejects.toThrow('certificate');

  writeFileSync(files.key, readFileSync(first.key));
  await server.reloadCertificate();
  expect(errors).toHaveLength(1);
  expect(await status(second.caText)).toBe(200);

  const { hostname, port } = new URL(server.url);
  const old = connectTls({
    host: hostname,
    port: Number(port),
    ca: second.caText,
    maxVersion: 'TLSv1.1',
    ciphers: 'ALL@SECLEVEL=0',
  });
  await expect(once(old, 'secureConnect')).rejects.toThrow();
  expect(await talk({ url: server.url, ca: second.caText }, 'no HTTP\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
});

test('a certificate that is none is told before anything is served', async () => {
  const site = await makeSite(small);
  const cert = join(site.root, site.put('cert.pem', 'none'));
  await expect(serve(site, { tls: { cert, key: cert } })).rejects.toMatchObject({ code: 'LISTEN' });
});

/** Paths of what this process has open. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(join('/proc/self/fd', name))];
    } catch {
      return []; // closed meanwhile
    }
  });
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (isSo()) return;
    await sleep(50);
  }
  throw new Error(`It never came to that: ${isSo}`);
}

test('a client that asks for many files at once and leaves keeps none of them open', async () => {
  const site = await makeSite(big);
  const server = await serve(site);
  const { hostname, port } = new URL(server.url);
  const open = () => openFiles().filter((path) => path.startsWith(site.root)).length;
  for (const path of [BIG, FOO]) {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.pause();
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(500));
    if (path === BIG) await until(() => open() > 0);
    else await sleep(300);
    expect(open()).toBeLessThanOrEqual(1);
    socket.destroy();
    await until(() => open() === 0);
  }
  expect((await ask(server, FOO)).status).toBe(200);
});

test('/metrics is for this machine, unless everybody may read it', async () => {
  const site = await makeSite(small);
  const asked = async (options: Partial<ServerOptions>, headers: Record<string, string>) => {
    const server = await serve(site, options);
    const { port } = new URL(server.url);
    const { status } = await fetch(`http://127.0.0.1:${port}/metrics`, { headers });
    return status;
  };
  expect(await asked({}, {})).toBe(200);
  expect(await asked({}, { 'x-forwarded-for': '192.0.2.1' })).toBe(404);
  expect(await asked({ publicMetrics: true }, { 'x-forwarded-for': '192.0.2.1' })).toBe(200);
});
