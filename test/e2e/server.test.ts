/** kho's own server keeps the contract that all servers of a site keep. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadSite } from '../../src/config/load-config.ts';
import { type RunningServer, startServer } from '../../src/server/start-server.ts';
import { makeContractSite, serverContract } from '../support/server-contract.ts';
import type { TestSite } from '../support/site.ts';

let site: TestSite;
let server: RunningServer;
const errors: unknown[] = [];

beforeAll(async () => {
  site = await makeContractSite();
  const { config } = await loadSite(site.root);
  server = await startServer({
    config: () => config,
    listen: { host: '127.0.0.1', port: 0 },
    onError: (error) => errors.push(error),
  });
});

afterAll(async () => {
  await server.close();
  site.close();
});

test.each(serverContract())('$name', async (check) => {
  await check.run(server);
  expect(errors).toEqual([]);
});
