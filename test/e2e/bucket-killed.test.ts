/**
 * A publish to a real bucket is ended at each of its requests, while pip and uv install what it publishes, through what `kho config nginx-bucket`
 * prints: no install may fail, and in the end all is there.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADDRESS, BUCKET, letAnybodyRead, startBucketNginx } from '../support/bucket-site.ts';
import { Client } from '../support/client.ts';
import { freePort } from '../support/free-port.ts';
import { type KillingProxy, type KillPoint, startKillingProxy } from '../support/killing-proxy.ts';
import { startVersitygw, type Versitygw } from '../support/object-stores/versitygw.ts';
import { ask } from '../support/server-contract/ask.ts';
import { ACCEPT } from '../support/server-contract/check.ts';
import { TestSite } from '../support/site.ts';
import { KHO, venvProgram } from '../support/tools.ts';
import { type RunningWebServer, WEB_SERVERS } from '../support/web-servers.ts';

/** As long as publishes are ended; what was begun is ended still. */
const KILLING_MS = 45_000;
/** Requests of a publish, of one that goes on where another was ended too; and how far it is from one that is tried to the next. */
const POINTS = 17;
const STRIDE = 5;
/** One in so many is followed by one that comes to its end, so that there is something new to be installed. */
const WHOLE_EACH = 4;
/** So long nginx may hand out a page that has changed: it keeps time in whole seconds. */
const KEPT_MS = 2100;
/** On a machine that does nothing else there are several times as many. */
const LEAST_KILLS = 4;

let store: Versitygw;
let proxy: KillingProxy;
let site: TestSite;
let nginx: RunningWebServer;
let cache: string;
let url: string;

beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), 'kho-cache-'));
  chmodSync(cache, 0o777);
  store = await startVersitygw();
  await store.makeBucket(BUCKET);
  await letAnybodyRead(store);
  proxy = await startKillingProxy(store.url);
  site = new TestSite();
  site.put('kho.toml', '[bucket]\npages = false\npypi = false\nfeeds = false\n');
  site.wheel('glibc', { name: 'acme-app', version: '1.0', metadata: 'Requires-Dist: acme-core' });
  site.wheel('glibc', { name: 'acme-core', version: '1.0' });
  expect(await publish()).toBe(0);
  url = `http://127.0.0.1:${await freePort()}`;
  nginx = await startBucketNginx(WEB_SERVERS[0]!, site.root, { url, endpoint: store.url, cache });
});
afterAll(async () => {
  await nginx?.stop();
  await proxy?.stop();
  await store?.stop();
  site?.close();
  rmSync(cache, { recursive: true, force: true });
});

/** @returns the exit code; null where it was ended */
async function publish(point?: Omit<KillPoint, 'kill'>): Promise<number | null> {
  const env = { PATH: process.env['PATH'], ...store.environment, AWS_ENDPOINT_URL_S3: proxy.url };
  const words = [KHO, 'build', site.root, '--out', ADDRESS, '--quiet'];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'], env });
  let errors = '';
  child.stderr.on('data', (text) => (errors += text));
  proxy.begin(point && { ...point, kill: () => child.kill('SIGKILL') });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== null && code !== 0) throw new Error(`kho build --out ended with ${code}:\n${errors}`);
  return code;
}

/** Installs again and again, each into a folder of its own. @returns how often it went well; throws at the first that did not */
async function installUntil(
  isOver: () => boolean,
  install: (folder: string, client: Client) => Promise<unknown>,
): Promise<number> {
  const client = new Client();
  let installs = 0;
  for (; !isOver(); installs++) {
    const folder = join(client.home, String(installs));
    await install(folder, client);
    rmSync(folder, { recursive: true, force: true });
  }
  return installs;
}

test('publishes that are killed at each of their requests let no install fail', async () => {
  const index = `${url}/glibc/simple/`;
  let isOver = false;
  const readers = Promise.all([
    installUntil(
      () => isOver,
      (folder, client) => {
        const words = [
          '-m',
          'pip',
          'install',
          '--no-cache-dir',
          '--no-compile',
          '--target',
          folder,
          '-i',
          index,
          'acme-app',
        ];
        return client.run(venvProgram('pip-latest', 'python'), words);
      },
    ),
    installUntil(
      () => isOver,
      (folder, client) => {
        const words = [
          'pip',
          'install',
          '--no-cache',
          '--target',
          folder,
          '--python',
          venvProgram('uv', 'python'),
          '--default-index',
          index,
          'acme-app',
        ];
        return client.run(venvProgram('uv', 'uv'), words);
      },
    ),
  ]);
  let failure: unknown;
  readers.catch((error) => {
    failure = error;
  });

  const began = Date.now();
  let kills = 0;
  let version = 1;
  try {
    // Far from each other at first, so that a slow machine too ends publishes in each of their steps; each of them in both ways at last.
    for (let round = 0; round < 2 * POINTS && Date.now() - began < KILLING_MS && failure === undefined; round++) {
      const point = { request: 1 + ((round * STRIDE) % POINTS), when: round % 2 === 0 ? 'asked' : 'done' } as const;
      site.wheel('glibc', { name: 'acme-core', version: `1.${version++}` });
      if ((await publish(point)) === null) kills++;
      if (round % WHOLE_EACH === WHOLE_EACH - 1) expect(await publish()).toBe(0);
    }
    expect(await publish()).toBe(0);
  } finally {
    isOver = true;
  }
  const [pips, uvs] = await readers;
  expect(kills).toBeGreaterThanOrEqual(LEAST_KILLS);
  expect(Math.min(pips, uvs)).toBeGreaterThan(1);
  await sleep(KEPT_MS);

  for (const name of ['acme-app', 'acme-core']) {
    const path = `/glibc/simple/${name}/`;
    const { files } = JSON.parse((await ask({ url }, path, { headers: { Accept: ACCEPT.pip } })).text);
    expect(files).toHaveLength(name === 'acme-app' ? 1 : version);
    for (const file of files) {
      const { pathname } = new URL(file.url, url + path);
      expect([pathname, (await ask({ url }, pathname, { method: 'HEAD' })).status]).toEqual([pathname, 200]);
      expect((await ask({ url }, `${pathname}.metadata`)).status).toBe(200);
    }
  }
}, 150_000);
