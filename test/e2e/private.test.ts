/** pip and uv install from a private repository with a token, in each place where people keep one, and are told 401 without. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addToken } from '../../src/access/edit-tokens.ts';
import { buildSite } from '../../src/build-site.ts';
import { loadSite } from '../../src/config/load-config.ts';
import { type RunningServer, startServer } from '../../src/server/start-server.ts';
import { Client } from '../support/client.ts';
import { TestSite } from '../support/site.ts';
import { venvProgram } from '../support/tools.ts';

let site: TestSite;
let server: RunningServer;
let secret: string;

beforeAll(async () => {
  site = new TestSite();
  site.put('kho.toml', '[repositories.lab]\nprivate = true\n');
  site.wheel('lab', { name: 'hidden-thing', version: '1.0' });
  const { config } = await loadSite(site.root);
  await buildSite(config);
  const wanted = { name: 'reader', rights: ['read'] as const, repositories: ['lab'], projects: [] };
  ({ secret } = await addToken(config, wanted, { now: Date.now() }));
  server = await startServer({ config: () => config, listen: { host: '127.0.0.1', port: 0 } });
});

afterAll(async () => {
  await server.close();
  site.close();
});

type Way = 'URL' | 'netrc' | 'none';

const INSTALLERS = {
  pip: (index: string, target: string): [string, string[]] => [
    venvProgram('pip-latest', 'python'),
    ['-m', 'pip', 'install', '--no-input', '-vv', '--index-url', index, '--target', target, 'hidden-thing'],
  ],
  uv: (index: string, target: string): [string, string[]] => [
    venvProgram('uv', 'uv'),
    ['pip', 'install', '--index-url', index, '--target', target, 'hidden-thing'],
  ],
};

test.each<[keyof typeof INSTALLERS, Way]>([
  ['pip', 'URL'],
  ['pip', 'netrc'],
  ['pip', 'none'],
  ['uv', 'URL'],
  ['uv', 'netrc'],
  ['uv', 'none'],
])('%s with the token in: %s', async (installer, way) => {
  const client = new Client();
  const url = new URL('/lab/simple/', server.url);
  if (way === 'URL') [url.username, url.password] = ['__token__', secret];
  const netrc = `machine 127.0.0.1 login __token__ password ${secret}\n`;
  if (way === 'netrc') writeFileSync(join(client.home, '.netrc'), netrc, { mode: 0o600 });
  const run = await client.tryToRun(...INSTALLERS[installer](url.href, join(client.home, 'target')));
  if (way !== 'none') return expect([run.exitCode, run.stderr]).toEqual([0, expect.anything()]);
  expect(run.exitCode).not.toBe(0);
  expect(`${run.stdout}${run.stderr}`).toMatch(/401|Unauthorized|credentials/i);
});
