import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { advisoryZip, osvRange, osvRecord } from '../../test/support/make-advisories.ts';
import { refuse } from '../../test/support/poor-disk.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { readAdvisories } from '../advisories/read-advisories.ts';
import { loadSite } from '../config/load-config.ts';
import { refusalWords } from '../policy/policy.ts';
import { normalizeName } from '../standards/name.ts';
import type { UpstreamFile, UpstreamPage } from '../upstream-model.ts';
import { Admission } from './admission.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  site.put('a/packages/README', '');
});
afterEach(() => {
  letWrite();
  site.close();
});

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-29T12:00:00Z');
const sha = (digit: string) => digit.repeat(64);

async function open(settings: string, more = ''): Promise<Admission> {
  site.put('kho.toml', `${more}\n[upstreams.public]\nurl = "https://index.example/simple/"\n${settings}`);
  const { config } = await loadSite(site.root);
  return Admission.open(config);
}

function pageOf(project: string, ...files: Partial<UpstreamFile>[]): UpstreamPage {
  return {
    ...{ upstream: 'public', index: 'https://index.example/simple/', project: normalizeName(project) },
    files: files.map((file) => ({
      filename: `${project}-${file.version}.tar.gz`,
      url: 'https://files.example/x',
      ...file,
    })),
  };
}

const daysOld = (days: number) => ({ uploadTime: new Date(NOW - days * DAY).toISOString() });

function verdicts(admission: Admission, page: UpstreamPage, now = NOW): string[] {
  const { listed, refused } = admission.judge(page, now);
  return [
    ...listed.map(({ version }) => `${version} is listed`),
    ...refused.map(({ file, why }) => `${file.version} ${refusalWords(why)}`),
  ];
}

test('Admission lets in what kho.toml, and lists that it names, allow', async () => {
  site.put(
    'approved.txt',
    'bar>=2\nbaz ; python_version < "3"\nqux==1.0 \\\n    --hash=sha256:' + sha('a') + '\n-c limits.txt\n',
  );
  site.put('limits.txt', 'bar<3\nother==1\n');
  const admission = await open('allow = ["foo<2"]\nallow_from = ["approved.txt"]\ndeny = ["foo==1.1"]');
  const file = (version: string, sha256?: string) => ({ version, ...(sha256 && { sha256 }) });
  expect(verdicts(admission, pageOf('foo', file('1.0'), file('1.1'), file('2.0')))).toEqual([
    '1.0 is listed',
    '1.1 is denied: ==1.1',
    '2.0 is not among what is allowed',
  ]);
  expect(verdicts(admission, pageOf('bar', file('1.0'), file('2.0'), file('3.0')))).toEqual([
    '2.0 is listed',
    '1.0 is not among what is allowed',
    '3.0 is not among what is allowed',
  ]);
  expect(verdicts(admission, pageOf('baz', file('7')))).toEqual(['7 is listed']);
  expect(verdicts(admission, pageOf('qux', file('1.0', sha('a')), file('1.0', sha('b'))))).toEqual([
    '1.0 is listed',
    '1.0 has other bytes than what is allowed of this version',
  ]);
  expect(verdicts(admission, pageOf('other', file('1')))).toEqual(['1 is not among what is allowed']);
});

test.each<[what: string, name: string, lock: string]>([
  [
    'uv.lock, for whatever machine',
    'uv.lock',
    `version = 1
requires-python = ">=3.11"

[[package]]
name = "foo"
version = "1.0"
source = { registry = "https://index.example/simple" }
sdist = { url = "https://files.example/foo-1.0.tar.gz", hash = "sha256:${sha('a')}" }

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "foo", marker = "sys_platform == 'win32'" }]
`,
  ],
  [
    'Pipfile.lock, with what is only for development',
    'Pipfile.lock',
    JSON.stringify({ default: {}, develop: { foo: { version: '==1.0', hashes: [`sha256:${sha('a')}`] } } }),
  ],
])('Admission takes %s for a list of what is approved, and of what need not wait', async (_what, name, lock) => {
  site.put(name, lock);
  const settings = `allow_from = ["${name}"]\ncooldown = "7d"\n`;
  const page = pageOf(
    'foo',
    { version: '1.0', sha256: sha('a'), ...daysOld(1) },
    { version: '1.0', sha256: sha('b'), ...daysOld(1) },
  );
  const allowing = await open(settings);
  expect(verdicts(allowing, page)).toEqual([
    '1.0 is of a release that is not old enough: listed from 2026-12-05 12:00 UTC on',
    '1.0 has other bytes than what is allowed of this version',
  ]);
  const excepting = await open(`${settings}cooldown_except_from = ["*.lock"]`);
  expect(verdicts(excepting, page)[0]).toBe('1.0 is listed');
});

test('Admission excepts nothing from the cooldown for a name without a version', async () => {
  site.put('needs.txt', 'foo\nbar>=1\nbaz==1.0\n');
  const admission = await open('cooldown = "7d"\ncooldown_except_from = ["needs.txt"]\ncooldown_except = ["qux"]');
  const listed = (name: string) => admission.judge(pageOf(name, { version: '1.0', ...daysOld(1) }), NOW).listed.length;
  expect(['foo', 'bar', 'baz', 'qux'].map(listed)).toEqual([0, 0, 1, 1]);
});

test('Admission remembers when it first saw a file, also when .kho is deleted, and forgets nothing of it', async () => {
  const page = pageOf('foo', { version: '1.0', sha256: sha('a') });
  const first = await open('cooldown = "7d"');
  expect(verdicts(first, page)).toEqual([
    '1.0 is of a release that is not old enough: listed from 2026-12-06 12:00 UTC on',
  ]);
  await first.keep();
  expect(verdicts(first, page, NOW + 3 * DAY)).toEqual([
    '1.0 is of a release that is not old enough: listed from 2026-12-06 12:00 UTC on',
  ]);
  const written = site.read('.kho-keep/first-seen');
  rmSync(join(site.root, '.kho'), { recursive: true });
  const second = await open('cooldown = "7d"');
  expect(verdicts(second, page, NOW + 7 * DAY)).toEqual(['1.0 is listed']);
  await second.keep();
  expect(site.read('.kho-keep/first-seen')).toBe(written);
  expect(verdicts(second, pageOf('foo', { version: '1.0', sha256: sha('b') }), NOW + 7 * DAY)[0]).toContain(
    'not old enough',
  );
});

test('Admission keeps a page of many files in several lines, and passes over one that is damaged', async () => {
  const files = Array.from({ length: 2500 }, (_, number) => ({
    version: `1.${number}`,
    filename: `foo-1.${number}.tar.gz`,
  }));
  const admission = await open('cooldown = "7d"');
  admission.judge(pageOf('foo', ...files), NOW);
  await admission.keep();
  const lines = site.read('.kho-keep/first-seen').trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  site.put(
    '.kho-keep/first-seen',
    `${lines.map((line, place) => (place === 2 ? line.replace('foo', 'fox') : line)).join('\n')}\n`,
  );
  const { listed, refused } = (await open('cooldown = "7d"')).judge(pageOf('foo', ...files), NOW + 7 * DAY);
  expect([listed.length, refused.length]).toEqual([1500, 1000]);
});

const HOLE = osvRecord('GHSA-1', 'foo', osvRange({ introduced: '0' }, { fixed: '1.2' }));

test('Admission lets a fix of what a lock names pass early, and says so in the log once', async () => {
  site.put('osv.zip', advisoryZip(HOLE));
  site.put('app.txt', 'foo==1.0\n');
  const settings = 'cooldown = "7d"\nfixes = true';
  const page = pageOf('foo', { version: '1.2', ...daysOld(1) }, { version: '1.3', ...daysOld(1) });
  const top = 'locks = ["*.txt"]\n[advisories]\nfrom = "osv.zip"';
  const admission = await open(settings, top);
  const before = admission.generation;
  for (let time = 0; time < 2; time++) expect(verdicts(admission, page)[0]).toBe('1.2 is listed');
  await admission.keep();
  expect((await open(settings, top)).judge(page, NOW + 1).listed).toHaveLength(1);
  const told = [...site.read('.kho-keep/log-000001').matchAll(/"event":"fix-early".*"reason":"([^}]*)"/g)].map(
    ([, why]) => why,
  );
  expect(told).toEqual(['1.2 of \\"public\\" closes GHSA-1 of 1.0, which a lock names']);

  site.put('app.txt', 'foo==1.1.5\n', new Date());
  await admission.refresh();
  expect(admission.generation).not.toBe(before);
  site.put('app.txt', 'foo==1.2\n', new Date());
  await admission.refresh();
  expect(verdicts(admission, page)[0]).toContain('not old enough');
  expect((await open('cooldown = "7d"', top)).judge(page, NOW).listed, 'nobody asked for it').toEqual([]);
});

test('Admission lets nothing pass early that cannot be written into the log', async () => {
  site.put('osv.zip', advisoryZip(HOLE));
  site.put('app.txt', 'foo==1.0\n');
  const admission = await open('cooldown = "7d"\nfixes = true', 'locks = ["app.txt"]\n[advisories]\nfrom = "osv.zip"');
  refuse(['file'], 'ENOSPC');
  expect(() => admission.judge(pageOf('foo', { version: '1.2', ...daysOld(1) }), NOW)).toThrow('Cannot write');
});

test('Admission refuses malware of a list that came later, and goes on with the old one where a new one is broken', async () => {
  const page = pageOf('evil', { version: '1.0', ...daysOld(99) });
  site.put('osv.zip', advisoryZip(HOLE));
  const admission = await open('', '[advisories]\nfrom = "osv.zip"');
  const before = admission.generation;
  expect(verdicts(admission, page)).toEqual(['1.0 is listed']);
  site.put('osv.zip', advisoryZip(HOLE, osvRecord('MAL-1', 'evil', osvRange({ introduced: '0' }))), new Date(NOW));
  await admission.refresh();
  expect(verdicts(admission, page)).toEqual(['1.0 is known malware (MAL-1)']);
  expect([admission.generation === before, admission.notes]).toEqual([false, []]);
  site.put('osv.zip', '<html>log in</html>', new Date(NOW + 1));
  await admission.refresh();
  expect(admission.notes).toEqual([expect.stringContaining('Cannot read the advisories in "')]);
  expect(verdicts(admission, page)).toEqual(['1.0 is known malware (MAL-1)']);
  const later = await open('', '[advisories]\nfrom = "osv.zip"');
  expect(verdicts(later, page)).toEqual(['1.0 is known malware (MAL-1)']);
});

test('Admission lets nothing in where advisories are asked for, and none were ever read', async () => {
  const page = pageOf('foo', { version: '1.0', ...daysOld(99) });
  const admission = await open('', '[advisories]\nfrom = "osv.zip"');
  expect(admission.notes).toEqual([expect.stringContaining('nothing is at "')]);
  expect(() => verdicts(admission, page)).toThrow(
    'Cannot tell what is malware: the advisories in "osv.zip" were never read',
  );
  site.put('osv.zip', advisoryZip(HOLE));
  await admission.refresh();
  expect(verdicts(admission, page)).toEqual(['1.0 is listed']);
  rmSync(join(site.root, '.kho'), { recursive: true });
  expect(() => verdicts(admission, page)).toThrow('were never read');
  await admission.refresh();
  expect(verdicts(admission, page)).toEqual(['1.0 is listed']);
});

test('Admission goes on with advisories that another process has read meanwhile', async () => {
  site.put('osv.zip', advisoryZip(HOLE));
  const admission = await open('', '[advisories]\nfrom = "osv.zip"');
  const { generation } = admission;
  site.put('osv.zip', advisoryZip(osvRecord('MAL-1', 'evil', osvRange({ introduced: '0' }))), new Date(NOW));
  await readAdvisories(site.root, 'osv.zip');
  expect(verdicts(admission, pageOf('evil', { version: '1.0' }))).toEqual(['1.0 is known malware (MAL-1)']);
  expect(admission.generation).not.toBe(generation);
});

test('Admission removes what is kept of malware, and says so in the log; own files and others stay', async () => {
  const files = [
    'upstream/public/packages/evil/evil-1.0-py3-none-any.whl',
    'upstream/public/packages/evil/evil-1.0-py3-none-any.whl.metadata',
    'upstream/public/packages/evil/evil-1.0.tar.gz',
    'upstream/public/packages/evil/evil-2.0.tar.gz',
    'upstream/public/packages/foo/foo-1.0.tar.gz',
    'a/packages/evil-1.0.tar.gz',
  ];
  for (const file of files) site.put(file, 'bytes');
  site.put('upstream/public/packages/README', 'no folder');
  const left = () => files.filter((file) => existsSync(join(site.root, file)));
  site.put('osv.zip', advisoryZip(HOLE));
  const admission = await open('', '[advisories]\nfrom = "osv.zip"');
  expect(left()).toEqual(files);
  const readme = osvRecord('MAL-2', 'README', { versions: ['1.0'] });
  site.put('osv.zip', advisoryZip(HOLE, readme, osvRecord('MAL-1', 'evil', { versions: ['1.0'] })), new Date(NOW));
  await admission.refresh();
  expect([left(), admission.notes]).toEqual([files.slice(3), []]);
  expect(site.read('.kho-keep/log-000001').match(/"event":"malware","file":"[^"]+"/g)).toHaveLength(3);
  site.put(files[0] as string, 'bytes');
  await open('', '[advisories]\nfrom = "osv.zip"');
  expect(left(), 'what came meanwhile goes with the next start').toEqual(files.slice(3));
});

test('Admission follows no link to what is kept', async () => {
  site.put('elsewhere/evil/evil-1.0.tar.gz', 'bytes');
  site.put('upstream/public/x', '');
  symlinkSync('../../elsewhere', join(site.root, 'upstream/public/packages'));
  site.put('osv.zip', advisoryZip(osvRecord('MAL-1', 'evil', { versions: ['1.0'] })));
  await open('', '[advisories]\nfrom = "osv.zip"');
  expect(existsSync(join(site.root, 'elsewhere/evil/evil-1.0.tar.gz'))).toBe(true);
});

test('Admission finds what changed in a file that a list names, and a list more', async () => {
  site.put('lists/a.txt', 'foo==1\n-r ../more/b.txt\n');
  site.put('more/b.txt', 'bar==1\n');
  const admission = await open('allow_from = ["lists/*.txt"]');
  const listed = () =>
    ['foo', 'bar', 'baz'].filter((name) => admission.judge(pageOf(name, { version: '1' }), NOW).listed.length > 0);
  expect(listed()).toEqual(['foo', 'bar']);
  const { generation } = admission;
  await admission.refresh();
  expect(admission.generation).toBe(generation);
  site.put('more/b.txt', 'bar==2\n', new Date(NOW));
  await admission.refresh();
  expect([listed(), admission.generation === generation]).toEqual([['foo'], false]);
  site.put('lists/c.txt', 'baz\n');
  await admission.refresh();
  expect(listed()).toEqual(['foo', 'baz']);
  site.remove('lists/c.txt');
  await admission.refresh();
  expect(listed()).toEqual(['foo']);
});

test('Admission stops at a list that cannot be read, and later goes on with what was read before', async () => {
  await expect(open('allow_from = ["*.lock"]')).rejects.toThrow(
    'Cannot find any file of "*.lock", which allow_from of the upstream "public"',
  );
  site.put('approved.txt', 'foo\n');
  const admission = await open('allow_from = ["approved.txt"]');
  site.put('approved.txt', 'foo\nbar ==\n');
  await admission.refresh();
  expect(admission.notes).toHaveLength(1);
  expect(verdicts(admission, pageOf('foo', { version: '1' }))).toEqual(['1 is listed']);
  expect(verdicts(admission, pageOf('bar', { version: '1' }))).toEqual(['1 is not among what is allowed']);
});
