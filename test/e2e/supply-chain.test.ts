/** What pip and uv get through a site that lets in only what is old enough, and no known malware. */
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { advisoryZip, osvRecord } from '../support/make-advisories.ts';
import { ServedKho } from '../support/served-kho.ts';
import { TestSite } from '../support/site.ts';
import { venvProgram } from '../support/tools.ts';
import { UpstreamIndex } from '../support/upstream-index.ts';

const DAY_MS = 86_400_000;

let upstream: UpstreamIndex;
let site: TestSite;
let kho: ServedKho;
beforeAll(async () => {
  upstream = await UpstreamIndex.start();
  for (const version of ['1.0', '1.1', '2.0']) upstream.wheel({ name: 'numbers', version });
  // The newest came yesterday.
  const page = await (await fetch(`${upstream.url}numbers/`)).json();
  page.files[2]['upload-time'] = new Date(Date.now() - DAY_MS).toISOString();
  upstream.server.page('/simple/numbers/', JSON.stringify(page), 'application/vnd.pypi.simple.v1+json');
  site = new TestSite();
  chmodSync(site.root, 0o755);
  site.put(
    'kho.toml',
    `[advisories]\nfrom = "osv.zip"\n[upstreams.public]\nurl = "${upstream.url}"\ncooldown = "7d"\n[repositories.glibc]\nupstreams = ["public"]\n`,
  );
  site.put('osv.zip', advisoryZip(osvRecord('MAL-1', 'numbers', { versions: ['1.1'] })));
  site.wheel('glibc', { name: 'farm-app', version: '1.0', metadata: ['Requires-Dist: numbers'] });
  kho = await ServedKho.start(site.root);
});
afterAll(async () => {
  await kho?.end('SIGKILL');
  upstream.stop();
  site.close();
});

test.each(['pip', 'uv'] as const)(
  '%s gets the newest that is old enough, and is no malware',
  async (installer) => {
    const client = new Client();
    const index = `${kho.url}/glibc/simple/`;
    const python = installer === 'pip' ? await client.copyVenv('pip-latest') : await client.makeVenv('uv');
    if (installer === 'pip')
      await client.run(python, ['-m', 'pip', 'install', '--no-cache-dir', '-i', index, 'farm-app']);
    else
      await client.run(venvProgram('uv', 'uv'), [
        'pip',
        'install',
        '--no-cache',
        '--python',
        python,
        '--default-index',
        index,
        'farm-app',
      ]);
    expect(await client.installed(python)).toMatchObject({ 'farm-app': '1.0', numbers: '1.0' });
  },
  60_000,
);

test('what is not listed is not served either, whatever its address', async () => {
  const page = await (
    await fetch(`${kho.url}/glibc/simple/numbers/`, { headers: { Accept: 'application/vnd.pypi.simple.v1+json' } })
  ).json();
  const listed = page.files.map(({ filename, url }: { filename: string; url: string }) => ({
    filename,
    url: new URL(url, `${kho.url}/glibc/simple/numbers/`).href,
  }));
  expect(listed.map(({ filename }: { filename: string }) => filename)).toEqual(['numbers-1.0-py3-none-any.whl']);
  for (const version of ['1.1', '2.0']) {
    const answer = await fetch(listed[0].url.replace('numbers-1.0', `numbers-${version}`));
    expect([version, answer.status]).toEqual([version, 404]);
  }
  expect(
    upstream.log.filter((path) => path.startsWith('/files/numbers-1.1') || path.startsWith('/files/numbers-2.0')),
  ).toEqual([]);
  expect(existsSync(join(site.root, 'upstream/public/packages/numbers/numbers-1.0-py3-none-any.whl'))).toBe(true);
});
