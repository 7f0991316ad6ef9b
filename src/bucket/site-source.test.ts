import { linkSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { MemoryStore } from '../../test/support/memory-store.ts';
import { TestSite } from '../../test/support/site.ts';
import { takeUploads } from '../../test/support/take-uploads.ts';
import { orderIn } from '../../test/support/upload-order.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { BucketSettings } from '../config/bucket-settings.ts';
import { loadSite } from '../config/load-config.ts';
import { pushToBucket } from './push-to-bucket.ts';
import { takeSnapshot } from './site-snapshot.ts';
import { SiteSource } from './site-source.ts';

const clock = new VirtualClock();

function newSite(): TestSite {
  const site = new TestSite();
  onTestFinished(() => site.close());
  return site;
}

async function sourceOf(site: TestSite, settings: BucketSettings = {}): Promise<SiteSource> {
  return new SiteSource(await takeSnapshot((await loadSite(site.root)).config), settings);
}

async function pushed(source: SiteSource, store = new MemoryStore({ now: clock.now })) {
  const report = await pushToBucket({
    ...{ store, source, clock, settings: source.settings },
    ...{ site: 'ours', kept: { read: () => undefined, write: () => {} }, graceMs: 1000, parallel: 4 },
  });
  const keys = [...store.objects.keys()].filter((key) => !key.startsWith('.kho/')).sort();
  return { report, keys, store, text: (key: string) => Buffer.from(store.objects.get(key)?.bytes ?? []).toString() };
}

test('SiteSource has all that a site publishes, under its paths, as it stands there', async () => {
  const site = newSite();
  const wheel = site.wheel('glibc', { name: 'farm', version: '1.0' });
  site.put(`${wheel}.asc`, '-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n');
  site.put(`${wheel}.yanked`, 'breaks');
  site.put('glibc/packages/notes.txt', 'no package');
  await site.build();
  const { keys, text, store, report } = await pushed(await sourceOf(site));
  expect(report.failed).toEqual([]);
  expect(keys).toEqual(expect.arrayContaining([wheel, `${wheel}.metadata`, `${wheel}.asc`, 'glibc/SHA256SUMS']));
  expect(keys).toEqual(
    expect.arrayContaining(['glibc/simple/farm/index.json', 'glibc/pypi/farm/1.0/json', 'index.html']),
  );
  expect(keys.filter((key) => /yanked|notes|\.kho|kho\.toml/.test(key))).toEqual([]);
  for (const key of keys) expect([key, text(key)]).toEqual([key, site.read(key)]);
  expect(store.objects.get('glibc/simple/farm/index.json')?.headers).toMatchObject({
    contentType: 'application/vnd.pypi.simple.v1+json',
    cacheControl: 'no-cache',
  });
});

test('SiteSource leaves pages of the JSON API as they are that follow an upload with the next build', async () => {
  const site = newSite();
  site.wheel('', { name: 'farm', version: '1.0' });
  await site.build();
  const first = await pushed(await sourceOf(site));
  const before = site.read('pypi/farm/json');
  const { config } = await loadSite(site.root);
  const { outcomes } = await takeUploads(config, [
    orderIn(site, '', { name: 'farm', version: '2.0' }),
    orderIn(site, '', { name: 'field', version: '1.0' }),
  ]);
  expect(outcomes.map(({ is }) => is)).toEqual(['taken', 'taken']);
  const { report, keys, text } = await pushed(await sourceOf(site), first.store);
  expect(report.failed).toEqual([]);
  expect(text('simple/farm/index.html')).toContain('farm-2.0');
  expect(keys).toContain('simple/field/index.html');
  expect(text('pypi/farm/json')).toBe(before);
  expect(keys.filter((key) => /pypi\/(?:field|farm\/2)/.test(key))).toEqual([]);
  await site.build();
  const last = await pushed(await sourceOf(site), first.store);
  expect(last.text('pypi/farm/json')).toBe(site.read('pypi/farm/json'));
  expect(last.keys).toEqual(expect.arrayContaining(['pypi/field/json', 'pypi/farm/2.0/json']));
});

test('SiteSource has what sites that follow ask for, the head last', async () => {
  const site = newSite();
  site.put('kho.toml', 'repositories.glibc.sync = true\n');
  site.wheel('glibc', { name: 'farm', version: '1.0' });
  await site.build();
  const source = await sourceOf(site);
  const units = [...source.units()];
  const objects = [...((await units.at(-1)?.objects()) ?? [])].filter(({ key }) => key.includes('/sync/'));
  expect(objects.map(({ key, step }) => [/head|jsonl/.exec(key)?.[0], step])).toEqual([
    ['jsonl', 'companion'],
    ['jsonl', 'companion'],
    ['head', 'sync-head'],
  ]);
  const { store, text } = await pushed(source);
  expect(text('glibc/sync/head.json')).toBe(site.read('glibc/sync/head.json'));
  const catalogue = [...store.objects.keys()].find((key) => key.endsWith('.jsonl')) ?? '';
  expect(store.objects.get(catalogue)?.headers.cacheControl).toContain('immutable');
  expect(store.objects.get('glibc/sync/head.json')?.headers).toEqual(
    expect.objectContaining({ contentType: 'application/json', cacheControl: 'no-cache' }),
  );
});

test('SiteSource leaves out what is not wanted', async () => {
  const site = newSite();
  site.wheel('glibc', { name: 'farm', version: '1.0' });
  await site.build();
  const { keys } = await pushed(await sourceOf(site, { pages: false, pypi: false, feeds: false }));
  expect(keys.filter((key) => /project\/|pypi\/|changes\.xml/.test(key))).toEqual([]);
  const { keys: withoutFeeds } = await pushed(await sourceOf(site, { feeds: false }));
  expect(withoutFeeds.some((key) => key.endsWith('.xml'))).toBe(false);
  expect(withoutFeeds).toContain('glibc/project/farm/index.html');
});

test('SiteSource stores pages packed, and packages as they are', async () => {
  const site = newSite();
  site.put('kho.toml', 'precompress = true\n');
  const wheel = site.wheel('glibc', { name: 'farm', version: '1.0' });
  await site.build();
  const { keys, store, text } = await pushed(await sourceOf(site, { precompress: true, slashKeys: true }));
  expect(keys.filter((key) => /\.(?:gz|br)$/.test(key))).toEqual([]);
  const page = store.objects.get('glibc/simple/farm/');
  expect(page?.headers).toMatchObject({ contentType: 'text/html; charset=utf-8', contentEncoding: 'gzip' });
  expect(gunzipSync(page?.bytes ?? '').toString()).toBe(site.read('glibc/simple/farm/index.html'));
  expect(store.objects.get(wheel)?.headers.contentEncoding).toBeUndefined();
  expect(text(`${wheel}.metadata`)).toBe(site.read(`${wheel}.metadata`));
});

test('SiteSource tells nothing of private repositories, and what becomes private goes at once', async () => {
  const site = newSite();
  site.wheel('glibc', { name: 'farm', version: '1.0' });
  const secret = site.wheel('inner', { name: 'harvest', version: '1.0' });
  await site.build();
  const { keys, store } = await pushed(await sourceOf(site));
  expect(keys).toContain(secret);
  site.put('kho.toml', 'repositories.inner.private = true\n');
  const beforeBuild = await pushed(await sourceOf(site), store);
  for (const key of beforeBuild.keys)
    expect([key, /harvest|inner/.test(key + beforeBuild.text(key))]).toEqual([key, false]);
  await site.build();
  const { keys: left, text } = await pushed(await sourceOf(site), store);
  expect(left).toContain('index.html');
  for (const key of left) expect([key, /harvest|inner/.test(text(key))]).toEqual([key, false]);
  const { keys: all } = await pushed(await sourceOf(site, { withPrivate: true }));
  expect(all).toContain(secret);
});

const OUTSIDE = 'what nobody may read';

test.each<[string, (path: string, outside: string) => void]>([
  [
    'a link out of the site',
    (path, outside) => {
      rmSync(path);
      symlinkSync(outside, path);
    },
  ],
  [
    'a hard link',
    (path, outside) => {
      rmSync(path);
      linkSync(outside, path);
    },
  ],
  [
    'other bytes of the same size, with the same times',
    (path) => {
      writeFileSync(path, 'x'.repeat(statSync(path).size));
      utimesSync(path, new Date('2026-01-02T03:04:05.678Z'), new Date('2026-01-02T03:04:05.678Z'));
    },
  ],
  ['another file moved there', (path, outside) => renameSync(outside, path)],
  ['nothing', (path) => rmSync(path)],
])('SiteSource never sends %s in the place of a package: it is told, and the rest goes on', async (_what, swap) => {
  const site = newSite();
  const wheel = site.wheel('glibc', { name: 'farm', version: '1.0' });
  site.wheel('glibc', { name: 'barn', version: '1.0' });
  const outside = join(newSite().root, 'secret');
  writeFileSync(outside, OUTSIDE);
  await site.build();
  swap(join(site.root, wheel), outside);
  const { report, keys, store } = await pushed(await sourceOf(site));
  expect(report.failed).toMatchObject([{ key: wheel }]);
  expect(keys).not.toContain(wheel);
  expect(keys).not.toContain('glibc/simple/farm/index.html');
  expect(keys).toContain('glibc/simple/barn/index.html');
  for (const { bytes } of store.objects.values()) expect(Buffer.from(bytes).includes(OUTSIDE)).toBe(false);
});

test('SiteSource sends no page that somebody wrote since it was published', async () => {
  const site = newSite();
  site.wheel('glibc', { name: 'farm', version: '1.0' });
  await site.build();
  site.put('glibc/simple/farm/index.html', OUTSIDE);
  const { report, text } = await pushed(await sourceOf(site));
  expect(report.failed).toMatchObject([{ key: 'glibc/simple/farm/index.html' }]);
  expect(text('glibc/simple/farm/index.html')).toBe('');
  expect(text('glibc/simple/index.html')).toBe(''); // lists wait
});

/** docs/decisions/0031 tells what these are. */
test.each([
  ['a wheel', '.', 'farm', 11],
  ['a wheel', 'glibc', 'farm', 12],
  ['the first wheel of a project', '.', 'harvest', 13],
  ['the first wheel of a project', 'glibc', 'harvest', 14],
])('a push of %s more, in the repository "%s", takes few requests', async (_what, repository, name, requests) => {
  const site = newSite();
  const alone = { pages: false, pypi: false, feeds: false };
  const beside = 'neighbor8'; // recorded in the same shard as "harvest"
  for (const each of ['farm', beside]) site.wheel(repository, { name: each, version: '1.0' });
  await site.build();
  const { store } = await pushed(await sourceOf(site, alone));
  await clock.sleep(3_600_000);
  expect((await pushed(await sourceOf(site, alone), store)).report.requests).toBe(1);
  site.wheel(repository, { name, version: '2.0' });
  await site.build();
  expect((await pushed(await sourceOf(site, alone), store)).report.requests).toBe(requests);
});

test('SiteSource never sends what a link behind a folder of pages leads to', async () => {
  const site = newSite();
  site.wheel('glibc', { name: 'farm', version: '1.0' });
  const elsewhere = newSite();
  elsewhere.put('index.html', OUTSIDE);
  elsewhere.put('index.json', OUTSIDE);
  await site.build();
  rmSync(join(site.root, 'glibc/simple/farm'), { recursive: true });
  symlinkSync(elsewhere.root, join(site.root, 'glibc/simple/farm'));
  const source = await sourceOf(site);
  await pushed(source).then(
    ({ report, store }) => {
      expect(report.failed.length).toBeGreaterThan(0);
      for (const { bytes } of store.objects.values()) expect(Buffer.from(bytes).includes(OUTSIDE)).toBe(false);
    },
    (error) => expect(error).toMatchObject({ code: 'SITE' }),
  );
});
