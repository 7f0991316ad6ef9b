/** What pip and uv get through a site that lets in only what is old enough, and no known malware. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rememberOrigin } from '../../src/names/origins.ts';
import { Client } from '../support/client.ts';
import { advisoryZip, osvRecord } from '../support/make-advisories.ts';
import { ServedKho } from '../support/served-kho.ts';
import { TestSite } from '../support/site.ts';
import { venvProgram } from '../support/tools.ts';
import { UpstreamIndex } from '../support/upstream-index.ts';

const DAY_MS = 86_400_000;
const EVIL = 'glibc/packages/evil-1.0-py3-none-any.whl';

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
  for (const build of [undefined, '1']) site.wheel('glibc', { name: 'evil', version: '1.0', ...(build && { build }) });
  const sha256 = createHash('sha256')
    .update(readFileSync(join(site.root, EVIL)))
    .digest('hex');
  const about = { project: 'evil', index: upstream.url, fetched: '2026-11-01T00:00:00Z' };
  rememberOrigin(site.root, { filename: 'evil-1.0-py3-none-any.whl', sha256, ...about });
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

test('what becomes known as malware while the site is served goes, and the build of the team stays', async () => {
  const statusOf = async (path: string) => (await fetch(`${kho.url}/${path}`, { method: 'HEAD' })).status;
  expect(await statusOf(EVIL)).toBe(200);
  const known = ['numbers', 'evil'].map((name, at) =>
    osvRecord(`MAL-${at}`, name, { versions: [name === 'evil' ? '1.0' : '1.1'] }),
  );
  site.put('osv.zip', advisoryZip(...known), new Date());
  kho.reload();
  await expect.poll(() => statusOf(EVIL), { timeout: 30_000 }).toBe(404);
  await expect.poll(() => existsSync(join(site.root, EVIL)), { timeout: 30_000 }).toBe(false);
  expect(await statusOf(EVIL.replace('1.0-', '1.0-1-'))).toBe(200);
}, 60_000);
