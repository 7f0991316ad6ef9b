/** Random requests, for as many seconds as KHO_SOAK_SECONDS says (`npm run soak`: ten minutes), while the site changes. */
import { expect, test } from 'vitest';
import { loadSite } from '../../src/config/load-config.ts';
import { startServer } from '../../src/server/start-server.ts';
import { RandomRequests, sendOnce } from '../support/random-requests.ts';
import { ask } from '../support/server-contract/ask.ts';
import { makeContractSite } from '../support/server-contract/site.ts';

const SECONDS = Number(process.env['KHO_SOAK_SECONDS'] ?? (process.env['CI'] ? 60 : 15));
const CLIENTS = 16;
/** Between two publishes, in milliseconds. */
const PUBLISH_MS = 2000;

const KNOWN = [
  '/',
  '/glibc/',
  '/glibc/SHA256SUMS',
  '/glibc/simple/',
  '/glibc/simple/plain/',
  '/glibc/simple/foo-bar-baz/index.json',
  '/glibc/pypi/plain/json',
  '/glibc/pypi/foo-bar-baz/2.0%2Bcpu.1/json',
  '/glibc/packages/plain-1.0-py3-none-any.whl',
  '/glibc/packages/plain-2.1-py3-none-any.whl.metadata',
  '/glibc/packages/Foo_Bar.baz-1.0-cp311-cp311-linux_x86_64.whl',
  '/glibc/packages/foo_bar_baz-2.0%2Bcpu.1-py3-none-any.whl',
  '/glibc/packages/foo_bar_baz-1.5.tar.gz',
  '/glibc/packages/sub/folder/deeper-1.0-py3-none-any.whl',
  '/common/packages/plain-0.9.zip',
  '/healthz',
  '/metrics',
];

test(`${SECONDS} seconds of random requests are answered with 2xx to 4xx`, {
  timeout: (SECONDS + 120) * 1000,
}, async () => {
  const site = await makeContractSite('absolute_urls = true\ntrusted_proxies = ["127.0.0.1"]');
  const { config } = await loadSite(site.root);
  const errors: unknown[] = [];
  const server = await startServer({
    config: () => config,
    listen: { host: '127.0.0.1', port: 0 },
    limits: { headerMs: 1000, requestMs: 2000, idleMs: 3000 },
    accessLog: { format: 'text', write: () => {} },
    onError: (error) => errors.push(error),
  });
  const seed = Number(process.env['KHO_SOAK_SEED'] ?? Date.now() % 1_000_000_000);
  const requests = new RandomRequests(seed, KNOWN);
  const seen = new Map<number, number>();
  const endMs = performance.now() + SECONDS * 1000;
  let sent = 0;

  const client = async () => {
    while (performance.now() < endMs && errors.length === 0) {
      const bytes = requests.next();
      for (const status of await sendOnce(server.url, bytes, 50)) {
        seen.set(status, (seen.get(status) ?? 0) + 1);
        if (status < 200 || status > 499) errors.push(`${status} for ${JSON.stringify(bytes)} (seed ${seed})`);
      }
      sent++;
    }
  };
  const publisher = async () => {
    for (let version = 1; performance.now() < endMs; version++) {
      await new Promise((resolve) => setTimeout(resolve, PUBLISH_MS));
      site.wheel('glibc', { name: 'plain', version: `2.${version % 2}` });
      await site.build();
      server.refresh();
    }
  };
  await Promise.all([publisher(), ...Array.from({ length: CLIENTS }, client)]);

  expect(errors).toEqual([]);
  expect((await ask(server, '/glibc/simple/plain/')).status).toBe(200);
  const memory = Math.round(process.memoryUsage().rss / 1024 / 1024);
  console.log(
    `${sent} times, ${memory} MB, ${[...seen]
      .sort()
      .map(([status, count]) => `${status}: ${count}`)
      .join(', ')}`,
  );
  for (const status of [200, 301, 404, 405, 400]) expect([...seen.keys()]).toContain(status);
  await server.close();
  site.close();
});
