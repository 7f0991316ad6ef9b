import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { RULES } from '../src/index/rules.ts';
import { readKeptLines } from '../src/io/kept-lines.ts';
import { type Manifest, readManifest } from '../src/publish/manifest.ts';
import { fileState } from '../src/scan/file-state.ts';
import { scanPackages } from '../src/scan/scan-packages.ts';
import type { WatchEvent } from '../src/watch/watch-event.ts';
import { SiteWatcher } from '../src/watch/watch-site.ts';
import { makeWheel, wheelMembers } from './support/make-package.ts';
import { makeZip } from './support/make-zip.ts';
import { TestSite } from './support/site.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

const ALL = { rulesMs: 60_000, membersMs: 60_000 };
const FOO = { name: 'foo', version: '1.0' };
const DAMAGED = makeZip([...wheelMembers(FOO), { path: 'foo/data.bin', bytes: 'x = 1\n', says: { crc32: 1 } }]);
const NOT_UTF8 = makeZip(
  wheelMembers(FOO).map((member) =>
    String(member.path).endsWith('/METADATA')
      ? { ...member, bytes: Buffer.from('Metadata-Version: 2.1\nName: foo\nVersion: 1.0\nAuthor: J\xe9\n', 'latin1') }
      : member,
  ),
);
const FILE = 'a/packages/foo-1.0-py3-none-any.whl';

const records = () =>
  readKeptLines(join(site.root, '.kho/manifest'))
    .lines.slice(1)
    .flatMap((line) => JSON.parse(line.slice(line.indexOf(' ') + 1)).files);

const settled = () => new Promise((resolve) => setTimeout(resolve, 60)); // until times on the disk tell one state from the next

/** As if the kho of the last run had known no rules, and listed what lies there now. */
function asUnderOldRules(): void {
  const states = new Map(
    scanPackages('a', join(site.root, 'a/packages')).files.map((file) => [
      file.path,
      fileState(file, Date.now() + 1000),
    ]),
  );
  site.changeKept('manifest', (line) => {
    if (line.startsWith('{')) return line;
    const record = JSON.parse(line.slice(line.indexOf(' ')));
    for (const file of record.files) {
      file.state = states.get(file.path);
      delete file.rules;
    }
    return `${line.slice(0, line.indexOf(' '))} ${JSON.stringify(record)}`;
  });
}

test('what was listed under older rules, and would be held by those of today, is held by a second look', async () => {
  site.put(FILE, makeWheel(FOO));
  site.wheel('a', { name: 'bar', version: '1.0' });
  await site.build();
  site.put(FILE, NOT_UTF8);
  await settled();
  asUnderOldRules();
  expect(await site.build()).toMatchObject({ problems: [], due: { outdated: 2 } }); // nothing is opened that did not change
  const report = await site.build({ secondLook: ALL });
  expect(report.secondLook).toMatchObject({ judged: 2, held: [FILE], listed: [] });
  expect(report.secondLook?.news.join()).toContain('pip or uv refuse');
  expect(report.problems).toMatchObject([{ file: FILE, code: 'bad-metadata' }]);
  expect(report.due).toEqual({ outdated: 0, unverified: 0 });
  expect(site.json('a/simple/index.json').projects).toEqual([{ name: 'bar' }]);
  expect(records().map(({ rules }) => rules)).toEqual([RULES, RULES]);
  expect((await site.build({ secondLook: ALL })).secondLook).toBeUndefined();
});

test('what was held under older rules, and is fine by those of today, is listed by a second look', async () => {
  site.put(FILE, NOT_UTF8);
  await site.build();
  site.put(FILE, makeWheel(FOO));
  await settled();
  asUnderOldRules();
  expect((await site.build()).problems).toHaveLength(1);
  const report = await site.build({ secondLook: ALL });
  expect(report).toMatchObject({ problems: [], secondLook: { judged: 1, held: [], listed: [FILE] } });
  expect(site.listed('a', 'foo')).toEqual(['foo-1.0-py3-none-any.whl']);
});

test('a second look stops when its time is over, says what is left, and the next one goes on from there', async () => {
  for (const name of ['bar', 'baz', 'foo']) site.wheel('a', { name, version: '1.0' });
  await site.build();
  await settled();
  asUnderOldRules();
  await site.build();
  let asked = 0;
  const once = { ...ALL, isOver: () => asked++ > 1 };
  expect(await site.build({ secondLook: once })).toMatchObject({ secondLook: { judged: 1 }, due: { outdated: 2 } });
  expect(await site.build({ secondLook: ALL })).toMatchObject({ secondLook: { judged: 2 }, due: { outdated: 0 } });
});

test('a run that dies between a second look and its pages leaves them to the next one', async () => {
  site.put(FILE, makeWheel(FOO));
  await site.build();
  site.put(FILE, NOT_UTF8);
  await settled();
  asUnderOldRules();
  const { takeSecondLook } = await import('../src/index/second-look.ts');
  const { loadSite } = await import('../src/config/load-config.ts');
  const { inPlaceTarget } = await import('../src/publish/target.ts');
  const { scanSite } = await import('../src/index/scan-site.ts');
  const { config } = await loadSite(site.root);
  const due = new Map([['foo', { outdated: 1, unverified: 0 }]]);
  const manifest = readManifest(site.root) as Manifest;
  await takeSecondLook(config, inPlaceTarget(config), { manifest, scan: scanSite(config, {}), due }, ALL);
  expect(site.listed('a', 'foo')).toHaveLength(1);
  expect((await site.build()).problems).toMatchObject([{ file: FILE, code: 'bad-metadata' }]);
});

test('members that nobody read are unpacked after the file is listed, once; what is damaged is held then, until it is copied anew', async () => {
  site.put(FILE, DAMAGED);
  site.wheel('a', { name: 'bar', version: '1.0' });
  await settled();
  expect((await site.build({ secondLook: ALL })).problems).toEqual([]); // the first run of a site only lists
  const report = await site.build({ secondLook: ALL });
  expect(report).toMatchObject({
    problems: [{ file: FILE, code: 'damaged', what: 'holds "foo/data.bin", which fails its checksum' }],
    secondLook: { unpacked: 2, held: [FILE] },
    due: { outdated: 0, unverified: 0 },
  });
  expect(site.json('a/simple/index.json').projects).toEqual([{ name: 'bar' }]);
  expect((await site.build({ secondLook: ALL })).secondLook).toBeUndefined();
  site.put(FILE, DAMAGED, new Date('2026-02-02')); // the same once more: it is not listed again first
  expect((await site.build()).problems).toMatchObject([{ code: 'damaged' }]);
  site.put(FILE, makeWheel(FOO), new Date('2026-03-03'));
  expect((await site.build()).problems).toEqual([]);
});

test('new rules do not list again what only unpacking shows to be damaged', async () => {
  site.put(FILE, DAMAGED);
  await site.build();
  await settled();
  await site.build({ secondLook: ALL });
  asUnderOldRules();
  await site.build();
  const report = await site.build({ secondLook: ALL });
  expect(report).toMatchObject({ secondLook: { judged: 1, held: [], listed: [] }, problems: [{ code: 'damaged' }] });
});

test('what came through incoming/ was unpacked there, and is not again', async () => {
  site.wheel('a', { name: 'bar', version: '1.0' });
  await site.build();
  site.put('incoming/foo-1.0-py3-none-any.whl', makeWheel(FOO));
  await site.build();
  expect(records().map(({ path, whole }) => [path, whole])).toEqual([
    ['bar-1.0-py3-none-any.whl', undefined],
    ['foo-1.0-py3-none-any.whl', true],
  ]);
  site.put('incoming/foo-1.0-py2-none-any.whl', DAMAGED);
  expect((await site.build()).problems).toMatchObject([{ file: 'incoming/foo-1.0-py2-none-any.whl', code: 'damaged' }]);
  expect(readFileSync(join(site.root, 'incoming/foo-1.0-py2-none-any.whl'))).toEqual(Buffer.from(DAMAGED));
});

test('a watched site looks once more at what it lists as soon as nothing else is to be done', async () => {
  site.put(FILE, DAMAGED);
  await site.build();
  await settled();
  const events: WatchEvent[] = [];
  const watcher = new SiteWatcher(site.root, { onEvent: (event) => events.push(event) });
  onTestFinished(() => watcher.close());
  await watcher.start();
  expect(site.listed('a', 'foo')).toHaveLength(1);
  await vi.waitFor(() => expect(events.map(({ event }) => event)).toContain('judged'), { timeout: 10_000 });
  expect(events.filter(({ event }) => event === 'judged' || event === 'problem')).toMatchObject([
    { event: 'judged', held: [FILE], left: 0 },
    { event: 'problem', problem: { file: FILE, code: 'damaged' } },
  ]);
  expect(site.json('a/simple/index.json').projects).toEqual([]);
});
