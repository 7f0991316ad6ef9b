/** One address for everything: pip and uv install what the team built and what another index has, also while that one is gone. */
import { chmodSync } from 'node:fs';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { Client } from '../support/client.ts';
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
