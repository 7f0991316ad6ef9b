/** What must not come in, through the pages that clients get: by time, by lists, by advisories; and never of the site's own files. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { advisoryZip, osvRange, osvRecord } from '../../../test/support/make-advisories.ts';
import { ScriptedServer } from '../../../test/support/scripted-server.ts';
import { TestSite } from '../../../test/support/site.ts';
import { loadSite } from '../../config/load-config.ts';
import { normalizeName } from '../../standards/name.ts';
import { PullPages } from './pull-pages.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

let site: TestSite;
let index: ScriptedServer;
let pull: PullPages;
/** How far the clock of the site is before that of this machine, in milliseconds. */
let ahead: number;
let told: string[];

beforeEach(async () => {
  ahead = 0;
  told = [];
  index = await ScriptedServer.start();
  site = new TestSite();
  site.wheel('red', { name: 'farm', version: '1.0' });
});
afterEach(async () => {
  await pull.close();
  index.stop();
  site.close();
});

async function serve(upstream: string, top = ''): Promise<void> {
  site.put(
    'kho.toml',
    `${top}\n[upstreams.public]\nurl = "${index.url('/simple/').href}"\n${upstream}\n[repositories.red]\nupstreams = ["public"]\n`,
  );
  await site.build();
  const { config } = await loadSite(site.root);
  const tell = (_upstream: string, message: string) => void told.push(message);
  pull = new PullPages({ config: () => config, tell, environment: {}, now: () => Date.now() + ahead });
  pull.start();
}

const ADVISORIES = '[advisories]\nfrom = "osv.zip"';
const wheel = (project: string, version: string) => `${project}-${version}-py3-none-any.whl`;

/** @param versions with the days since each was published */
function offer(project: string, versions: Record<string, number>): void {
  const files = Object.entries(versions).map(([version, days]) => ({
    ...{ filename: wheel(project, version), url: `/files/${wheel(project, version)}`, size: 7 },
    ...{ hashes: { sha256: 'a'.repeat(64) }, 'upload-time': new Date(Date.now() - days * DAY).toISOString() },
  }));
  const page = { meta: { 'api-version': '1.1' }, name: project, versions: Object.keys(versions), files };
  index.page(`/simple/${project}/`, JSON.stringify(page), 'application/vnd.pypi.simple.v1+json');
}

async function versionsOf(project: string): Promise<string[] | string> {
  const about = { repository: 'red', form: 'json' as const, isRefresh: false, client: 'me', via: undefined };
  const found = await pull.page({ project: normalizeName(project), ...about });
  if (found.is !== 'page') return found.is;
  const { files } = JSON.parse(readFileSync(found.path, 'utf8'));
  return files.map(({ filename }: { filename: string }) => filename.split('-')[1]);
}

const isServed = async (project: string, version: string) =>
  (await pull.listed({ upstream: 'public', project: normalizeName(project) }, wheel(project, version))) !== undefined;

/** What has changed on disk is looked for once a minute, behind an answer. */
async function aMinuteLater(isThere: () => Promise<boolean>): Promise<void> {
  ahead += MINUTE + 1_000;
  await expect.poll(isThere, { timeout: 10_000 }).toBe(true);
}

test('a young release is neither listed nor served, until it is old enough', async () => {
  await serve('cooldown = "7d"');
  offer('foo', { '1.0': 30, '1.1': 6.9 });
  expect([await versionsOf('foo'), await isServed('foo', '1.1'), await isServed('foo', '1.0')]).toEqual([
    ['1.0'],
    false,
    true,
  ]);
  ahead = 0.2 * DAY;
  expect([await versionsOf('foo'), await isServed('foo', '1.1')]).toEqual([['1.0', '1.1'], true]);
});

test('what is denied, and what is not allowed, is neither listed nor served', async () => {
  site.put('approved.txt', 'foo<2\nbar==1.0\n');
  await serve('allow_from = ["approved.txt"]\ndeny = ["foo==1.1"]');
  for (const project of ['foo', 'bar', 'other']) offer(project, { '1.0': 30, '1.1': 30, '2.0': 30 });
  expect([await versionsOf('foo'), await versionsOf('bar'), await versionsOf('other')]).toEqual([['1.0'], ['1.0'], []]);
  expect([await isServed('foo', '1.1'), await isServed('other', '1.0')]).toEqual([false, false]);
});

test('what turns out to be malware leaves pages within a minute, and is served no more, though it is kept', async () => {
  site.put('osv.zip', advisoryZip(osvRecord('GHSA-1', 'foo', osvRange({ introduced: '0' }))));
  await serve('', ADVISORIES);
  offer('foo', { '1.0': 30, '1.1': 30 });
  expect([await versionsOf('foo'), await isServed('foo', '1.1')]).toEqual([['1.0', '1.1'], true]);
  const kept = site.put(`upstream/public/packages/foo/${wheel('foo', '1.1')}`, 'malware');
  site.put('osv.zip', advisoryZip(osvRecord('MAL-1', 'foo', { versions: ['1.1'] })), new Date(Date.now() + DAY));
  await aMinuteLater(async () => (await versionsOf('foo')).length === 1);
  expect([await versionsOf('foo'), await isServed('foo', '1.1'), existsSync(join(site.root, kept))]).toEqual([
    ['1.0'],
    false,
    false,
  ]);
});

test('own files of a shared name are judged by nothing of it', async () => {
  site.wheel('red', { name: 'foo', version: '1.0' });
  site.put('osv.zip', advisoryZip(osvRecord('MAL-1', 'foo', osvRange({ introduced: '0' }))));
  await serve('cooldown = "7d"\ndeny = ["foo"]', `shared = ["foo"]\n${ADVISORIES}`);
  offer('foo', { '0.9': 300, '2.0': 0 });
  expect([await versionsOf('foo'), await isServed('foo', '0.9')]).toEqual([['1.0'], false]);
});

test('nothing comes in as long as advisories could not be read, and it is told; own names are there', async () => {
  await serve('', ADVISORIES);
  offer('foo', { '1.0': 30 });
  expect([await versionsOf('foo'), await versionsOf('farm')]).toEqual(['unavailable', 'own']);
  expect(told).toEqual([expect.stringContaining('Cannot tell what is malware')]);
  site.put('osv.zip', advisoryZip(osvRecord('GHSA-1', 'foo', { versions: ['9'] })));
  await aMinuteLater(async () => Array.isArray(await versionsOf('foo')));
  expect(await versionsOf('foo')).toEqual(['1.0']);
});

test('what is kept and may not come in any more goes with the next page, and where nobody asks for one, by itself', async () => {
  const kept = (project: string, version: string) =>
    site.put(`upstream/public/packages/${project}/${wheel(project, version)}`, 'bytes');
  const paths = [kept('foo', '1.0'), kept('foo', '1.1'), kept('bar', '2.0'), kept('baz', '1.0')];
  const left = () => paths.filter((path) => existsSync(join(site.root, path)));
  site.put('approved.txt', 'foo\nbar\nbaz\n');
  await serve('allow_from = ["approved.txt"]');
  offer('foo', { '1.0': 30, '1.1': 30 });
  expect(await versionsOf('foo')).toEqual(['1.0', '1.1']);
  expect(left()).toEqual(paths);
  site.put('approved.txt', 'foo<1.1\nbaz\n', new Date(Date.now() + DAY));
  await aMinuteLater(async () => (await versionsOf('foo')).length === 1);
  expect(left()).not.toContain(paths[1]);
  await expect.poll(left, { timeout: 10_000 }).toEqual([paths[0], paths[3]]);
});
