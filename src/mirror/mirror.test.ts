/** `kho mirror` against an index made here: what is ordered comes, what is yanked or gone there is marked, what nothing orders goes in the end. */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  makeSdist,
  makeWheel,
  sdistFilename,
  type WheelOptions,
  wheelFilename,
} from '../../test/support/make-package.ts';
import { ScriptedServer } from '../../test/support/scripted-server.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite, runStopped } from '../../test/support/stop-writes.ts';
import { surveySite } from '../build-site.ts';
import { loadSite } from '../config/load-config.ts';
import { HttpClient } from '../fetch/http-client.ts';
import { openNameBook } from '../names/name-book.ts';
import { readLocks } from '../prune/read-locks.ts';
import { normalizeName } from '../standards/name.ts';
import { openIndex } from './asked-index.ts';
import { findDamaged, takeDamagedAway, withoutDamaged } from './damaged-files.ts';
import { type MirrorResult, mirrorRepository } from './mirror.ts';

const NOW = Date.parse('2026-11-29T08:00:00Z');
const DAY = 86_400_000;
const GLIBC = 'cp311-cp311-manylinux_2_17_x86_64';
const MUSL = 'cp311-cp311-musllinux_1_2_x86_64';

let site: TestSite;
let server: ScriptedServer;
let client: HttpClient;
let pages: Map<string, { filename: string; yanked: boolean | string }[]>;

beforeEach(async () => {
  [site, server, client] = [new TestSite(), await ScriptedServer.start(), new HttpClient({}, { firstWaitMs: 1 })];
  pages = new Map();
  for (const version of ['1.0', '1.1', '2.0'])
    offer({ name: 'core', version, tag: GLIBC, metadata: 'Requires-Dist: dep' });
  offer({ name: 'core', version: '2.0', tag: MUSL });
  offer({ name: 'core', version: '3.0rc1', tag: GLIBC });
  offer({ name: 'dep', version: '5.0' });
  order();
});
afterEach(async () => {
  letWrite();
  await client.close();
  server.stop();
  site.close();
});

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function offer(options: WheelOptions, bytes: Uint8Array = makeWheel(options), filename = wheelFilename(options)): void {
  server.file(`/files/${filename}`, bytes);
  const project = normalizeName(options.name);
  pages.set(project, [...(pages.get(project) ?? []), { filename, yanked: false }]);
  const sha256 = hashOf(bytes);
  hashes.set(filename, sha256);
  server.answers.set(`/simple/${project}/`, (_request, response) => {
    const files = (pages.get(project) ?? []).map(({ filename: name, yanked }) => ({
      ...{ filename: name, url: server.url(`/files/${name}`).href, hashes: { sha256: hashes.get(name) }, yanked },
    }));
    response
      .writeHead(200, { 'Content-Type': 'application/vnd.pypi.simple.v1+json' })
      .end(JSON.stringify({ name: project, meta: { 'api-version': '1.0' }, files }));
  });
}
const hashes = new Map<string, string>();

function change(filename: string, yanked: boolean | string | 'gone'): void {
  const project = filename.split('-')[0] as string;
  const files = (pages.get(project) ?? []).filter((each) => each.filename !== filename);
  pages.set(project, yanked === 'gone' ? files : [...files, { filename, yanked }]);
}

/** @param lines of the orders */
function order(lines = 'projects = ["core"]', more = ''): void {
  site.put(
    'kho.toml',
    `${more}\n[upstreams.public]\nurl = "${server.url('/simple/')}"\n[repositories.glibc]\nplatforms = ["glibc-x86_64"]\n` +
      `[repositories.glibc.mirror]\nfrom = "public"\npythons = ["3.11"]\n${lines}\n`,
  );
  site.put('glibc/packages/.keep', '');
}

async function mirror(
  more: { now?: number; dryRun?: boolean; verify?: boolean; allowShrink?: boolean } = {},
): Promise<MirrorResult> {
  const { config } = await loadSite(site.root);
  const { now = NOW, verify = false, ...options } = more;
  const doer = { now, who: 'user:hà' };
  const damaged = verify ? await findDamaged(config.repositories, config) : [];
  if (damaged.length > 0 && !options.dryRun) await takeDamagedAway(config, damaged, doer);
  const survey = await surveySite(config);
  const names = openNameBook(config, withoutDamaged(survey.filesOf, damaged));
  const index = await openIndex('public', config, client, names, { now, dryRun: options.dryRun === true });
  const locked = await readLocks(config.root, config.locks ?? []);
  const [repository] = config.repositories;
  if (!repository) throw new Error('no repository');
  return mirrorRepository(repository, {
    ...{ config, survey, names, index, client, locked, doer, damaged, onProgress: () => {} },
    ...{ dryRun: false, allowShrink: false, ...options },
  });
}

const core = (version: string) => `core-${version}-${GLIBC}.whl`;
const DEP = 'dep-5.0-py3-none-any.whl';
const packages = () =>
  Object.keys(site.snapshot())
    .filter((path) => path.startsWith('glibc/packages/') && !path.includes('/.'))
    .map((path) => path.slice('glibc/packages/'.length))
    .sort();
const brought = ({ brought: done }: MirrorResult) => done.map(({ file }) => file.filename);

test('mirrorRepository() brings the newest for its machines, with what it depends on, and then has nothing to do', async () => {
  const first = await mirror();
  expect([brought(first), first.failed, first.lacking]).toEqual([[core('2.0'), DEP], [], []]);
  expect(first.plan.bring.map(({ why }) => why)).toEqual(['the newest', 'core 2.0 needs it']);
  expect(packages()).toEqual([core('2.0'), DEP]);
  const again = await mirror();
  expect([brought(again), again.plan.wait, again.plan.yank]).toEqual([[], [], []]);
  expect(again.plan.remember).toHaveLength(2);
});

test.each([
  ['projects = ["core"]\nreleases = 2', [core('1.1'), core('2.0'), DEP]],
  ['projects = ["core<2"]', [core('1.1'), DEP]],
  ['projects = ["core"]\nprereleases = true', [core('3.0rc1')]],
  ['projects = ["core"]\ndependencies = false', [core('2.0')]],
  ['needs = ["locks/*.txt"]', [core('1.0'), DEP]],
])('mirrorRepository() of %j', async (lines, expected) => {
  order(lines);
  site.put('locks/field.txt', 'core==1.0\n');
  expect(brought(await mirror())).toEqual(expected);
});

test.each([
  ['platforms', '["glibc"]'],
  ['pythons', '[]'],
])('mirrorRepository() asks nobody where nothing tells for which machines: %s = %s', async (key, value) => {
  const text = site.read('kho.toml');
  site.put('kho.toml', text.replace(new RegExp(`^${key} = .*$`, 'm'), `${key} = ${value}`));
  await expect(mirror()).rejects.toMatchObject({ code: 'CONFIG', hint: expect.stringContaining(`${key} = [`) });
  expect(server.requests).toEqual([]);
});

test('mirrorRepository() brings sdists only where that is said, and tells what cannot be had', async () => {
  const spec = { name: 'raw', version: '1.0' };
  offer(spec, makeSdist(spec), sdistFilename(spec));
  order('projects = ["raw", "nothing"]');
  const without = await mirror();
  expect(brought(without)).toEqual([]);
  expect(without.lacking.map((each) => each.split(' ')[0])).toEqual(expect.arrayContaining(['nothing', 'raw']));
  order('projects = ["raw"]\nsdists = true');
  expect(await mirror()).toMatchObject({ lacking: [], brought: [{ file: { filename: 'raw-1.0.tar.gz' } }] });
});

test('mirrorRepository() asks nobody for names of our own, ordered or needed by what is', async () => {
  offer({ name: 'open', version: '1.0', metadata: ['Requires-Dist: farm-secret', 'Requires-Dist: farm-here'] });
  site.wheel('glibc', { name: 'farm-here', version: '0.1' });
  order('projects = ["open", "farm-tool"]', 'own = ["farm-*"]');
  expect(brought(await mirror())).toEqual(['open-1.0-py3-none-any.whl']);
  expect(server.requests.filter(({ path }) => path.includes('farm'))).toEqual([]);
  expect(server.requests.some(({ path }) => path === '/simple/open/')).toBe(true);
});

test('mirrorRepository() asks for a name no longer once it is our own, and takes nothing of it for gone', async () => {
  await mirror();
  order('projects = ["core"]', 'own = ["dep"]');
  const before = server.requests.length;
  const { plan } = await mirror();
  expect([plan.yank, plan.drop, packages()]).toEqual([[], [], [core('2.0'), DEP]]);
  expect(server.requests.slice(before).filter(({ path }) => path.includes('dep'))).toEqual([]);
});

test('mirrorRepository() lets in only what the upstream is for, and what its rules allow', async () => {
  order('projects = ["core"]');
  const text = site
    .read('kho.toml')
    .replace('[upstreams.public]\n', '[upstreams.public]\nprojects = ["core"]\ndeny = ["core==2.0"]\n');
  site.put('kho.toml', text);
  const { lacking, ...result } = await mirror();
  expect(brought(result as MirrorResult)).toEqual([core('1.1')]);
  expect(lacking.join()).toContain('dep');
  expect(server.requests.filter(({ path }) => path.includes('dep'))).toEqual([]);
});

test('mirrorRepository() lets files grow old enough, also such as have no time of their own', async () => {
  order('projects = ["core"]\ndependencies = false');
  site.put('kho.toml', site.read('kho.toml').replace('[upstreams.public]\n', '[upstreams.public]\ncooldown = "7d"\n'));
  expect(brought(await mirror({ dryRun: true, now: NOW - 9 * DAY }))).toEqual([]); // remembers nothing
  expect(brought(await mirror())).toEqual([]);
  expect(brought(await mirror({ now: NOW + 6 * DAY }))).toEqual([]);
  expect(brought(await mirror({ now: NOW + 8 * DAY }))).toEqual([core('2.0')]);
});

test('mirrorRepository() lets go at once what is known for malware by now', async () => {
  await mirror();
  const advisory = { id: 'MAL-2026-1', affected: [{ package: { ecosystem: 'PyPI', name: 'dep' }, versions: ['5.0'] }] };
  site.put('osv/MAL-2026-1.json', JSON.stringify({ ...advisory, modified: '2026-11-29T00:00:00Z' }));
  order('projects = ["core"]', 'advisories.from = "osv"');
  const { plan, lacking } = await mirror({ allowShrink: true });
  expect(plan.drop).toMatchObject([{ filename: DEP, why: expect.stringContaining('MAL-2026-1') }]);
  expect([packages(), lacking.join()]).toEqual([[core('2.0')], expect.stringContaining('dep')]);
});

test.each([1, 4, 7, 10, 13, 16, 19, 22, 26, 30, 36, 44])(
  'mirrorRepository() that is stopped at the %dth write goes on with the next run',
  async (step) => {
    const late = { now: NOW + 31 * DAY, allowShrink: true };
    order('projects = ["core"]\nreleases = 3\nremove_after = "30d"');
    await mirror();
    order('projects = ["core>=1.1"]\nreleases = 3\nremove_after = "30d"');
    await mirror();
    change(core('1.1'), 'broken');
    offer({ name: 'core', version: '2.1', tag: GLIBC, metadata: 'Requires-Dist: dep' });
    await runStopped(step, () => mirror(late));
    rmSync(join(site.root, '.kho/lock'), { force: true });
    for (const file of packages().filter((name) => name.endsWith('.whl')))
      expect(hashOf(readFileSync(join(site.root, 'glibc/packages', file)))).toBe(hashes.get(file));
    await mirror(late);
    expect(packages()).toEqual([core('1.1'), `${core('1.1')}.yanked`, core('2.0'), core('2.1'), DEP]);
    change(core('1.1'), false);
    expect((await mirror(late)).plan.unyank).toEqual([{ filename: core('1.1') }]);
  },
);

test('mirrorRepository() marks what is yanked or gone there, and takes that back', async () => {
  order('projects = ["core"]\nreleases = 3\ndependencies = false');
  await mirror();
  change(core('2.0'), 'breaks on 3.11');
  expect((await mirror()).plan.yank).toEqual([{ filename: core('2.0'), reason: 'breaks on 3.11' }]);
  expect(site.read(`glibc/packages/${core('2.0')}.yanked`)).toBe('breaks on 3.11\n');
  expect((await mirror()).plan.yank).toEqual([]);
  change(core('2.0'), false);
  expect((await mirror()).plan.unyank).toEqual([{ filename: core('2.0') }]);
  change(core('1.0'), 'gone');
  await expect(mirror()).rejects.toThrow('33 percent of what was brought there would go');
  expect((await mirror({ allowShrink: true })).plan.yank).toMatchObject([{ filename: core('1.0') }]);
  expect((await mirror()).plan.shrinks).toBe(0);
});

test('mirrorRepository() lets go what nothing orders any longer, after a while, and nothing that somebody else put there', async () => {
  order('projects = ["core"]\nremove_after = "30d"', 'locks = ["*.lock.txt"]');
  site.put('empty.lock.txt', '');
  await mirror();
  const byHand = site.wheel('glibc', { name: 'core', version: '0.1', tag: GLIBC });
  order(
    'projects = ["core<2"]\nremove_after = "30d"\ndependencies = false',
    'shared = ["core"]\nlocks = ["*.lock.txt"]',
  );
  const waiting = (await mirror({ now: NOW + DAY })).plan.wait;
  expect(waiting).toEqual([core('2.0'), DEP].map((filename) => ({ filename, untilMs: NOW + 31 * DAY })));
  const late = { now: NOW + 31 * DAY };
  await expect(mirror(late)).rejects.toThrow('would go');
  site.put('field.lock.txt', `dep==5.0\n`);
  const { plan } = await mirror({ ...late, allowShrink: true });
  expect(plan.drop).toEqual([
    { filename: core('2.0'), size: expect.any(Number), why: 'nothing orders it since 2026-11-30' },
  ]);
  expect(packages()).toEqual([byHand.split('/').at(-1), core('1.1'), DEP].sort());
  expect(Object.keys(site.snapshot()).filter((path) => path.startsWith('.trash/'))).toEqual([
    `.trash/2026-12-30/glibc/packages/${core('2.0')}`,
  ]);
  order('projects = ["core"]', 'shared = ["core"]'); // and what went may come again
  expect(brought(await mirror({ now: NOW + 32 * DAY }))).toEqual([core('2.0')]);
});

test('mirrorRepository() with verify brings anew what is damaged', async () => {
  await mirror();
  writeFileSync(join(site.root, 'glibc/packages', DEP), 'spoilt');
  expect((await mirror()).damaged).toEqual([]);
  const told = await mirror({ verify: true, dryRun: true });
  expect([told.damaged, told.plan.bring.map(({ filename }) => filename)]).toEqual([[DEP], [DEP]]);
  const { damaged, failed } = await mirror({ verify: true });
  expect([damaged, failed]).toEqual([[DEP], []]);
  expect(hashOf(readFileSync(join(site.root, 'glibc/packages', DEP)))).toBe(hashes.get(DEP));
  expect((await mirror({ verify: true })).damaged).toEqual([]);
});

test.each([
  ['answers 503', 503, ''],
  ['is a page to log in', 200, '<html><a href="/login">Log in</a></html>'],
  ['is cut off', 200, '{"name": "core", "files": ['],
])('mirrorRepository() changes nothing where the other index %s', async (_what, status, body) => {
  await mirror();
  const before = site.snapshot();
  server.answers.set('/simple/core/', (_request, response) => void response.writeHead(status).end(body));
  await expect(mirror({ allowShrink: true, now: NOW + 99 * DAY })).rejects.toMatchObject({ code: 'UPSTREAM' });
  expect(site.snapshot()).toEqual(before);
});

test('mirrorRepository() as a dry run tells all of it, and changes nothing', async () => {
  const before = site.snapshot();
  const { plan } = await mirror({ dryRun: true });
  expect(plan.bring.map(({ filename }) => filename)).toEqual([core('2.0'), DEP]);
  expect(site.snapshot()).toEqual(before);
});
