/** What advisories tell, on pages for people: of the versions that they are about, as text, and of no name that is the site's own. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { surveySite } from '../src/build-site.ts';
import { checkSite } from '../src/check/check-site.ts';
import { loadSite } from '../src/config/load-config.ts';
import { advisoryZip, osvRange, osvRecord } from './support/make-advisories.ts';
import { TestSite } from './support/site.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  site.put('kho.toml', '[advisories]\nfrom = "osv.zip"\n');
  for (const version of ['1.0', '1.1', '1.2']) site.wheel('a', { name: 'foo', version });
  site.wheel('a', { name: 'bar', version: '1.0' });
});
afterEach(() => site.close());

const HOLE = osvRecord('GHSA-1', 'foo', osvRange({ introduced: '0' }, { fixed: '1.2' }), {
  ...{ aliases: ['CVE-2026-1'], database_specific: { severity: 'HIGH' }, summary: '<script>alert(1)</script> & more' },
});

const version = (name: string, each: string) => site.read(`a/project/${name}/${each}/index.html`);
const project = (name: string) => site.read(`a/project/${name}/index.html`);
const hasHoles = (page: string) => page.includes('id="holes"');

test('pages of versions tell of their known holes, as text, and that of the project of those of the latest', async () => {
  site.put('osv.zip', advisoryZip(HOLE));
  await site.build();
  const page = version('foo', '1.1');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; more');
  expect(page).not.toContain('<script>alert');
  expect(page.replace(/<[^>]*>/g, '')).toMatch(/high.*Closed in 1\.2.*GHSA-1, CVE-2026-1/s);
  expect([hasHoles(version('foo', '1.0')), hasHoles(version('foo', '1.2')), hasHoles(version('bar', '1.0'))]).toEqual([
    true,
    false,
    false,
  ]);
  expect(project('foo')).not.toContain('#holes');
  site.put('osv.zip', advisoryZip(HOLE, osvRecord('MAL-1', 'foo', { versions: ['1.2'] })), new Date());
  await site.build();
  expect(project('foo').replace(/<[^>]*>/g, '')).toContain('This version is known to be malware.');
  expect(project('foo')).toMatch(/href="[^"]*foo\/1\.2\/index\.html#holes"/);
});

test('pages are made anew when advisories change, and only those that they are about', async () => {
  await site.build();
  const before = site.snapshot();
  site.put('osv.zip', advisoryZip(HOLE));
  await site.build();
  const changed = () =>
    Object.entries(site.snapshot())
      .filter(([path, sha]) => before[path] !== sha)
      .map(([path]) => path);
  expect(changed()).toEqual(['a/project/foo/1.0/index.html', 'a/project/foo/1.1/index.html', 'osv.zip']);
  const report = await site.build();
  expect(report.written).toBe(0);
  site.put('osv.zip', advisoryZip(osvRecord('GHSA-2', 'other', { versions: ['1'] })), new Date());
  await site.build();
  expect(changed()).toEqual(['osv.zip']);
});

test('no advisory about a public project stands on pages of a name that is own', async () => {
  site.put('kho.toml', 'own = ["foo"]\n[advisories]\nfrom = "osv.zip"\n');
  site.put('osv.zip', advisoryZip(HOLE));
  await site.build();
  expect(hasHoles(version('foo', '1.0'))).toBe(false);
  site.put('kho.toml', '[advisories]\nfrom = "osv.zip"\n');
  await site.build();
  expect(hasHoles(version('foo', '1.0'))).toBe(true);
});

test('a build tells of advisories that cannot be read, publishes, and goes on with those before', async () => {
  site.put('osv.zip', advisoryZip(HOLE));
  await site.build();
  site.put('osv.zip', '<html>log in</html>', new Date());
  site.wheel('a', { name: 'foo', version: '1.3' });
  const { notes } = await site.build();
  expect(notes).toMatchObject([{ code: 'advisories-not-read', file: 'osv.zip' }]);
  expect([site.listed('a', 'foo').length, hasHoles(version('foo', '1.0'))]).toEqual([4, true]);
});

test('pages show no more than fifty holes of a version, and say how many they leave out', async () => {
  const records = Array.from({ length: 60 }, (_, number) => osvRecord(`GHSA-${number}`, 'foo', { versions: ['1.0'] }));
  site.put('osv.zip', advisoryZip(...records));
  await site.build();
  const page = version('foo', '1.0');
  expect([page.split('not rated').length - 1, page.replace(/<[^>]*>/g, '').includes('10 more')]).toEqual([50, true]);
});

test('kho check finds pages with known holes as they ought to be', async () => {
  site.put('osv.zip', advisoryZip(HOLE));
  await site.build();
  const { config } = await loadSite(site.root);
  expect(await checkSite(config, await surveySite(config))).toEqual([]);
});
