/** How a site is: read without a change to it, whatever it is, and judged by times that are told. */
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { advisoryZip, osvRecord } from '../../test/support/make-advisories.ts';
import { TestSite } from '../../test/support/site.ts';
import { addToken } from '../access/edit-tokens.ts';
import { loadSite } from '../config/load-config.ts';
import { remove } from '../housekeeping/remove.ts';
import { readSelection } from '../housekeeping/selection.ts';
import { bornAt } from '../io/process-is-alive.ts';
import { readServiceNote, removeServiceNote, type ServiceNote, writeServiceNote } from '../publish/service-note.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { findingsOf } from './findings.ts';
import { readSiteStatus, type SiteState } from './site-status.ts';

const NOW = Date.parse('2026-11-29T08:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const at = (ms: number) => new Date(NOW + ms).toISOString();

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

async function open() {
  const { config } = await loadSite(site.root);
  inPlaceTarget(config);
  return config;
}
const read = async (now = Date.now()) => readSiteStatus(await open(), now);

/** Everything with all its times. */
const everything = () =>
  readdirSync(site.root, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const { mtimeMs, ctimeMs, size } = statSync(join(site.root, path));
      return [path, mtimeMs, ctimeMs, size];
    });

test('findingsOf() tells of an upstream that does not answer', async () => {
  const failing = [{ upstream: 'public', message: 'https://index.example/ answers 500', since: at(-MINUTE_MS) }];
  const service: ServiceNote = {
    ...{ command: 'serve', pid: process.pid, host: hostname(), born: bornAt(process.pid) },
    ...{ since: at(-DAY_MS), seen: at(0), failing },
  };
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  writeServiceNote(site.root, service);
  const what = `the upstream "public" has not answered since ${at(-MINUTE_MS)}: https://index.example/ answers 500`;
  expect(findingsOf(await read(NOW), NOW)).toMatchObject([{ level: 'look', what }]);
  for (const odd of ['', [null], [{ upstream: 'public' }]]) {
    writeServiceNote(site.root, { ...service, failing: odd as unknown as typeof failing });
    expect((await read(NOW)).service).toBeUndefined();
  }
});

test('readSiteStatus() tells what is published, held, put aside and still waits, and changes nothing', async () => {
  site.put('kho.toml', '[repositories.all]\ninclude = ["glibc"]\n[limits]\ntrash = "20 GB"\n');
  site.put('all/packages/.keep', '');
  for (const version of ['1.0', '2.0']) site.wheel('glibc', { name: 'foo', version });
  site.put('glibc/packages/bar-1.0.tar.gz', 'broken');
  site.put('incoming/refused/baz-1.0.tar.gz', '12345');
  await site.build();
  const config = await open();
  await addToken(config, { name: 'ci', rights: ['read'], repositories: [], projects: [] }, { now: NOW });
  await remove(config, [readSelection('foo==1.0')], { now: NOW });
  await site.build();
  const wheel = site.wheel('glibc', { name: 'new', version: '1.0' });
  const before = everything();
  const status = await read();
  expect(everything()).toEqual(before);
  expect(status).toMatchObject({
    repositories: [
      { name: 'all', projects: 1, files: 1, held: 0 },
      { name: 'glibc', projects: 1, files: 1, held: 1 },
    ],
    waiting: { files: 1, hasOtherSettings: false },
    stores: [
      { name: 'log', limit: 256 * 1024 ** 2 },
      { name: 'trash', bytes: expect.any(Number), limit: 20e9 },
      { name: 'originals', bytes: 0 },
      { name: 'refused', bytes: 5 },
    ],
    tokens: { damaged: 0, tokens: [{ name: 'ci' }] },
  });
  expect(status.waiting.sinceMs).toBe(statSync(join(site.root, wheel)).ctimeMs);
  expect(Date.now() - (status.publishedMs ?? 0)).toBeLessThan(60_000);
  expect(status.service).toBeUndefined();
  expect(findingsOf(status, Date.now(), 0)).toEqual([]);
  expect(findingsOf(status, Date.now() + 11 * MINUTE_MS, 0)).toMatchObject([
    { level: 'look', hint: expect.stringContaining('kho build') },
  ]);
});

test('readSiteStatus() sees files that went, and settings that nobody published', async () => {
  const wheel = site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  utimesSync(join(site.root, '.kho/manifest'), new Date(NOW), new Date(NOW));
  expect(await read()).toMatchObject({ publishedMs: NOW, waiting: { files: 0 } });
  site.remove(wheel);
  site.put('kho.toml', 'title = "Other"\n');
  expect((await read()).waiting).toEqual({ files: 1, hasOtherSettings: true });
});

test('readSiteStatus() knows what was published in the moment of its coming', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  site.changeKept('manifest', (line) =>
    line.replace(/(:\d+:[\d.]+):[\d.]+(:\d+)/g, '$1:?$2').replace(/("state":"\d+ \d+:[\d.]+):[\d.]+(:\d+)/g, '$1:?$2'),
  );
  expect(site.read('.kho/manifest')).toContain(':?:');
  expect((await read()).waiting).toMatchObject({ files: 0 });
});

test('readSiteStatus() of a site that was never published, or has lost .kho, is no fault', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  const status = await read();
  expect(status).toMatchObject({ repositories: [{ files: 0 }], waiting: { files: 1 } });
  expect(findingsOf(status, Date.now() + DAY_MS, 0)).toEqual([]);
});

const NOTE: ServiceNote = {
  ...{ command: 'serve', pid: process.pid, host: hostname(), born: bornAt(process.pid) },
  ...{ since: at(-DAY_MS), seen: at(0), url: 'http://127.0.0.1:8080' },
};

test('readSiteStatus() knows a service that runs from one that died, and from another process of its number', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  writeServiceNote(site.root, NOTE);
  expect((await read()).service).toMatchObject({ ...NOTE, isAlive: true });
  removeServiceNote(site.root, { ...NOTE, born: 'another' });
  expect(readServiceNote(site.root)).toEqual({ format: 1, ...NOTE });
  for (const dead of [{ pid: 4_194_305 }, { born: '1' }]) {
    writeServiceNote(site.root, { ...NOTE, ...dead });
    expect((await read()).service).toMatchObject({ isAlive: false });
  }
  writeServiceNote(site.root, { ...NOTE, host: 'another' });
  expect((await read()).service).not.toHaveProperty('isAlive');
  writeServiceNote(site.root, NOTE);
  removeServiceNote(site.root, NOTE);
  expect((await read()).service).toBeUndefined();
});

test.each([
  '',
  '{}',
  '{"format":1}',
  '{"format":2,"command":"serve"}',
  'no JSON',
  `{"format":1,"command":"rm -r","pid":1}`,
])('readServiceNote() takes %j for no note', async (text) => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  site.put('.kho/service', text);
  expect(readServiceNote(site.root)).toBeUndefined();
});

const WELL: SiteState = {
  site: '/srv/PyPI',
  service: { ...NOTE, isAlive: true },
  publishedMs: NOW - DAY_MS,
  repositories: [{ name: 'glibc', projects: 1, files: 1, held: 1 }],
  waiting: { files: 3, sinceMs: NOW - MINUTE_MS, hasOtherSettings: false },
  stores: [
    { name: 'log', bytes: 300 * 1024 ** 2, limit: 256 * 1024 ** 2 },
    { name: 'trash', bytes: 1e9, limit: 1e9 },
    { name: 'originals' },
  ],
  freeBytes: 2 * 1024 ** 3,
  toSign: [],
  tokens: { damaged: 0, tokens: [{ name: 'ci', madeMs: 0, expiresMs: NOW + 15 * DAY_MS }] },
};
const service = (more: object) => ({ service: { ...WELL.service, ...more } as NonNullable<SiteState['service']> });
const token = (...tokens: object[]) => ({
  tokens: { damaged: 0, tokens: tokens.map((each) => ({ name: 'ci', madeMs: 0, ...each })) },
});
const lock = (since: number, isDead = false) => ({ lock: { pid: 7, host: 'a', since: at(since), isDead } });

const advisories = (newest: string | undefined, hasUpstreams = true): Partial<SiteState> => ({
  advisories: { from: 'osv.zip', hasUpstreams, ...(newest !== undefined && { newest }) },
});

const following = (lock: object = {}, asked = -DAY_MS): Partial<SiteState> => ({
  following: {
    partBytes: 0,
    repositories: [
      {
        ...{ into: 'armhf', from: 'https://centre.example/', counter: 7, asked: at(asked) },
        locks: [{ path: 'uv.lock', counter: 7, lacking: [], ...lock }],
      },
    ],
  },
});

test('readSiteStatus() tells how new the advisories are that were read', async () => {
  site.put('kho.toml', '[advisories]\nfrom = "osv.zip"\n');
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  expect((await read()).advisories).toEqual({ from: 'osv.zip', hasUpstreams: false });
  site.put('osv.zip', advisoryZip(osvRecord('MAL-1', 'evil', { versions: ['1'] })));
  await site.build();
  expect((await read()).advisories).toMatchObject({ newest: '2026-11-01T00:00:00Z' });
});

test.each<[string, Partial<SiteState>, 'well' | 'look' | 'stuck', string]>([
  ['all is well', {}, 'well', ''],
  ['nothing runs, as where cron builds', { service: undefined as never }, 'well', ''],
  ['only the owner may look', { tokens: undefined as never }, 'well', ''],
  ['a service died', service({ isAlive: false }), 'stuck', 'ended without a word'],
  ['a build stalls', service({ stalled: at(-MINUTE_MS) }), 'stuck', 'no progress'],
  [
    'builds fail',
    service({ fault: { message: 'Cannot write "x"', since: at(-2 * MINUTE_MS) } }),
    'stuck',
    'Cannot write',
  ],
  ['a build failed a moment ago', service({ fault: { message: 'x', since: at(-10_000) } }), 'well', ''],
  ['a service elsewhere works', service({ isAlive: undefined, host: 'nas', seen: at(-MINUTE_MS) }), 'well', ''],
  ['a service elsewhere is silent', service({ isAlive: undefined, host: 'nas', seen: at(-DAY_MS) }), 'look', 'on nas'],
  ['somebody publishes', lock(-MINUTE_MS), 'well', ''],
  ['somebody publishes for ever', lock(-DAY_MS), 'stuck', 'process 7'],
  ['somebody died publishing', lock(-DAY_MS, true), 'well', ''],
  ['files wait', { waiting: { ...WELL.waiting, sinceMs: NOW - DAY_MS } }, 'stuck', '3 files wait'],
  [
    'files wait, and nothing runs',
    { waiting: { ...WELL.waiting, sinceMs: NOW - DAY_MS }, service: undefined as never },
    'look',
    '3 files wait',
  ],
  ['settings wait', { waiting: { files: 0, hasOtherSettings: true } }, 'look', 'kho.toml says something else'],
  ['little room', { freeBytes: 5e8 }, 'look', '500 MB left'],
  ['no room', { freeBytes: 5e6 }, 'stuck', 'the disk is full: 5 MB'],
  ['too much trash', { stores: [{ name: 'trash', bytes: 2e9, limit: 1e9 }] }, 'look', 'trash has 2,000 MB'],
  ['a token expires', token({ expiresMs: NOW + 3 * DAY_MS }), 'look', 'expires on 2026-12-02'],
  ['a token expired', token({ expiresMs: NOW - DAY_MS }), 'look', 'expired on 2026-11-28'],
  ['a token was rotated', token({ expiresMs: NOW - DAY_MS }, { madeMs: 1 }), 'well', ''],
  ['tokens are damaged', { tokens: { damaged: 2, tokens: [] } }, 'look', '2 lines of kho.tokens'],
  ['advisories are new', advisories(at(-DAY_MS)), 'well', ''],
  ['advisories are old', advisories(at(-15 * DAY_MS)), 'look', 'is of 2026-11-14'],
  ['advisories do not say how old they are', advisories(''), 'well', ''],
  ['advisories were never read', advisories(undefined, false), 'look', 'were never read'],
  ['a lock file is whole', following(), 'well', ''],
  [
    'a lock file is not whole',
    following({ lacking: ['x: gone', 'y: gone'] }),
    'look',
    'uv.lock is not whole (as it was with counter 7): x: gone, and 1 more',
  ],
  [
    'nothing of a lock file came',
    following({ counter: undefined, lacking: ['x: gone'] }),
    'look',
    'nothing of it is here',
  ],
  ['the centre is not heard of', following({}, -8 * DAY_MS), 'look', 'has not heard of https://centre.example/ since'],
  ['a head was made just now', { toSign: [{ repository: 'glibc', since: at(-3_600_000) }] }, 'well', ''],
  [
    'nobody signs',
    { toSign: [{ repository: 'glibc', since: at(-2 * DAY_MS) }] },
    'look',
    'the head of "glibc" has waited',
  ],
  ['nothing was followed yet', { following: { repositories: [], partBytes: 0 } }, 'look', 'nothing was brought yet'],
  [
    'advisories were never read, and something depends on them',
    advisories(undefined),
    'stuck',
    'nothing of another index is listed',
  ],
])('findingsOf() where %s', (_what, more, level, words) => {
  const findings = findingsOf(JSON.parse(JSON.stringify({ ...WELL, ...more })), NOW);
  expect(findings.map((finding) => finding.level)).toEqual(level === 'well' ? [] : [level]);
  if (level !== 'well') expect(findings[0]?.what).toContain(words);
});

test('findingsOf() tells what is stuck first', () => {
  const findings = findingsOf({ ...WELL, ...token({ expiresMs: NOW }), freeBytes: 0, ...lock(-DAY_MS) }, NOW);
  expect(findings.map(({ level }) => level)).toEqual(['stuck', 'stuck', 'look']);
});
