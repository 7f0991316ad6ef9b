/** kho's configuration on the real servers that people run: the same contract as kho's own server, then installers. */
import { chmodSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Examination } from '../../src/doctor/examine.ts';
import { normalizeName } from '../../src/standards/name.ts';
import { buildClientSite } from '../support/client-site.ts';
import { freePort } from '../support/free-port.ts';
import { EXPECTED, INSTALLERS, installWith } from '../support/install-with.ts';
import { runOrThrow, runProgram } from '../support/run-program.ts';
import { ask, follow } from '../support/server-contract/ask.ts';
import { ACCEPT, JSON_TYPE, listed, mediaType } from '../support/server-contract/check.ts';
import { makeContractSite, type Server, serverContract } from '../support/server-contract.ts';
import type { TestSite } from '../support/site.ts';
import { makeTestCa, type TestCa } from '../support/test-ca.ts';
import { KHO } from '../support/tools.ts';
import { type RunningWebServer, startWebServer, WEB_SERVERS, type WebServer } from '../support/web-servers.ts';

let ca: TestCa;
let clientSite: TestSite;
beforeAll(async () => {
  ca = await makeTestCa();
  clientSite = await buildClientSite();
});
afterAll(async () => {
  await ca?.remove();
  clientSite?.close();
});

/** What a server of files cannot do: it does not know what was published, only what lies there. */
const STATIC = ['held files', 'q-values', 'health', 'helpful 404', 'equal versions'] as const;

/** Warnings about how the tests run a server: with a certificate of their own, and nothing on port 80. */
const OF_THE_TEST = /stapling OCSP|automatic HTTP->HTTPS redirects are disabled/;

async function start(server: WebServer, site: TestSite, url: string): Promise<RunningWebServer> {
  const { host, port, protocol } = new URL(url);
  const tls = protocol === 'https:' ? ['--tls-cert', ca.certificate, '--tls-key', ca.key] : [];
  const words = [...server.config, site.root, '--url', url, '--listen', host, ...tls];
  const { stdout } = await runOrThrow(process.execPath, [KHO, 'config', ...words]);
  return startWebServer(server, server.adjust?.(stdout) ?? stdout, Number(port));
}

describe.each(WEB_SERVERS)('$name', (webServer) => {
  const checks = serverContract({ without: [...STATIC, ...webServer.without] }).filter(
    ({ name }) => !webServer.except?.test(name),
  );

  describe.each([
    ['plain', 'http', '', ''],
    ['with TLS, under a prefix', 'https', '/some.where/pypi', ''],
    ['with pages packed beforehand, under a prefix', 'http', '/pypi', 'precompress = true'],
  ])('%s', (_what, scheme, prefix, settings) => {
    let site: TestSite;
    let running: RunningWebServer;
    let server: Server;
    beforeAll(async () => {
      site = await makeContractSite(settings);
      const url = `${scheme}://127.0.0.1:${await freePort()}${prefix}`;
      running = await start(webServer, site, url);
      server = { url, ...(scheme === 'https' && { ca: ca.caText }) };
      await sleep(1100); // Apache's ETag of a file is a weak one as long as the file may still change within the same second.
    });
    afterAll(async () => {
      await running?.stop();
      site?.close();
    });

    test('takes its configuration without a warning', () => {
      const lines = running.checked.split('\n').filter((line) => !OF_THE_TEST.test(line));
      expect(lines.join('\n')).not.toMatch(/warn|deprecat|conflict/i);
    });

    test.each(checks)('$name', (check) => check.run(server));

    test('has nothing that kho doctor would find wrong', async () => {
      const trust = scheme === 'https' ? ['--ca', ca.ca] : [];
      const words = [KHO, 'doctor', `${server.url}/glibc/simple/`, '--json', '--projects', '10', ...trust];
      const { stdout, exitCode } = await runProgram(process.execPath, words);
      const { findings } = JSON.parse(stdout) as Examination;
      expect(findings.filter(({ result }) => result === 'failed')).toEqual([]);
      expect(exitCode).toBe(0);
    });

    test.each(settings.includes('precompress') ? PACKED_PAGES : [])(
      'sends what kho has packed of %s as %s',
      async (path, accept, page, type) => {
        const asked = (coding: string) => ask(server, path, { headers: { Accept: accept, 'Accept-Encoding': coding } });
        const plain = await asked('identity');
        const html = readFileSync(join(site.root, page));
        expect(plain.body.equals(html)).toBe(true);
        for (const coding of webServer.sendsPacked) {
          const form = join(site.root, `${page}.${coding === 'br' ? 'br' : 'gz'}`);
          const packed = readFileSync(form);
          const answer = await asked(`deflate, ${coding}, zstd;q=0.1`);
          expect(answer.status).toBe(200);
          expect(answer.headers['content-encoding']).toBe(coding);
          expect(answer.body.equals(packed)).toBe(true);
          expect(mediaType(answer.headers['content-type'])).toBe(type);
          expect(listed(answer.headers['vary'])).toContain('accept-encoding');
          const head = await ask(server, path, {
            method: 'HEAD',
            headers: { Accept: accept, 'Accept-Encoding': coding },
          });
          expect([head.status, head.headers['content-encoding'], head.body.length]).toEqual([200, coding, 0]);

          rmSync(form);
          expect((await asked(coding)).text || html.toString()).toBe(html.toString());
          writeFileSync(form, packed);
        }
        expect((await asked('gzip;q=0, br;q=0')).headers['content-encoding']).toBeUndefined();
      },
    );

    test('leads every spelling of a name to the normalized one', async () => {
      for (const name of SPELLINGS) {
        let path = `/glibc/simple/${name}/`;
        for (let hops = 0; hops < 5 && path !== `/glibc/simple/${normalizeName(name)}/`; hops++) {
          const { headers, status } = await ask(server, path);
          expect([name, status]).toEqual([name, 301]);
          path = follow(server, path, headers.location ?? '');
        }
        expect(path).toBe(`/glibc/simple/${normalizeName(name)}/`);
      }
    });

    test('does not follow a link that was uploaded to the file of another', async () => {
      if (process.getuid?.() !== 0 || !webServer.guardsLinks) return;
      const link = join(site.root, 'glibc/packages/linked-1.0-py3-none-any.whl');
      symlinkSync('/etc/passwd', link);
      await runOrThrow('chown', ['-h', '12345', link]);
      expect((await ask(server, '/glibc/packages/linked-1.0-py3-none-any.whl')).status).toBe(webServer.ofUnreadable);
    });

    test('says of a file that it may not read that it is not there', async () => {
      if (process.getuid?.() !== 0) return; // It runs as whoever made the file then, and may read it.
      const path = 'glibc/packages/private-1.0-py3-none-any.whl';
      writeFileSync(join(site.root, path), 'x');
      chmodSync(join(site.root, path), 0o600);
      await runOrThrow('chown', ['12345', join(site.root, path)]);
      expect((await ask(server, `/${path}`)).status).toBe(webServer.ofUnreadable);
    });
  });

  test.each(['pip', 'uv'] as const)('%s installs through it', async (installer) => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const running = await start(webServer, clientSite, url);
    try {
      expect(await installWith(installer, `${url}/glibc/simple/`)).toMatchObject(EXPECTED);
    } finally {
      await running.stop();
    }
  });

  test.each(INSTALLERS)('%s installs through it over TLS, under a prefix', async (installer) => {
    const url = `https://127.0.0.1:${await freePort()}/py`;
    const running = await start(webServer, clientSite, url);
    try {
      expect(await installWith(installer, `${url}/glibc/simple/`, ca.ca)).toMatchObject(EXPECTED);
    } finally {
      await running.stop();
    }
  });
});

/** Address, Accept, the page's file, its type. */
const PACKED_PAGES = [
  ['/glibc/simple/plain/', ACCEPT.pip, 'glibc/simple/plain/index.json', JSON_TYPE],
  ['/glibc/simple/plain/', 'text/html', 'glibc/simple/plain/index.html', 'text/html'],
  ['/glibc/simple/plain/index.json', '*/*', 'glibc/simple/plain/index.json', JSON_TYPE],
  ['/glibc/simple/', ACCEPT.uv, 'glibc/simple/index.json', JSON_TYPE],
  ['/glibc/pypi/plain/json', '*/*', 'glibc/pypi/plain/json', 'application/json'],
  ['/glibc/pypi/plain/1.0/json', '*/*', 'glibc/pypi/plain/1.0/json', 'application/json'],
  ['/', ACCEPT.browser, 'index.html', 'text/html'],
  ['/glibc/', ACCEPT.browser, 'glibc/index.html', 'text/html'],
  ['/glibc/SHA256SUMS', '*/*', 'glibc/SHA256SUMS', 'text/plain'],
] as const;

/** Real names in the spelling of their projects, and the longest ways to spell one. */
const SPELLINGS = [
  'Flask-SQLAlchemy',
  'zope.interface',
  'BeautifulSoup4',
  'backports.functools_lru_cache',
  'PyYAML',
  'ruamel.yaml.clib',
  'a___b',
  'A.-_B',
  'a--b',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'AAAAAAAAA',
  'a_b_c_d_e_f_g_h_i_j_k_l_m_n_o_p_q_r_s_t_u_v_w_x_y_z',
  'Index',
  'Simple',
  'pypi.Json',
];
