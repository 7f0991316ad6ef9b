/** A site in a real bucket, without a server of kho's: behind nginx by what `kho config nginx-bucket` prints, and behind nothing at all. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADDRESS, BUCKET, letAnybodyRead, publishTo, putObject, startBucketNginx } from '../support/bucket-site.ts';
import { freePort } from '../support/free-port.ts';
import { startVersitygw, type Versitygw } from '../support/object-stores/versitygw.ts';
import { type Server, serverContract } from '../support/server-contract.ts';
import { makeContractSite } from '../support/server-contract.ts';
import type { TestSite } from '../support/site.ts';
import { type RunningWebServer, WEB_SERVERS } from '../support/web-servers.ts';

const NGINX = WEB_SERVERS.filter(({ name }) => name.startsWith('nginx'));

/** What nobody can do who only hands out what lies there. */
const STATIC = ['q-values', 'health', 'helpful 404', 'equal versions'] as const;

/** Stores judge conditions of files in their own way: one ETag, and nothing that is weak; and tell no size with 416. */
const OF_THE_STORE = /^files are to be asked for again|^ranges that cannot be answered$/;

let store: Versitygw;
let cache: string;
let site: TestSite;
beforeAll(async () => {
  store = await startVersitygw();
  await store.makeBucket(BUCKET);
  await letAnybodyRead(store);
  cache = mkdtempSync(join(tmpdir(), 'kho-cache-'));
  chmodSync(cache, 0o777); // nginx goes on as nobody
  site = await makeContractSite();
  await publishTo(site.root, store);
});
afterAll(async () => {
  site?.close();
  await store?.stop();
  rmSync(cache, { recursive: true, force: true });
});

describe.each(NGINX)('$name before a bucket', (webServer) => {
  const checks = serverContract({ without: STATIC }).filter(({ name }) => !OF_THE_STORE.test(name));

  describe.each([
    ['plain', ''],
    ['under a prefix', '/some.where/pypi'],
  ])('%s', (_what, prefix) => {
    let running: RunningWebServer;
    let server: Server;
    beforeAll(async () => {
      const url = `http://127.0.0.1:${await freePort()}${prefix}`;
      running = await startBucketNginx(webServer, site.root, { url, endpoint: store.url, cache });
      server = { url };
    });
    afterAll(async () => {
      await running?.stop();
    });

    test('takes its configuration without a warning', () => {
      expect(running.checked).not.toMatch(/warn|deprecat|conflict/i);
    });

    test.each(checks)('$name', (check) => check.run(server));
  });
});
