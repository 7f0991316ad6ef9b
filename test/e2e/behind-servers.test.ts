/**
 * `kho serve` on a unix socket behind the web servers that people run, by what `kho config` prints: uploads get through as they are, and what is
 * private is for who has a token. Packages of the private repository have a word that must show nowhere.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addToken } from '../../src/access/edit-tokens.ts';
import { loadSite } from '../../src/config/load-config.ts';
import type { Examination } from '../../src/doctor/examine.ts';
import { ServedWatch } from '../../src/serve-site.ts';
import { edgeReportText } from '../../src/sync-format/edge-report.ts';
import { readHead } from '../../src/sync-format/head.ts';
import { Client } from '../support/client.ts';
import { freePort } from '../support/free-port.ts';
import { makeWheel, wheelFilename } from '../support/make-package.ts';
import { runOrThrow } from '../support/run-program.ts';
import { ask, type Server, talk } from '../support/server-contract/ask.ts';
import { TestSite } from '../support/site.ts';
import { makeTestCa, type TestCa } from '../support/test-ca.ts';
import { KHO, venvProgram } from '../support/tools.ts';
import { uploadForm } from '../support/upload-form.ts';
import { type RunningWebServer, startWebServer, WEB_SERVERS, type WebServer } from '../support/web-servers.ts';

/** What one server stands for need not be asked of all: no test is there then, rather than one that is skipped. */
const testIf = (isMeant: boolean) => (isMeant ? test : () => {});

const SECRET = 'zyzzyva';
const LAB = `${SECRET}-lab`;

let site: TestSite;
let open: TestSite;
let ca: TestCa;
let folder: string;
let token: string;
const served: ServedWatch[] = [];
const socketOf = (name: string) => join(folder, `${name}.sock`);

async function serve(root: string, socketPath: string): Promise<ServedWatch> {
  const { config } = await loadSite(root);
  const watch = new ServedWatch(config, { listen: { socketPath }, onEvent: () => {} });
  served.push(watch);
  await watch.start();
  return watch;
}

beforeAll(async () => {
  ca = await makeTestCa();
  folder = mkdtempSync(join(tmpdir(), 'kho-run-'));
  chmodSync(folder, 0o755);
  site = new TestSite();
  const upload = '[upload]\nenabled = true\nkeep_free = "1 MB"\n';
  site.put('kho.toml', `${upload}[repositories.${LAB}]\nprivate = true\n`);
  for (const version of ['1.0', '2.0']) site.wheel('open', { name: 'farm', version });
  site.wheel(LAB, { name: `${SECRET}_tool`, version: '1.0', metadata: `Summary: the ${SECRET} of it` });
  open = new TestSite();
  open.put('kho.toml', `${upload}[repositories.open]\nsync = true\n`);
  open.wheel('open', { name: 'farm', version: '1.0' });
  for (const each of [site, open]) chmodSync(each.root, 0o755);
  const { config } = await loadSite(site.root);
  const all = { name: 'ci', rights: ['read', 'upload', 'new', 'report'] as const, repositories: [], projects: [] };
  ({ secret: token } = await addToken(config, all, { now: Date.now() }));
  mkdirSync(join(open.root, '.kho-keep'), { mode: 0o700 });
  writeFileSync(join(open.root, '.kho-keep/kho.tokens'), site.read('.kho-keep/kho.tokens'), { mode: 0o600 });
  await Promise.all([serve(site.root, socketOf('private')), serve(open.root, socketOf('open'))]);
});

afterAll(async () => {
  for (const each of served) await each.close();
  await ca?.remove();
  for (const each of [site, open]) each?.close();
  rmSync(folder, { recursive: true });
});

async function start(server: WebServer, root: string, socket: string, url: string): Promise<RunningWebServer> {
  const { hostname, port, protocol } = new URL(url);
  const tls = protocol === 'https:' ? ['--tls-cert', ca.certificate, '--tls-key', ca.key] : [];
  const listen = ['--url', url, '--listen', `${hostname}:${port}`, '--socket', socket];
  const words = [KHO, 'config', ...server.config, root, ...listen, ...tls];
  const { stdout } = await runOrThrow(process.execPath, words);
  return startWebServer(server, server.adjust?.(stdout) ?? stdout, Number(port));
}

const basic = (secret: string) => uploadForm.authorization(secret);

/** Caddy writes a reason phrase of its own. */
const keepsReason = ({ name }: WebServer) => name !== 'Caddy';

describe.each(WEB_SERVERS)('$name', (webServer) => {
  describe.each([
    ['plain', 'http', ''],
    ['with TLS, under a prefix', 'https', '/some.where/pypi'],
  ])('%s', (what, scheme, prefix) => {
    const running: RunningWebServer[] = [];
    const server: Server = { url: '' };
    const public_: Server = { url: '' };
    beforeAll(async () => {
      for (const [each, root, name] of [
        [server, site.root, 'private'],
        [public_, open.root, 'open'],
      ] as const) {
        each.url = `${scheme}://127.0.0.1:${await freePort()}${prefix}`;
        if (scheme === 'https') each.ca = ca.caText;
        running.push(await start(webServer, root, socketOf(name), each.url));
      }
    });
    afterAll(async () => {
      for (const each of running) await each.stop();
    });

    /** What comes back, head and body, to a form that curl posts. */
    async function post(to: Server, path: string, file: string, secret: string, ...more: string[]): Promise<string> {
      const words = ['-sS', '-i', '--http1.1', '-u', `__token__:${secret}`, '-F', `content=@${file}`, ...more];
      const trust = scheme === 'https' ? ['--cacert', ca.ca] : [];
      return (await new Client().tryToRun('curl', [...words, ...trust, to.url + path])).stdout;
    }

    function wheel(name: string, bytes = 10): string {
      const spec = { name, version: '1.0', members: { 'noise.bin': noise(bytes) } };
      const file = join(folder, wheelFilename(spec));
      writeFileSync(file, makeWheel(spec));
      return file;
    }

    const project = `up-${webServer.name}-${what}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');

    test('passes uploads, and what is told of them', async () => {
      const file = wheel(project, 3_000_000); // more than the megabyte that nginx takes unasked, and enough for curl to ask before
      for (const to of [public_, server]) {
        expect(await post(to, '/open/upload/', file, token)).toMatch(/^HTTP\/1.1 200 /m);
        const page = await ask(to, `/open/simple/${project}/`, { headers: { Accept: 'text/html' } });
        expect([page.status, page.text]).toEqual([200, expect.stringContaining(`${project.replaceAll('-', '_')}-1.0`)]);
        expect(await post(to, '/open/upload/', file, token)).toContain('was already there');
        const other = await post(to, '/open/upload', wheel(project, 20), token);
        expect(other).toMatch(keepsReason(webServer) ? /^HTTP\/1.1 400 File already exists: /m : /^HTTP\/1.1 400 /m);
        expect(other).toContain('build a new version');
        wheel(project, 3_000_000);
      }
    });

    testIf(scheme === 'http')('passes what is refused before its body', async () => {
      const refused = await post(public_, '/open/upload/', wheel(`${project}-no`, 3_000_000), 'kho_x');
      expect(refused).toMatch(keepsReason(webServer) ? /^HTTP\/1.1 401 This /m : /^HTTP\/1.1 401 /m);
      expect(refused).toMatch(/^www-authenticate: Basic realm="kho"/im);
      expect(refused).toMatch(/^cache-control: no-store/im);
      expect(refused).not.toMatch(/^access-control-allow-origin|^vary: .*accept/im);
      expect(refused.match(/^x-content-type-options/gim)).toHaveLength(1);
    });

    // Each look is four tries without a token, and kho answers twenty a minute.
    testIf(scheme === 'http' && webServer.name !== 'nginx 1.26')('is as kho doctor wants it for uploads', async () => {
      const words = [KHO, 'doctor', `${public_.url}/open/simple/`, '--uploads', '--json', '--projects', '1'];
      const { findings } = JSON.parse((await runOrThrow(process.execPath, words)).stdout) as Examination;
      const result = keepsReason(webServer) ? 'fine' : 'note';
      expect(findings.find(({ check }) => check === 'uploads')).toMatchObject({ result });
    });

    testIf(scheme === 'http')('says 503 while kho is down, and goes on at once when it is back', async () => {
      const away: Server = { url: `http://127.0.0.1:${await freePort()}` };
      const socket = join(folder, `away-${webServer.name.replace(/[^\w.]/g, '')}.sock`);
      const own = await start(webServer, site.root, socket, away.url);
      let back: ServedWatch | undefined;
      try {
        for (const path of ['/open/simple/farm/', '/open/', `/${LAB}/SHA256SUMS`]) {
          const { status, headers } = await ask(away, path);
          expect([path, status, headers['retry-after']]).toEqual([path, 503, '10']);
        }
        expect([404, 503]).toContain((await ask(away, '/open/nothing')).status);
        const posted = await post(away, '/open/upload/', wheel(`${project}-late`), token);
        expect(posted).toMatch(/^HTTP\/1.1 503 /m);
        expect(posted).toMatch(/^retry-after: 10\r?$/im);
        back = await serve(site.root, socket);
        chmodSync(socket, 0o666); // kho serve --socket leaves that to who starts it
        expect((await ask(away, `/${LAB}/simple/`)).status).toBe(401);
        expect((await ask(away, '/open/simple/farm/')).status).toBe(200);
      } finally {
        await own.stop();
        await back?.close();
      }
    });

    test('whatever is posted is answered by kho, and led nowhere', async () => {
      const taken = ['', '/', '//', '/open', '/open//upload//', '/open/simple', '/legacy/'];
      const others = ['/Open_X/simple/Foo_Bar', '/open/simple/farm', '/nothing', '/.kho/may-read'];
      for (const path of [...taken, ...others]) {
        const { status, text } = await ask(public_, path, { method: 'POST', headers: basic(token) });
        expect([path, status]).toEqual([path, taken.includes(path) ? 400 : 404]);
        expect(text).toMatch(/An upload is a form|Nothing takes uploads/);
      }
    });

    test('passes what an edge has, by curl', async () => {
      const { site: id } = readHead(open.read('open/sync/head.json'));
      const has = Array.from({ length: 20_000 }, (_, at) => at.toString(16).padStart(64, '0')); // more than a megabyte
      const file = join(folder, 'report.json');
      writeFileSync(
        file,
        edgeReportText({ site: id, repository: 'open', counter: 1, has }, '2026-11-29T08:00:00.000Z'),
      );
      rmSync(join(open.root, 'edges'), { recursive: true, force: true });
      const words = [
        '-sS',
        '-u',
        `__token__:${token}`,
        '-H',
        'Content-Type: application/json',
        '--data-binary',
        `@${file}`,
      ];
      const trust = scheme === 'https' ? ['--cacert', ca.ca] : [];
      const { stdout } = await new Client().tryToRun('curl', [...words, ...trust, `${public_.url}/-/report`]);
      expect(stdout).toContain('edges/ci@open.json');
      expect(JSON.parse(open.read('edges/ci@open.json')).has).toHaveLength(has.length);
    });

    const TOOL = `/${LAB}/packages/${SECRET}_tool-1.0-py3-none-any.whl`;

    test('what is private is for who has a token', async () => {
      for (const path of [
        `/${LAB}/simple/`,
        `/${LAB}/simple/${SECRET}-tool/`,
        TOOL,
        `/${LAB}/`,
        `/${LAB}/SHA256SUMS`,
      ]) {
        for (const method of ['GET', 'HEAD']) {
          const no = await ask(server, path, { method });
          const challenge = no.headers['www-authenticate'];
          expect([path, no.status, challenge]).toEqual([
            path,
            401,
            expect.stringMatching(/^Basic realm="kho"[^\s]*(?: charset="UTF-8")?$/),
          ]);
          expect(no.headers['access-control-allow-origin']).toBeUndefined();
          expect(no.headers['cache-control']).toBe('private, no-cache');
          expect(no.text).not.toContain('_tool');
        }
        const yes = await ask(server, path, { headers: basic(token) });
        expect([path, yes.status]).toEqual([path, 200]);
        expect(yes.headers['access-control-allow-origin']).toBeUndefined();
        expect(yes.headers['cache-control']).toBe('private, no-cache');
        expect(yes.headers.vary).toContain('Authorization');
        expect((await ask(server, path, { headers: basic('kho_x') })).status).toBe(401);
      }
      const public_page = await ask(server, '/open/simple/');
      expect(public_page.headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'no-cache' });
      expect(public_page.headers.vary).not.toContain('Authorization');
    });

    test('no spelling of an address leads round that, and no header', async () => {
      const tool = `${LAB}/simple/${SECRET}-tool/`;
      const spelled = [
        `//${tool}`,
        `/./${tool}`,
        `/open/../${tool}`,
        `/open/%2e%2e/${tool}`,
        `/open/..%2f${tool}`,
        `/open%2f..%2f${tool}`,
        `/%7Ayzzyva-lab/simple/${SECRET}-tool/`,
        `/%257Ayzzyva-lab/simple/${SECRET}-tool/`,
        `/${LAB.toUpperCase()}/simple/${SECRET}-tool/`,
        `/${LAB}%2fsimple/${SECRET}-tool/`,
        `/${LAB}\\simple\\${SECRET}-tool\\`,
        `/open\\..\\${tool}`,
        `/${LAB}%00/simple/${SECRET}-tool/`,
        `/${LAB}/simple/${SECRET}_Tool/`,
        `/${LAB}/simple/${SECRET}-tool/index.json`,
        `/${LAB}/pypi/${SECRET}-tool/json`,
        `/${LAB}/project/${SECRET}-tool/`,
        `/${LAB};/simple/`,
        `/${tool}?x=/open/`,
        `/open/simple/%0d%0aX-Kho-Path:%20/open/..%2f..%2f${tool}`,
      ];
      const forged = {
        'X-Kho-Path': '/open/simple/farm/',
        'X-Original-URI': '/open/',
        'X-Forwarded-Uri': '/open/',
        'X-Forwarded-Prefix': `/${LAB}`,
        'X-HTTP-Method-Override': 'POST',
        'X-Kho-Private': 'no',
        Authorization: 'Basic Og==',
      };
      for (const path of spelled) {
        for (const headers of [{}, forged, { X_Kho_Path: '/open/' }] as Record<string, string>[]) {
          const { status, text, headers: got } = await ask(server, path, { headers });
          expect([path, [301, 308, 400, 401, 404].includes(status)]).toEqual([path, true]);
          expect(`${text}${JSON.stringify(got)}`).not.toContain(`${SECRET}_tool`);
        }
      }
    });

    test('nobody outside can ask who may read', async () => {
      for (const path of ['/.kho/may-read', '/.kho-may-read', '/.kho%2fmay-read']) {
        const { status } = await ask(server, path, { headers: { 'X-Kho-Path': '/open/', ...basic(token) } });
        expect([path, status]).toEqual([path, 404]);
      }
    });

    test('two paths in one request, or none that is whole, open nothing', async () => {
      const { host, pathname } = new URL(server.url);
      const path = `${pathname.replace(/\/$/, '')}/${LAB}/simple/`;
      const head = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nX-Kho-Path: /open/\r\nX-Kho-Path: /open/\r\nConnection: close\r\n\r\n`;
      expect(await talk(server, head)).toMatch(/^HTTP\/1.1 401 /);
    });

    testIf(scheme === 'http')('no answer to who brings no token has the secret word', async () => {
      const { pathname: root } = new URL(`${server.url}/`);
      const seen = new Set(['/', '/nothing', '/open/nothing', '/open/simple/', '/open/simple/nothing/', '/metrics']);
      for (const path of seen) {
        const { status, text, headers } = await ask(server, path);
        expect([path, text.includes(SECRET)]).toEqual([path, false]);
        if (status !== 200 || !/html|json/.test(headers['content-type'] ?? '')) continue;
        for (const [, link = ''] of text.matchAll(/(?:href|src|data-[a-z]+)="([^"#]+)"/g)) {
          const { origin, pathname } = new URL(link, server.url + path);
          if (origin === new URL(server.url).origin) seen.add(pathname.replace(root, '/'));
        }
      }
      expect(seen.size).toBeGreaterThan(20);
    });

    testIf(scheme === 'http')('pip installs what is private with a token, and not without', async () => {
      const client = new Client();
      const url = new URL(`${server.url}/${LAB}/simple/`);
      const target = join(client.home, 'target');
      const install = () => {
        const trust = scheme === 'https' ? ['--cert', ca.ca] : [];
        const words = ['-m', 'pip', 'install', '--no-input', '--index-url', url.href, '--target', target, ...trust];
        return client.tryToRun(venvProgram('pip-latest', 'python'), [...words, `${SECRET}-tool`]);
      };
      expect((await install()).exitCode).not.toBe(0);
      Object.assign(url, { username: '__token__', password: token });
      const run = await install();
      expect([run.exitCode, run.stderr]).toEqual([0, expect.anything()]);
      expect(readdirSync(target).some((name) => name.startsWith(SECRET))).toBe(true);
    });

    const clients = [
      ['twine', (to: string) => ['upload', '--repository-url', to, '-u', '__token__', '-p', token]],
      ['uv', (to: string) => ['publish', '--publish-url', to, '--token', token]],
    ] as const;
    const hasClients = scheme === 'http' && webServer.name === 'nginx 1.22';
    test.each(hasClients ? clients : [])('%s publishes through it', async (program, words) => {
      const file = wheel(`${project}-${program}`);
      const run = await new Client().tryToRun(venvProgram(program, program), [
        ...words(`${public_.url}/open/upload/`),
        file,
      ]);
      expect([run.exitCode, run.stderr + run.stdout]).toEqual([0, expect.anything()]);
      expect(statSync(join(open.root, 'open/packages', file.split('/').at(-1) as string)).size).toBeGreaterThan(0);
    });
  });
});

/** Bytes that do not compress, the same each time. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0, state = 1; at < length; at++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    bytes[at] = state >> 16;
  }
  return bytes;
}
