import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { follow, hasAllFiles, sha256Of, syncFiles } from '../../test/support/followed-site.ts';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { publishAsked } from '../index/publish-asked.ts';
import { PackageReader } from '../inspect/package-reader.ts';
import { readManifest } from '../publish/manifest.ts';
import { inPlaceTarget } from '../publish/target.ts';
import type { NormalizedName } from '../standards/name.ts';
import { cataloguePath } from '../sync-format/catalogue.ts';
import { applyDiff, diffPath } from '../sync-format/catalogue-diff.ts';
import { makeCatalogues } from './make-catalogues.ts';
import { readSyncState } from './sync-state.ts';

let site: TestSite;
const SYNC = 'pages = false\n[repositories.glibc]\nsync = true\n';

beforeEach(async () => {
  site = new TestSite();
  site.put('kho.toml', SYNC);
  for (const name of ['bar', 'baz', 'foo'])
    site.wheel('glibc', { name, version: '1.0', metadata: 'Requires-Dist: qux' });
  await site.build();
});
afterEach(() => site.close());

const followed = (repository = 'glibc') => {
  const now = follow(site, repository);
  if (!now) throw new Error('there is no head');
  return now;
};

test('a build writes a head and a catalogue that tells all that installers need', () => {
  const now = followed();
  expect(now.head).toMatchObject({ repository: 'glibc', counter: 1 });
  expect(now.head.before).toBeUndefined();
  expect(now.files.map(({ path }) => path)).toEqual(
    ['bar', 'baz', 'foo'].map((name) => `${name}-1.0-py3-none-any.whl`),
  );
  expect(now.files[0]).toEqual({
    ...{ project: 'bar', path: 'bar-1.0-py3-none-any.whl', version: '1.0', requiresDist: ['qux'] },
    size: readFileSync(join(site.root, 'glibc/packages/bar-1.0-py3-none-any.whl')).length,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    uploadTime: '2026-01-02T03:04:05.678Z',
    metadata: { sha256: expect.any(String), size: expect.any(Number) },
  });
  expect(hasAllFiles(site, 'glibc', now)).toBe(true);
});

test('a build tells of yanks, side-files, Pythons, extras and statuses', async () => {
  site.put(
    'kho.toml',
    `${SYNC}[repositories.glibc.projects.foo]\nstatus = "deprecated"\nreason = "use bar"\n[repositories.glibc.projects.baz]\nstatus = "quarantined"\n`,
  );
  site.wheel('glibc', {
    name: 'new',
    version: '2.0',
    metadata: 'Requires-Python: >=3.9\nProvides-Extra: x\nRequires-Dist: y; extra == "x"',
  });
  site.sdist('glibc', { name: 'old', version: '1.0' });
  site.put('glibc/packages/new-2.0-py3-none-any.whl.yanked', 'broken');
  site.put('glibc/packages/bar-1.0-py3-none-any.whl.yanked', '');
  site.put('glibc/packages/bar-1.0-py3-none-any.whl.asc', 'a signature');
  await site.build();
  const now = followed();
  const of = (name: string) => now.files.find(({ project }) => project === name);
  expect(of('new')).toMatchObject({
    yanked: 'broken',
    requiresPython: '>=3.9',
    providesExtra: ['x'],
    requiresDist: ['y; extra == "x"'],
  });
  expect(of('bar')).toMatchObject({ yanked: true, sides: [{ suffix: '.asc', size: 11 }] });
  expect(of('old')).toMatchObject({ path: 'old-1.0.tar.gz', requiresDist: [] });
  expect(of('old')).not.toHaveProperty('metadata');
  expect(of('baz')).toBeUndefined();
  expect(now.statuses).toEqual([
    { project: 'baz', status: 'quarantined' },
    { project: 'foo', status: 'deprecated', reason: 'use bar' },
  ]);
  expect(hasAllFiles(site, 'glibc', now)).toBe(true);
});

test('a build that changes nothing of what is listed makes no new head, and one that does makes the next', async () => {
  const first = followed();
  await site.build();
  site.put('kho.toml', `title = "other"\n${SYNC}`);
  expect((await site.build()).written).toBeGreaterThan(0);
  expect(followed()).toEqual(first);
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  await site.build();
  expect(followed().head).toMatchObject({ site: first.head.site, counter: 2, before: first.sha256 });
});

test('lines of projects that did not change are taken over, and not made', async () => {
  const text = followed().text.replace('"requiresDist":["qux"]', '"requiresDist":["kept"]'); // of bar, the first
  const sha256 = sha256Of(text);
  writeFileSync(join(site.root, 'glibc', cataloguePath(sha256)), text);
  const { config } = await loadSite(site.root);
  const manifest = readManifest(site.root)!;
  const before = readSyncState(site.root)!;
  before.repositories['glibc']!.catalogue = sha256;
  const sources = { config, manifest, target: inPlaceTarget(config), packages: new PackageReader() };
  const same = await makeCatalogues(['glibc'], { ...sources, before });
  expect([same.made, same.texts.get('glibc')]).toEqual([0, text]);
  const others = new Map([...before.projects].filter(([name]) => name !== 'foo'));
  const changed = await makeCatalogues(['glibc'], { ...sources, before: { ...before, projects: others } });
  expect([changed.made, changed.texts.get('glibc')]).toEqual([1, text]);
  expect((await makeCatalogues(['glibc'], { ...sources, before: undefined })).texts.get('glibc')).toBe(followed().text);
});

test.each([
  ['is lost', () => rmSync(join(site.root, '.kho/sync'))],
  [
    'is of other bytes',
    () => site.changeKept('sync', (line) => line.replaceAll(/"catalogue":"\w{8}/g, '"catalogue":"00000000')),
  ],
])('where what is kept of lines %s, all are made anew, and nothing new comes of it', async (_what, lose) => {
  const before = followed();
  lose();
  rmSync(join(site.root, 'glibc/sync/head.json'));
  await site.build();
  expect(followed().text).toBe(before.text);
  expect(followed().head.counter).toBe(2);
});

test('a project that somebody waited for is in the catalogue with the next whole build', async () => {
  const path = site.wheel('glibc', { name: 'foo', version: '2.0' }).slice('glibc/packages/'.length);
  const { config } = await loadSite(site.root);
  await publishAsked(config, [{ repository: 'glibc', project: 'foo' as NormalizedName, path }]);
  expect(followed().files).toHaveLength(3);
  await site.build();
  expect(followed().files).toHaveLength(4);
});

test('a repository tells of what it includes, and where that is', async () => {
  site.wheel('common', { name: 'shared', version: '1.0' });
  site.put('kho.toml', `${SYNC}include = ["common"]\n`);
  await site.build();
  const now = followed();
  expect(now.files.find(({ project }) => project === 'shared')).toMatchObject({ repository: 'common' });
  expect(now.files.find(({ project }) => project === 'foo')).not.toHaveProperty('repository');
  expect(hasAllFiles(site, 'glibc', now)).toBe(true);
  expect(syncFiles(site, 'common')).toEqual([]);
});

test('the site itself can be followed', async () => {
  site.wheel('.', { name: 'own', version: '1.0' });
  site.put('kho.toml', 'pages = false\n[repositories."."]\nsync = true\n');
  await site.build();
  expect(followed('.').head.repository).toBe('.');
  expect(followed('.').files).toHaveLength(1);
  expect((await site.build()).problems).toEqual([]);
});

test('differences lead from the eight catalogues before to the newest, where they are much shorter', async () => {
  for (let number = 0; number < 40; number++) site.wheel('glibc', { name: `p${number}`, version: '1.0' });
  await site.build();
  const texts = [followed().text];
  for (let number = 1; number <= 9; number++) {
    site.wheel('glibc', { name: 'foo', version: `2.${number}` });
    await site.build();
    texts.push(followed().text);
  }
  const to = followed().head.catalogue;
  const paths = texts.map((text) => diffPath(sha256Of(text), to.sha256));
  expect(paths.map((path) => existsSync(join(site.root, 'glibc', path)))).toEqual([
    false,
    ...Array(8).fill(true),
    false,
  ]);
  for (const [place, text] of texts.entries()) {
    if (place === 0 || place === 9) continue;
    const diff = brotliDecompressSync(readFileSync(join(site.root, 'glibc', paths[place]!)));
    expect(applyDiff(text, diff.toString(), to)).toBe(followed().text);
  }
});

test('a difference that says as much as the catalogue is not written', async () => {
  for (const name of ['bar', 'baz', 'foo']) site.remove(`glibc/packages/${name}-1.0-py3-none-any.whl`);
  for (const name of ['a', 'b', 'c']) site.wheel('glibc', { name, version: '1.0' });
  await site.build();
  expect(syncFiles(site, 'glibc').filter((name) => name.endsWith('.diff.br'))).toEqual([]);
});

test('what is old goes after 30 days, but for what the newest catalogues need', async () => {
  for (let number = 1; number <= 10; number++) {
    site.wheel('glibc', { name: 'foo', version: `2.${number}` });
    await site.build();
  }
  const long = new Date(Date.now() - 31 * 24 * 3600 * 1000);
  const before = syncFiles(site, 'glibc');
  for (const name of before) utimesSync(join(site.root, 'glibc/sync', name), long, long);
  site.put('glibc/sync/notes.txt', 'of somebody else');
  site.wheel('glibc', { name: 'foo', version: '3.0' });
  await site.build();
  const after = syncFiles(site, 'glibc');
  expect(before.filter((name) => name.endsWith('.jsonl'))).toHaveLength(11);
  expect(after.filter((name) => name.endsWith('.jsonl'))).toHaveLength(9); // the newest, and those before it that have a difference to it
  expect(after).toContain('notes.txt');
  expect(hasAllFiles(site, 'glibc', followed())).toBe(true);
});

test('switched off, kho takes away what is its own in sync/', async () => {
  site.put('glibc/sync/notes.txt', 'of somebody else');
  site.put('kho.toml', 'pages = false\n');
  const { removed } = await site.build();
  expect(removed).toBe(3);
  expect(syncFiles(site, 'glibc')).toEqual(['notes.txt']);
  site.remove('glibc/sync/notes.txt');
  site.put('kho.toml', SYNC);
  await site.build();
  expect(followed().head.counter).toBe(2); // what followers have seen does not come again
  site.put('kho.toml', 'pages = false\n');
  await site.build();
  expect(existsSync(join(site.root, 'glibc/sync'))).toBe(false);
});

test('a busy site gets one catalogue a minute, and who watches is told when the next one is due', async () => {
  const due: number[] = [];
  const onSyncDue = (atMs: number) => void due.push(atMs);
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  await site.build({ onSyncDue });
  expect(followed().head.counter).toBe(1);
  expect(due[0]! - Date.now()).toBeGreaterThan(1000);
  expect(due[0]! - Date.now()).toBeLessThanOrEqual(60_000);
  site.changeKept('sync', (line) => line.replace(/"madeMs":\d+/, `"madeMs":${Date.now() - 61_000}`));
  await site.build({ onSyncDue });
  expect(followed().head.counter).toBe(2);
  expect(due).toHaveLength(1);
});

test('a copy by --out has no sync/: nobody is to follow it', async () => {
  const out = new TestSite();
  try {
    await site.build({ out: out.root });
    expect(syncFiles(out, 'glibc')).toEqual([]);
  } finally {
    out.close();
  }
});

test('a link in the place of sync/ is not followed', async () => {
  const elsewhere = new TestSite();
  try {
    rmSync(join(site.root, 'glibc/sync'), { recursive: true });
    symlinkSync(elsewhere.root, join(site.root, 'glibc/sync'));
    await expect(site.build()).rejects.toMatchObject({ code: expect.stringMatching(/^(?:SITE|WRITE)$/) });
    expect(readdirSync(elsewhere.root)).toEqual([]);
  } finally {
    elsewhere.close();
  }
});

test('a build mends what somebody took out of sync/', async () => {
  const before = followed();
  rmSync(join(site.root, 'glibc', `${cataloguePath(before.head.catalogue.sha256)}.br`));
  site.put('kho.toml', `title = "other"\n${SYNC}`);
  await site.build();
  expect(followed()).toEqual(before);
});
