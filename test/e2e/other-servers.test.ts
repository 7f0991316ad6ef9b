/** kho's configuration on the real servers that people run: the same contract as kho's own server, then installers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { runOrThrow } from '../support/run-program.ts';
import { makeContractSite, type Server, serverContract } from '../support/server-contract.ts';
import type { TestSite } from '../support/site.ts';
import { makeTestCa, type TestCa } from '../support/test-ca.ts';
import { KHO } from '../support/tools.ts';
import { type RunningServer, startWebServer, WEB_SERVERS, type WebServer } from '../support/web-servers.ts';

let ca: TestCa;
beforeAll(async () => {
  ca = await makeTestCa();
});
afterAll(() => ca.remove());

/** What a server of files cannot do: it does not know what was published, only what lies there. */
const STATIC = ['held files', 'q-values', 'health', 'helpful 404'] as const;

/** Warnings about how the tests run a server: with a certificate of their own, and nothing on port 80. */
const OF_THE_TEST = /stapling OCSP|automatic HTTP->HTTPS redirects are disabled/;

async function start(server: WebServer, site: TestSite, url: string): Promise<RunningServer> {
  const { host, port, protocol } = new URL(url);
  const tls = protocol === 'https:' ? ['--tls-cert', ca.certificate, '--tls-key', ca.key] : [];
  const words = [...server.config, site.root, '--url', url, '--listen', host, ...tls];
  const { stdout } = await runOrThrow(process.execPath, [KHO, 'config', ...words]);
  return startWebServer(server, stdout, Number(port));
}

describe.each(WEB_SERVERS)('$name', (webServer) => {
  const checks = serverContract({ without: [...STATIC, ...webServer.without] }).filter(
    ({ name }) => !webServer.except?.test(name),
  );

  describe.each([
    ['plain', 'http', ''],
    ['with TLS, under a prefix', 'https', '/some.where/pypi'],
  ])('%s', (_what, scheme, prefix) => {
    let site: TestSite;
    let running: RunningServer;
    let server: Server;
    beforeAll(async () => {
      site = await makeContractSite();
      await sleep(1100); // Apache's ETag of a file is a weak one as long as the file may still change within the same second.
      const url = `${scheme}://127.0.0.1:${await freePort()}${prefix}`;
      running = await start(webServer, site, url);
      server = { url, ...(scheme === 'https' && { ca: ca.caText }) };
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
  });
});
