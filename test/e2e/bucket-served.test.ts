/** A site in a real bucket, without a server of kho's: behind nginx by what `kho config nginx-bucket` prints, and behind nothing at all. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Examination } from '../../src/doctor/examine.ts';
import { BUCKET, letAnybodyRead, makeWebsite, publishTo, putObject, startBucketNginx } from '../support/bucket-site.ts';
import { Client } from '../support/client.ts';
import { buildClientSite } from '../support/client-site.ts';
import { freePort } from '../support/free-port.ts';
import { startHostProxy } from '../support/host-proxy.ts';
import { EXPECTED, INSTALLERS, installWith, OLD_PIPS } from '../support/install-with.ts';
import { startMoto } from '../support/object-stores/moto.ts';
import type { StoreServer } from '../support/object-stores/store-server.ts';
import { startVersitygw, type Versitygw, WEBSITE_DOMAIN } from '../support/object-stores/versitygw.ts';
import { runProgram } from '../support/run-program.ts';
import { ask } from '../support/server-contract/ask.ts';
import { ACCEPT, JSON_TYPE } from '../support/server-contract/check.ts';
import { makeContractSite, type Server, serverContract } from '../support/server-contract.ts';
import type { TestSite } from '../support/site.ts';
import { KHO, venvProgram } from '../support/tools.ts';
import { type RunningWebServer, WEB_SERVERS } from '../support/web-servers.ts';

const NGINX = WEB_SERVERS.filter(({ name }) => name.startsWith('nginx'));
const [ANY_NGINX] = NGINX as [(typeof NGINX)[number]];

/** What nobody can do who only hands out what lies there. */
const STATIC = ['q-values', 'health', 'helpful 404', 'equal versions'] as const;

/** Stores judge conditions of files in their own way: one ETag, and nothing that is weak; and tell no size with 416. */
const OF_THE_STORE = /^files are to be asked for again|^ranges that cannot be answered$/;

let cache: string;
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'kho-cache-'));
  chmodSync(cache, 0o777); // nginx goes on as nobody
});
afterAll(() => rmSync(cache, { recursive: true, force: true }));

async function startStore(): Promise<Versitygw> {
  const store = await startVersitygw();
  await store.makeBucket(BUCKET);
  await letAnybodyRead(store);
  return store;
}

describe('the site of the contract', () => {
  let store: Versitygw;
  let site: TestSite;
  beforeAll(async () => {
    store = await startStore();
    site = await makeContractSite();
    await publishTo(site.root, store);
  });
  afterAll(async () => {
    site?.close();
    await store?.stop();
  });

  describe.each(NGINX)('behind $name', (webServer) => {
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
      afterAll(() => running?.stop());

      test('takes its configuration without a warning', () => {
        expect(running.checked).not.toMatch(/warn|deprecat|conflict/i);
      });

      test.each(checks)('$name', (check) => check.run(server));

      test('answers 304 for a file that the client has', async () => {
        const path = '/glibc/packages/plain-1.0-py3-none-any.whl';
        const { headers } = await ask(server, path);
        const again = await ask(server, path, { headers: { 'If-None-Match': headers.etag ?? '' } });
        expect([again.status, again.body.length]).toEqual([304, 0]);
        expect((await ask(server, path, { headers: { Range: 'bytes=999999-' } })).status).toBe(416);
      });

      test('says nothing of the store', async () => {
        for (const path of ['/glibc/simple/', '/glibc/packages/plain-1.0-py3-none-any.whl', '/glibc/simple/unknown/']) {
          const { headers, text } = await ask(server, path);
          expect(Object.keys(headers).filter((name) => name.startsWith('x-amz'))).toEqual([]);
          expect([headers['server'], text.includes('<Error>')]).toEqual(['nginx', false]);
        }
      });

      test('has nothing that kho doctor would find wrong', async () => {
        const { stdout } = await runProgram(process.execPath, [KHO, 'doctor', `${server.url}/glibc/simple/`, '--json']);
        const { findings } = JSON.parse(stdout) as Examination;
        expect(findings.filter(({ result }) => result === 'failed')).toEqual([]);
      });
    });
  });

  test('nginx hands out nothing of kho’s own and of what is private, though it lies there, and a release is seen within two seconds', async () => {
    const secrets = [
      '.kho/secret.html',
      'glibc/.kho/secret.html',
      'lab/index.html',
      'lab/simple/x/index.json',
      'lab/packages/x-1-py3-none-any.whl',
      'incoming/x-1-py3-none-any.whl',
    ];
    for (const key of secrets) await putObject(store, `python/${key}`, 'a secret');
    site.put('kho.toml', '[repositories.lab]\nprivate = true\n');
    site.put('lab/packages/x-1.0-py3-none-any.whl', '');
    const url = `http://127.0.0.1:${await freePort()}`;
    const running = await startBucketNginx(ANY_NGINX, site.root, { url, endpoint: store.url, cache });
    try {
      for (const path of [
        ...secrets,
        'lab/',
        'lab',
        'l%61b/simple/x/',
        'lab/simple/x/',
        '%2ekho/secret.html',
        'glibc/../lab/index.html',
        'glibc/simple/..%2f..%2flab/index.html',
      ]) {
        const { status, text } = await ask({ url }, `/${path}`, { headers: { Accept: ACCEPT.pip } });
        expect([path, status, text.includes('secret')]).toEqual([path, 404, false]);
      }
      const page = async () => (await ask({ url }, '/glibc/simple/new/', { headers: { Accept: ACCEPT.browser } })).text;
      expect((await ask({ url }, '/glibc/simple/new/')).status).toBe(404);
      for (const text of ['before', 'after']) {
        await putObject(store, 'python/glibc/simple/new/index.html', text);
        await sleep(text === 'before' ? 0 : 2100); // what is not there is never kept
        expect(await page()).toBe(text);
      }
    } finally {
      await running.stop();
    }
  });
});

describe('clients', () => {
  let store: Versitygw;
  let site: TestSite;
  beforeAll(async () => {
    store = await startStore();
    site = await buildClientSite();
    await publishTo(site.root, store, { precompress: true });
  });
  afterAll(async () => {
    site?.close();
    await store?.stop();
  });

  test.each([...INSTALLERS, ...OLD_PIPS])(
    '%s installs through nginx, from pages that lie packed in the bucket',
    async (installer) => {
      const url = `http://127.0.0.1:${await freePort()}`;
      const running = await startBucketNginx(ANY_NGINX, site.root, { url, endpoint: store.url, cache });
      try {
        const plain = await ask({ url }, '/glibc/simple/acme-app/', { headers: { Accept: ACCEPT.pip } });
        expect(plain.headers).toMatchObject({ 'content-type': JSON_TYPE, vary: expect.stringContaining('Accept') });
        expect(JSON.parse(plain.body.toString()).name).toBe('acme-app');
        expect(await installWith(installer, `${url}/glibc/simple/`)).toMatchObject(EXPECTED);
      } finally {
        await running.stop();
      }
    },
  );

  test('uv stops at a store that says 403 of what is not there, and goes on behind nginx', async () => {
    const denying = await startHostProxy(store.url, { missingIs403: true });
    const url = `http://127.0.0.1:${await freePort()}`;
    const running = await startBucketNginx(ANY_NGINX, site.root, { url, endpoint: denying.url, cache });
    try {
      // musl has no acme-core: the second index has.
      const direct = `${denying.url}/${BUCKET}/python`;
      expect(await uvAsksBoth(`${url}/none/simple/`, `${url}/glibc/simple/`)).toMatchObject({ exitCode: 0 });
      const stopped = await uvAsksBoth(`${direct}/none/simple/`, `${url}/glibc/simple/`);
      expect([stopped.exitCode === 0, /403/.test(stopped.stderr)]).toEqual([false, true]);
    } finally {
      await running.stop();
      await denying.stop();
    }
  });

  test.each(['pip', 'uv', 'pip-20.3.4'] as const)(
    '%s installs from the website that a store makes of a bucket, without any server',
    async (installer) => {
      await makeWebsite(store);
      const proxy = await startHostProxy(store.websiteUrl, { host: `${BUCKET}.${WEBSITE_DOMAIN}` });
      try {
        // As it lies there: such a website unpacks nothing, and knows HTML alone.
        expect(await installWith(installer, `${proxy.url}/python/glibc/simple/`)).toMatchObject(EXPECTED);
      } finally {
        await proxy.stop();
      }
    },
  );
});

test.each(['pip', 'uv'] as const)(
  '%s installs from a bare store that takes keys with a slash at their end',
  async (installer) => {
    const store: StoreServer = await startMoto();
    const site = await buildClientSite();
    try {
      await store.makeBucket(BUCKET);
      await letAnybodyRead(store);
      await publishTo(site.root, store, { slashKeys: true });
      expect(await installWith(installer, `${store.url}/${BUCKET}/python/glibc/simple/`)).toMatchObject(EXPECTED);
    } finally {
      site.close();
      await store.stop();
    }
  },
);

/** Of two indexes the first has nothing. */
async function uvAsksBoth(first: string, second: string) {
  const client = new Client();
  const python = await client.makeVenv('uv');
  const words = ['pip', 'install', '--python', python, '--index', first, '--default-index', second, 'acme-app'];
  return client.tryToRun(venvProgram('uv', 'uv'), words);
}
