/** One address for everything: pip and uv install what the team built and what another index has, also while that one is gone. */
import { chmodSync } from 'node:fs';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { Client } from '../support/client.ts';
import { installWith as installProject } from '../support/install-with.ts';
import { ServedKho } from '../support/served-kho.ts';
import { TestSite } from '../support/site.ts';
import { venvProgram } from '../support/tools.ts';
import { UpstreamIndex } from '../support/upstream-index.ts';

const EXPECTED = { 'farm-app': '1.0', numbers: '1.5', digits: '2.0' };

async function installWith(installer: 'pip' | 'uv', index: string): Promise<Record<string, string>> {
  const client = new Client();
  if (installer === 'pip') {
    const python = await client.copyVenv('pip-latest');
    await client.run(python, ['-m', 'pip', 'install', '--no-cache-dir', '-i', index, 'farm-app']);
    return client.installed(python);
  }
  const python = await client.makeVenv('uv');
  const words = ['pip', 'install', '--no-cache', '--python', python, '--default-index', index, 'farm-app'];
  await client.run(venvProgram('uv', 'uv'), words);
  return client.installed(python);
}

let upstream: UpstreamIndex;
beforeAll(async () => {
  upstream = await UpstreamIndex.start();
  upstream.wheel({ name: 'numbers', version: '1.0' });
  upstream.wheel({ name: 'numbers', version: '1.5' }, ['Requires-Dist: digits']);
  upstream.wheel({ name: 'digits', version: '2.0' });
  upstream.wheel({ name: 'farm-app', version: '99.0' }); // whoever registered the team's name there
});

test('pip and uv install own and other packages from one address, and go on when the other index is gone', async () => {
  const site = new TestSite();
  onTestFinished(() => site.close());
  chmodSync(site.root, 0o755);
  site.put(
    'kho.toml',
    `[upstreams.public]\nurl = "${upstream.url}"\nfresh = "0"\n[repositories.glibc]\nupstreams = ["public"]\n`,
  );
  site.wheel('glibc', { name: 'farm-app', version: '1.0', metadata: ['Requires-Dist: numbers'] });
  const first = await ServedKho.start(site.root);
  onTestFinished(() => first.end('SIGKILL'));
  const index = (kho: ServedKho) => `${kho.url}/glibc/simple/`;
  for (const installer of ['pip', 'uv'] as const) {
    expect(await installWith(installer, index(first))).toMatchObject(EXPECTED);
  }
  const filesAsked = upstream.log.filter((path) => path.startsWith('/files/') && path.endsWith('.whl'));
  expect([...filesAsked].sort()).toEqual([...new Set(filesAsked)].sort()); // each once
  expect(upstream.log.filter((path) => path.includes('farm'))).toEqual([]);

  upstream.stop();
  expect(await installWith('pip', index(first))).toMatchObject(EXPECTED);
  await first.end('SIGKILL');
  const second = await ServedKho.start(site.root);
  onTestFinished(() => second.end('SIGKILL'));
  expect(await installWith('uv', index(second))).toMatchObject(EXPECTED);
  const unknown = await fetch(`${index(second)}unknown/`);
  expect([unknown.status, unknown.headers.get('retry-after')]).toEqual([503, '10']);
  expect((await fetch(`${index(second)}farm-other/`)).status).toBe(503); // nobody said that it is the team's
}, 120_000);

test('Poetry locks and installs own and other packages from one address, also while the other index answers nothing of use', async () => {
  const index = await UpstreamIndex.start();
  onTestFinished(() => index.stop());
  index.wheel({ name: 'acme-core', version: '1.2.0' }, ['Requires-Dist: numbers']);
  index.wheel({ name: 'numbers', version: '1.5' });
  index.wheel({ name: 'acme-app', version: '99.0' });
  const site = new TestSite();
  onTestFinished(() => site.close());
  chmodSync(site.root, 0o755);
  const settings = `[upstreams.public]\nurl = "${index.url}"\nfresh = "0"\n`;
  site.put('kho.toml', `${settings}[repositories.glibc]\nupstreams = ["public"]\n`);
  site.wheel('glibc', { name: 'acme-app', version: '1.0', metadata: ['Requires-Dist: acme-core'] });
  const kho = await ServedKho.start(site.root);
  onTestFinished(() => kho.end('SIGKILL'));
  const expected = { 'acme-app': '1.0', 'acme-core': '1.2.0', numbers: '1.5' };
  expect(await installProject('poetry', `${kho.url}/glibc/simple/`)).toMatchObject(expected);
  const files = index.log.filter((path) => path.endsWith('.whl'));
  expect([...files].sort()).toEqual([...new Set(files)].sort()); // each once
  expect(index.log.filter((path) => path.includes('acme-app'))).toEqual([]);

  // What stands between an office and the world answers all questions with a page to sign in with.
  const path = (name: string) => new URL(`${name}/`, index.url).pathname;
  for (const name of ['acme-core', 'numbers'])
    index.server.page(path(name), '<html>Please sign in</html>', 'text/html');
  expect(await installProject('poetry', `${kho.url}/glibc/simple/`)).toMatchObject(expected);
}, 120_000);
