/** A build that dies at any call that changes something: followers get the state before or the one after, whole, and the next build goes on. */
import { cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadSite } from '../../src/config/load-config.ts';
import { PackageReader } from '../../src/inspect/package-reader.ts';
import { readManifest } from '../../src/publish/manifest.ts';
import { inPlaceTarget } from '../../src/publish/target.ts';
import { publishSync } from '../../src/sync/publish-sync.ts';
import { watchCalls } from '../support/changing-calls.ts';
import { follow, hasAllFiles, sha256Of, syncFiles } from '../support/followed-site.ts';
import { callsOf, killsFor, runKilled } from '../support/kill-writes.ts';
import { TestSite } from '../support/site.ts';
import { UnflushedWrites } from '../support/unflushed-writes.ts';

let before: TestSite;
let places: string;

beforeAll(async () => {
  before = new TestSite();
  places = realpathSync(mkdtempSync(join(process.env['KHO_TEST_MEMORY'] ?? tmpdir(), 'kho-sync-killed-')));
  before.put('kho.toml', 'pages = false\n[repositories.glibc]\nsync = true\n');
  for (const name of ['bar', 'foo']) before.wheel('glibc', { name, version: '1.0' });
  await before.build();
  before.put('kho.toml', 'pages = false\n'); // one build of the indexes alone
  cpSync(join(before.root, 'glibc/sync'), join(before.root, 'kept-sync'), { recursive: true });
  before.wheel('glibc', { name: 'foo', version: '2.0' });
  await before.build();
  cpSync(join(before.root, 'kept-sync'), join(before.root, 'glibc/sync'), { recursive: true });
  before.put('kho.toml', 'pages = false\n[repositories.glibc]\nsync = true\n');
});
afterAll(() => {
  before.close();
  rmSync(places, { recursive: true });
});

let count = 0;
function copy(): TestSite {
  const root = join(places, String(count++));
  cpSync(before.root, root, { recursive: true });
  return new TestSite(root);
}

async function publish(site: TestSite) {
  const { config } = await loadSite(site.root);
  const manifest = readManifest(site.root);
  if (!manifest) throw new Error('there is no manifest');
  return publishSync({ config, manifest, target: inPlaceTarget(config), packages: new PackageReader() });
}

test('publishSync() gives the head its name last, once its counter is kept and all that it names is there', async () => {
  const site = copy();
  const told: string[] = [];
  const stop = watchCalls([site.root], {
    after({ name, paths }) {
      const path = (paths.at(-1) as string).slice(site.root.length + 1);
      if (path.startsWith('glibc/sync/') && name === 'renameSync') told.push(path.replace(/\w{12,}/g, 'X'));
      else if (/^\.kho-keep\/sync$/.test(path)) told.push('kept');
    },
  });
  await publish(site);
  stop();
  expect(told.at(0)).toBe('kept');
  expect(told.slice(told.indexOf('glibc/sync/X.jsonl'))).toEqual([
    'glibc/sync/X.jsonl',
    'glibc/sync/X.jsonl.br',
    'glibc/sync/head.json',
  ]);
});

test('publishSync(), killed at any change, leaves a head whose catalogue is there, and no counter comes twice', async () => {
  const whole = copy();
  const kills = killsFor(await callsOf([whole.root], () => publish(whole)));
  expect(kills.length).toBeGreaterThan(15);
  const seen = new Set<string>();
  for (const kill of kills) {
    const site = copy();
    await runKilled([site.root], kill, () => publish(site));
    const left = follow(site, 'glibc');
    expect(left && hasAllFiles(site, 'glibc', left), JSON.stringify(kill)).toBe(true);
    seen.add(`${left?.head.counter} with ${left?.files.length}`);
    await publish(site);
    const after = follow(site, 'glibc');
    expect(after?.files.length).toBe(3);
    expect(after?.head.counter).toBeGreaterThanOrEqual(2);
    if (left?.head.counter === after?.head.counter) expect(left?.sha256).toBe(after?.sha256);
    else expect(after?.head.before).toBe(sha256Of(before.read('kept-sync/head.json')));
    expect(existsSync(join(site.root, '.kho/sync-journal'))).toBe(false);
    await publish(site);
    expect(follow(site, 'glibc')).toEqual(after);
    expect(syncFiles(site, 'glibc').filter((name) => name.startsWith('.'))).toEqual([]);
    rmSync(site.root, { recursive: true });
  }
  expect([...seen].sort()).toEqual(['1 with 2', '2 with 3']);
  expect(readdirSync(places)).toHaveLength(2);
});

test.each(['lost', 'kept'] as const)(
  'publishSync(), the power cut at any change (names that were not flushed %s), leaves such a head too',
  async (names) => {
    const whole = copy();
    const calls = await callsOf([whole.root], () => publish(whole));
    rmSync(whole.root, { recursive: true });
    for (let call = 0; call <= calls.length; call++) {
      const site = copy();
      const unflushed = new UnflushedWrites([site.root]);
      await runKilled([site.root], { before: call }, () => publish(site), {
        watcher: unflushed,
        atOnce: () => unflushed.cut(names),
      });
      unflushed.close();
      const left = follow(site, 'glibc');
      expect(
        left && hasAllFiles(site, 'glibc', left),
        `before call ${call}, ${calls[call]?.name} ${calls[call]?.paths}`,
      ).toBe(true);
      await publish(site);
      const after = follow(site, 'glibc');
      expect(after?.files.length).toBe(3);
      if (left?.head.counter === after?.head.counter) expect(left?.sha256).toBe(after?.sha256);
      rmSync(site.root, { recursive: true });
    }
  },
);
