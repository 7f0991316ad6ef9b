import { appendFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { follow, syncFiles } from '../../test/support/followed-site.ts';
import { makeWheel } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { surveySite } from '../build-site.ts';
import { loadSite } from '../config/load-config.ts';
import { remove } from '../housekeeping/remove.ts';
import { readSelection } from '../housekeeping/selection.ts';
import { cataloguePath } from '../sync-format/catalogue.ts';
import { writeHead } from '../sync-format/head.ts';
import { checkHistory } from './check-history.ts';
import { checkSite } from './check-site.ts';

let site: TestSite;
const FOO = 'glibc/packages/foo-1.0-py3-none-any.whl';

beforeEach(async () => {
  site = new TestSite();
  site.put('kho.toml', 'pages = false\n[repositories.glibc]\nsync = true\n');
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.wheel('glibc', { name: 'bar', version: '1.0' });
  await site.build();
});
afterEach(() => site.close());

const config = async () => (await loadSite(site.root)).config;
const history = async () => checkHistory(await config()).map(({ file, what }) => `${file} ${what}`);
const check = async () =>
  (await checkSite(await config(), await surveySite(await config()))).map(({ file, what }) => `${file} ${what}`);

test('checkHistory() finds nothing where files came, and where kho removed some', async () => {
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  await site.build();
  await remove(await config(), [readSelection('foo-1.0-py3-none-any.whl')], { now: Date.now() });
  await site.build();
  expect(follow(site, 'glibc')?.files).toHaveLength(2);
  expect(await history()).toEqual([]);
});

test('checkHistory() tells of a file that was rewritten, and of one that went without a word', async () => {
  site.put(FOO, makeWheel({ name: 'foo', version: '1.0', description: 'other bytes' }), new Date());
  await site.build();
  site.remove('glibc/packages/bar-1.0-py3-none-any.whl');
  await site.build();
  expect(await history()).toEqual([
    expect.stringMatching(/^glibc\/packages\/bar-1\.0.* went without a word with counter 3/),
    expect.stringMatching(
      /^glibc\/packages\/foo-1\.0.* was rewritten between heads: "\w{64}" became "\w{64}" with counter 2$/,
    ),
  ]);
});

test('checkHistory() says nothing of catalogues that are old enough to be gone', async () => {
  site.remove(FOO);
  await site.build();
  for (const name of syncFiles(site, 'glibc')) if (name.endsWith('.jsonl')) rmSync(join(site.root, 'glibc/sync', name));
  expect(await history()).toEqual([]);
});

test('checkHistory() tells of a head that this site did not make, and of one that follows such a head', async () => {
  const { head } = follow(site, 'glibc')!;
  site.put('glibc/sync/head.json', writeHead({ ...head, counter: 9 }));
  expect(await history()).toEqual(['glibc/sync/head.json of counter 9 is none that this site made']);
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  await site.build();
  expect(follow(site, 'glibc')?.head.counter).toBe(10);
  expect(await history()).toEqual(['glibc/sync/head.json of counter 10 follows a head that this site did not make']);
});

test('checkSite() finds nothing in sync/ as it was built', async () => {
  expect(await check()).toEqual([]);
});

test.each<[string, string, () => void]>([
  ['a head that is gone', 'glibc/sync/head.json is missing', () => rmSync(join(site.root, 'glibc/sync/head.json'))],
  [
    'a head that is none',
    'is no head that could be followed',
    () => writeFileSync(join(site.root, 'glibc/sync/head.json'), '{}'),
  ],
  [
    'a catalogue with other bytes',
    'is missing or damaged',
    () => {
      appendFileSync(join(site.root, 'glibc', cataloguePath(follow(site, 'glibc')!.head.catalogue.sha256)), '\n');
    },
  ],
  [
    'a file of somebody else',
    'glibc/sync/notes.txt is no file of kho',
    () => void site.put('glibc/sync/notes.txt', ''),
  ],
  [
    'a catalogue that is behind',
    'does not name "glibc/packages/foo-2.0',
    () => void site.wheel('glibc', { name: 'foo', version: '2.0' }),
  ],
  ['what was followed once', 'and sync is off', () => void site.put('kho.toml', 'pages = false\n')],
  [
    'an unsigned head',
    'is published without a signature',
    () => {
      site.put('kho.toml', 'pages = false\n[repositories.glibc]\nsync = true\nsign = true\n');
    },
  ],
])('checkSite() tells of %s', async (_what, expected, change) => {
  change();
  expect(await check()).toContainEqual(expect.stringContaining(expected));
});

test('a repository that becomes private takes the catalogues that told of it along', async () => {
  site.wheel('secret', { name: 'hidden', version: '1.0' });
  site.put('kho.toml', 'pages = false\n[repositories.glibc]\nsync = true\ninclude = ["secret"]\n');
  await site.build();
  const old = new Date(Date.now() - 1000);
  for (const name of syncFiles(site, 'glibc')) utimesSync(join(site.root, 'glibc/sync', name), old, old);
  site.put('kho.toml', 'pages = false\n[repositories.glibc]\nsync = true\n[repositories.secret]\nprivate = true\n');
  await site.build();
  const texts = syncFiles(site, 'glibc').filter((name) => name.endsWith('.jsonl'));
  expect(texts).toHaveLength(1);
  expect(site.read(`glibc/sync/${texts[0]}`)).not.toContain('hidden');
});
