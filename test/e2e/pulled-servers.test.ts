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
import { KHO, venvProgram } from '../support/tools.ts';
import { UpstreamIndex } from '../support/upstream-index.ts';
import { type RunningWebServer, startWebServer, WEB_SERVERS } from '../support/web-servers.ts';

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';

let upstream: UpstreamIndex;
let folder: string;
beforeAll(async () => {
  upstream = await UpstreamIndex.start();
  upstream.wheel({ name: 'numbers', version: '1.5' }, ['Requires-Dist: digits']);
  upstream.wheel({ name: 'digits', version: '2.0' });
  upstream.wheel({ name: 'mixed', version: '1.0' });
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

  const settings = (own = '"farm-*"') =>
    `own = [${own}]\nshared = ["mixed"]\n[upstreams.public]\nurl = "${upstream.url}"\n[repositories.glibc]\nupstreams = ["public"]\n`;

  beforeAll(async () => {
    site = new TestSite();
    chmodSync(site.root, 0o755);
    site.put('kho.toml', settings());
    site.wheel('glibc', { name: 'mixed', version: '2.0' });
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

  /** What an installer makes of a project of which the team has 2.0 and the other index 1.0. */
  async function installBoth(installer: 'pip' | 'uv', version: string): Promise<Record<string, string>> {
    const client = new Client();
    const words = ['--no-cache-dir', '-i', `${server.url}/glibc/simple/`, `mixed==${version}`];
    const python = await (installer === 'pip' ? client.copyVenv('pip-latest') : client.makeVenv('uv'));
    if (installer === 'pip') await client.run(python, ['-m', 'pip', 'install', ...words]);
    else await client.run(venvProgram('uv', 'uv'), ['pip', 'install', '--python', python, ...words]);
    return client.installed(python);
  }

  test('files of both are had of a shared project', async () => {
    expect(await installBoth('pip', '1.0')).toMatchObject({ mixed: '1.0' });
    expect(await installBoth('uv', '2.0')).toMatchObject({ mixed: '2.0' });
  });

  test('while kho does not answer, what is at hand is served, and nothing is said to be absent', async () => {
    for (const name of ['digits', 'mixed']) {
      const atHand = join(site.root, `upstream/simple/glibc/simple/${name}/index.json`);
      await expect.poll(() => existsSync(atHand), { timeout: 20_000 }).toBe(true);
    }
    await kho.end('SIGKILL');
    upstream.server.requests.length = 0;
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

  const mixed = async () => {
    const { text, status } = await page('mixed', 'text/html');
    return [status, text.includes('mixed-1.0'), text.includes('mixed-2.0'), text.includes('data-yanked')];
  };
  const build = () => runOrThrow(process.execPath, [KHO, 'build', site.root, '--quiet']);
  const isApache = webServer.name === 'Apache';

  test('pip and uv install both kinds of files of a shared project from what is at hand', async () => {
    if (isApache) return expect((await mixed())[0]).toBe(503);
    expect(await mixed()).toEqual([200, true, true, false]);
    for (const installer of ['pip', 'uv'] as const) {
      expect(await installBoth(installer, '1.0')).toMatchObject({ mixed: '1.0' });
      expect(await installBoth(installer, '2.0')).toMatchObject({ mixed: '2.0' });
    }
    return expect(upstream.log).toEqual([]);
  });

  test('what is at hand is as it was published last, where nothing but kho build runs any more', async () => {
    site.put('glibc/packages/mixed-2.0-py3-none-any.whl.yanked', 'broken');
    await build();
    if (!isApache) expect(await mixed()).toEqual([200, true, true, true]);
    site.remove('glibc/packages/mixed-2.0-py3-none-any.whl', 'glibc/packages/mixed-2.0-py3-none-any.whl.yanked');
    await build();
    if (!isApache) expect(await mixed()).toEqual([200, true, false, false]);
  });

  test('nothing of another index is had of a name that has become own since', async () => {
    const kept = '/upstream/public/packages/digits/digits-2.0-py3-none-any.whl';
    expect((await ask(server, kept)).status).toBe(200);
    site.put('kho.toml', settings('"farm-*", "digits"'));
    await build();
    expect([(await page('digits', 'text/html')).status, (await ask(server, kept)).status]).toEqual([503, 503]);
    site.wheel('glibc', { name: 'mixed', version: '3.0' });
    site.put('kho.toml', settings('"farm-*", "digits", "mixed"'));
    await build();
    const brought = await ask(server, '/upstream/public/packages/mixed/mixed-1.0-py3-none-any.whl');
    expect([brought.status, isApache || (await mixed())[1]]).toEqual([503, isApache]);
    expect(existsSync(join(site.root, 'upstream/public/pages/mixed.json'))).toBe(false);
    expect(upstream.log).toEqual([]);
  });
});
