/**
 * Sites that pass on what another index has, behind the web servers that people run, by what `kho config` prints: kho finds pages and brings
 * files, and while it does not answer, what is at hand is served as files.
 */
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { freePort } from '../support/free-port.ts';
import { runOrThrow } from '../support/run-program.ts';
import { ServedKho } from '../support/served-kho.ts';
import { ask, type Server } from '../support/server-contract/ask.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';
import { UpstreamIndex } from '../support/upstream-index.ts';
import { type RunningWebServer, startWebServer, WEB_SERVERS } from '../support/web-servers.ts';

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';

let upstream: UpstreamIndex;
let folder: string;
beforeAll(async () => {
  upstream = await UpstreamIndex.start();
  upstream.wheel({ name: 'numbers', version: '1.5' }, ['Requires-Dist: digits']);
  upstream.wheel({ name: 'digits', version: '2.0' });
  folder = mkdtempSync(join(tmpdir(), 'kho-run-'));
  chmodSync(folder, 0o755);
});
afterAll(() => {
  upstream?.stop();
  rmSync(folder, { recursive: true });
});

describe.each(WEB_SERVERS)('$name', (webServer) => {
  const socket = () => join(folder, `${webServer.name.replace(/[^\w.]/g, '')}.sock`);
  const server: Server = { url: '' };
  let site: TestSite;
  let kho: ServedKho;
  let running: RunningWebServer;

  beforeAll(async () => {
    site = new TestSite();
    chmodSync(site.root, 0o755);
    site.put('kho.toml', `[upstreams.public]\nurl = "${upstream.url}"\n[repositories.glibc]\nupstreams = ["public"]\n`);
    site.wheel('glibc', { name: 'farm-app', version: '1.0', metadata: ['Requires-Dist: numbers'] });
    site.wheel('plain', { name: 'farm-tool', version: '1.0' });
    kho = await ServedKho.start(site.root, { socket: socket() });
    chmodSync(socket(), 0o666);
    server.url = `http://127.0.0.1:${await freePort()}/some.where`;
    const { host, port } = new URL(server.url);
    const words = [KHO, 'config', ...webServer.config, site.root, '--url', server.url, '--listen', host];
    const { stdout } = await runOrThrow(process.execPath, [...words, '--socket', socket()]);
    running = await startWebServer(webServer, webServer.adjust?.(stdout) ?? stdout, Number(port));
  });
  afterAll(async () => {
    await running?.stop();
    await kho?.end('SIGKILL');
    site?.close();
  });

  const page = (name: string, accept = JSON_TYPE) =>
    ask(server, `/glibc/simple/${name}/`, { headers: { Accept: accept } });

  test('kho finds pages in both forms, and brings files', async () => {
    const json = await page('digits');
    expect([json.status, json.headers['content-type']]).toEqual([200, JSON_TYPE]);
    expect(json.headers.vary?.match(/accept(?!-)/gi)).toHaveLength(1);
    expect(json.headers['cache-control']).toBe('no-cache');
    const { files } = JSON.parse(json.text) as { files: { filename: string; url: string }[] };
    expect(files.map(({ filename }) => filename)).toEqual(['digits-2.0-py3-none-any.whl']);
    expect((await page('digits', 'text/html')).text).toContain('digits-2.0-py3-none-any.whl');
    const spelled = await ask(server, '/glibc/simple/Digits/');
    expect([301, 308]).toContain(spelled.status);
    const path = '/upstream/public/packages/digits/digits-2.0-py3-none-any.whl';
    for (const time of ['first', 'second']) {
      const { status, headers, body } = await ask(server, path);
      expect([time, status, headers['content-type'], body.subarray(0, 2).toString()]).toEqual([
        ...[time, 200, 'application/octet-stream', 'PK'],
      ]);
    }
    expect((await page('nobody')).status).toBe(404);
    expect((await page('farm-app')).text).toContain('farm_app-1.0');
    expect((await ask(server, '/plain/simple/digits/')).status).toBe(404);
  });

  test('pip installs what is own, and what is not, from one address', async () => {
    const client = new Client();
    const python = await client.copyVenv('pip-latest');
    const words = ['-m', 'pip', 'install', '--no-cache-dir', '-i', `${server.url}/glibc/simple/`, 'farm-app'];
    await client.run(python, words);
    expect(await client.installed(python)).toMatchObject({ 'farm-app': '1.0', numbers: '1.5', digits: '2.0' });
  });

  test('while kho does not answer, what is at hand is served, and nothing is said to be absent', async () => {
    const atHand = join(site.root, 'upstream/simple/glibc/simple/digits/index.html');
    await expect.poll(() => existsSync(atHand), { timeout: 20_000 }).toBe(true);
    await kho.end('SIGKILL');
    const brought = await page('digits', 'text/html');
    const isListed = brought.text.includes('../../../upstream/public/packages/digits/digits-2.0-py3-none-any.whl');
    expect([brought.status, isListed]).toEqual(webServer.name === 'Apache' ? [503, false] : [200, true]);
    const name = 'farm_app-1.0-py3-none-any.whl';
    const own = await page('farm-app', 'text/html');
    // Apache has no way to read a file in the place of what it was refused.
    if (webServer.name === 'Apache') expect([own.status, own.headers['retry-after']]).toEqual([503, '10']);
    else expect([own.status, own.text.includes(name), own.headers['retry-after']]).toEqual([200, true, undefined]);
    expect((await ask(server, `/glibc/packages/${name}`)).status).toBe(200);
    expect((await ask(server, '/upstream/public/packages/digits/digits-2.0-py3-none-any.whl')).status).toBe(200);
    expect((await ask(server, '/plain/simple/farm-tool/')).status).toBe(200);
    for (const path of ['/glibc/simple/unknown/', '/upstream/public/packages/digits/digits-3.0-py3-none-any.whl']) {
      const { status, headers } = await ask(server, path);
      expect([path, status, headers['retry-after']]).toEqual([path, 503, '10']);
    }
  });
});
