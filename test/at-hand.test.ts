/** What web servers have of other indexes while kho does not run: true at every moment, and nothing of a name that has become the site's own. */
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSite } from '../src/config/load-config.ts';
import { publishAsked } from '../src/index/publish-asked.ts';
import { writeHook } from '../src/io/disk.ts';
import { closeFolders } from '../src/io/reach.ts';
import { readNames } from '../src/names/own-names.ts';
import { normalizeName } from '../src/standards/name.ts';
import { KeptUpstreamSite, versionsOn } from './support/kept-upstream.ts';
import { runCommand } from './support/run-command.ts';
import { letWrite, runStopped } from './support/stop-writes.ts';

let site: KeptUpstreamSite;
beforeEach(() => {
  site = new KeptUpstreamSite();
  site.wheel('red', { name: 'farm', version: '1.0' });
});
afterEach(() => {
  letWrite();
  closeFolders();
  site.close();
});

/** With a shared project `mixed` (2.0 of the team), and `foo` and `bar` of the other index. */
async function start(top = 'shared = ["mixed"]'): Promise<void> {
  site.settings(top);
  site.wheel('red', { name: 'mixed', version: '2.0' });
  await site.build();
  for (const name of ['mixed', 'foo', 'bar']) site.keep(name, '1.0', '1.5');
  await site.makeAtHand();
  expect([site.atHand('mixed'), site.atHand('foo')]).toEqual([
    ['1.0', '1.5', '2.0'],
    ['1.0', '1.5'],
  ]);
}

const ask = async (project: string, filename: string) => {
  const { config } = await loadSite(site.root);
  return publishAsked(config, [{ repository: 'red', project: normalizeName(project), path: filename }]);
};
const logText = () => readFileSync(join(site.root, '.kho-keep/log-000001'), 'utf8');

test('a shared project has both kinds of files at hand, and follows each publish', async () => {
  await start();
  site.put('red/packages/mixed-2.0-py3-none-any.whl.yanked', 'broken');
  await site.build();
  expect(site.atHand('mixed')).toBeUndefined(); // what the repository has by itself stands meanwhile
  expect(site.has(site.kept('mixed', '1.0'))).toBe(true);
  await site.makeAtHand();
  expect(site.atHand('mixed')).toEqual(['1.0', '1.5', '2.0 yanked']);
  site.remove('red/packages/mixed-2.0-py3-none-any.whl');
  await site.build();
  await site.makeAtHand();
  expect(site.atHand('mixed')).toEqual(['1.0', '1.5']);
  expect(site.atHand('foo')).toEqual(['1.0', '1.5']);
});

test('kho build makes the pages anew that it took away', async () => {
  await start();
  site.wheel('red', { name: 'mixed', version: '3.0' });
  const { exitCode, talk } = await runCommand(['build', site.root, '--quiet']);
  expect([exitCode, talk, site.atHand('mixed')]).toEqual([0, '', ['1.0', '1.5', '2.0', '3.0']]);
});

test('kho yank makes the page anew, with the yank', async () => {
  await start();
  const { exitCode } = await runCommand(['yank', 'mixed==2.0', '--reason', 'broken', '--site', site.root]);
  expect([exitCode, site.atHand('mixed')]).toEqual([0, ['1.0', '1.5', '2.0 yanked']]);
});

test('what the team has under a name that the other index has too is listed alone, as it is now', async () => {
  await start();
  site.wheel('red', { name: 'mixed', version: '1.5', members: { 'mixed/team.py': '' } });
  await site.build();
  await site.makeAtHand();
  const { files } = site.json('upstream/simple/red/simple/mixed/index.json');
  const own = site.json('red/simple/mixed/index.json').files;
  expect(files.slice(1)).toEqual(own);
});

test.each<[how: string, act: () => Promise<unknown>]>([
  [
    'by a line in kho.toml',
    async () => {
      site.settings('own = ["foo"]\nshared = ["mixed"]');
      await site.build();
    },
  ],
  ['by kho names own', () => runCommand(['names', 'own', 'foo', '--site', site.root])],
  [
    'by a first file of the site',
    async () => {
      site.wheel('red', { name: 'foo', version: '9.0' });
      await site.build();
    },
  ],
  [
    'by a first file that somebody waits for',
    () => ask('foo', site.wheel('red', { name: 'foo', version: '9.0' }).slice('red/packages/'.length)),
  ],
  [
    'by a first file that is held',
    async () => {
      site.put('red/packages/foo-9.0-py3-none-any.whl', 'no zip');
      await site.build();
    },
  ],
])('nothing is kept of a name that has become own %s, and the record tells so', async (_how, act) => {
  await start();
  site.put('upstream/former/packages/foo/foo-0.1-py3-none-any.whl', 'bytes'); // kho.toml knows it no more
  await act();
  expect(site.left('foo')).toEqual([]);
  expect(logText()).toContain(
    '"file":"foo-1.0-py3-none-any.whl","project":"foo","reason":"removed what was kept: the name is your own"',
  );
  expect(logText()).toContain('foo-0.1-py3-none-any.whl');
  expect([site.atHand('bar'), site.has(site.kept('bar', '1.0'))]).toEqual([['1.0', '1.5'], true]);
});

test('a name that is shared no longer, and has files of the site, is own: nothing is kept of it', async () => {
  await start();
  site.settings();
  await site.build();
  expect([site.left('mixed'), site.listed('red', 'mixed')]).toEqual([[], ['mixed-2.0-py3-none-any.whl']]);
});

test.each([
  ['passes on nothing any more', ''],
  ['is private by now', 'upstreams = ["public"]\nprivate = true'],
])('nothing is at hand of a repository that %s', async (_what, red) => {
  await start();
  site.settings('shared = ["mixed"]', red);
  await site.build();
  expect(site.has('upstream/simple')).toBe(false);
  await site.makeAtHand();
  expect(site.has('upstream/simple')).toBe(false);
  expect(site.has(site.kept('foo', '1.0'))).toBe(true);
});

test('nothing is at hand where kho.toml has no other index any more', async () => {
  await start();
  site.put('kho.toml', 'pages = false\n');
  await site.build();
  expect(site.has('upstream/simple')).toBe(false);
});

test('a repository that is called "upstream", in a site that never had another index, stays as it is', async () => {
  site.wheel('upstream', { name: 'farm', version: '1.0' });
  await site.build();
  site.wheel('upstream', { name: 'farm', version: '2.0' });
  site.wheel('red', { name: 'farm', version: '2.0' });
  await site.build();
  expect(site.listed('upstream', 'farm')).toHaveLength(2);
  await site.build();
  expect(site.listed('upstream', 'farm')).toHaveLength(2);
});

test('a folder of somebody else that is called "upstream", in a site that never had another index, stays as it is', async () => {
  const paths = ['upstream/public/packages/farm/notes.txt', 'upstream/simple/red/simple/farm/index.html'];
  for (const path of paths) site.put(path, 'mine');
  await site.build();
  site.wheel('red', { name: 'farm', version: '2.0' });
  await site.build();
  expect(paths.map((path) => site.has(path))).toEqual([true, true]);
});

test('pages behind a link are not left for web servers, and the folder that it leads to is not touched', async () => {
  await start();
  const [atHand, outside] = [join(site.root, 'upstream/simple/red/simple'), join(site.root, 'outside')];
  renameSync(atHand, outside);
  symlinkSync(outside, atHand);
  site.wheel('red', { name: 'mixed', version: '3.0' });
  await site.build();
  expect([site.has('upstream/simple/red/simple'), site.has('outside/mixed/index.json')]).toEqual([false, true]);
});

test('a page that cannot be taken away keeps everything from being published', async () => {
  await start();
  site.wheel('red', { name: 'mixed', version: '3.0' });
  writeHook.before = (kind, path) => {
    if (kind === 'remove' && path.includes('upstream/simple')) throw new Error('EACCES');
  };
  await expect(site.build()).rejects.toThrow();
  letWrite();
  expect([site.listed('red', 'mixed').length, site.atHand('mixed')]).toEqual([1, ['1.0', '1.5', '2.0']]);
});

test('that a page is gone has come to the disk before what it would not tell of is published', async () => {
  await start();
  site.wheel('red', { name: 'mixed', version: '3.0' });
  site.wheel('red', { name: 'foo', version: '9.0' });
  const calls: string[] = [];
  writeHook.before = (kind, path) => void calls.push(`${kind} ${path.slice(site.root.length + 1)}`);
  await site.build();
  letWrite();
  const published = calls.findIndex((call) => call.startsWith('rename red/simple/'));
  expect(published).toBeGreaterThan(0);
  for (const folder of ['upstream/simple/red/simple', 'upstream/public/packages', 'upstream/public/pages'])
    expect([folder, calls.slice(0, published).includes(`flush ${folder}`)]).toEqual([folder, true]);
});

/** What web servers would send now, in each form, against what is published and remembered. */
function checkAtHand(): void {
  for (const project of ['mixed', 'foo', 'bar', 'farm']) {
    for (const form of ['json', 'html']) {
      const path = `upstream/simple/red/simple/${project}/index.${form}`;
      if (!site.has(path)) continue;
      const text = site.read(path);
      const ownPath = `red/simple/${project}/index.${form}`;
      const own = site.has(ownPath) ? site.read(ownPath) : '';
      const ownLinks = (page: string) => page.match(/"?\.\.\/\.\.\/packages\/[^"]+"/g) ?? [];
      expect([project, form, ownLinks(text)]).toEqual([project, form, ownLinks(own)]);
      expect([project, /yanked/.test(text)]).toEqual([project, /yanked/.test(own)]);
    }
  }
  const isOwn = (name: string) => readNames(site.root).get(name)?.isSeen && name !== 'mixed';
  const isListed = site.has('red/simple/foo/index.json') || site.has('red/simple/foo/index.html');
  if (isListed) expect([isOwn('foo'), site.left('foo')]).toEqual([true, []]);
}

test('a publish that is killed at any write leaves nothing at hand that is not so', async () => {
  let stops = 0;
  for (let last = 0; ; last++) {
    await start();
    site.put('red/packages/mixed-2.0-py3-none-any.whl.yanked', 'broken');
    site.wheel('red', { name: 'mixed', version: '3.0' });
    site.wheel('red', { name: 'foo', version: '9.0' });
    const isDone = await runStopped(last, () => site.build());
    closeFolders();
    rmSync(join(site.root, '.kho/lock'), { force: true }); // that of a process that is gone
    checkAtHand();
    await site.build();
    await site.makeAtHand();
    checkAtHand();
    expect([site.left('foo'), site.atHand('mixed')]).toEqual([[], ['1.0', '1.5', '2.0 yanked', '3.0']]);
    if (isDone) break;
    stops++;
    site.close();
    mkdirSync(site.root);
    site.wheel('red', { name: 'farm', version: '1.0' });
  }
  expect(stops).toBeGreaterThan(10);
}, 120_000);

test('a site whose names cannot be read says so, and lists nothing of another index', async () => {
  await start();
  writeFileSync(join(site.root, '.kho-keep/names'), 'rubbish');
  site.wheel('red', { name: 'mixed', version: '3.0' });
  const { notes } = await site.build();
  expect(notes.map(({ code }) => code)).toContain('names-not-kept');
  expect(site.atHand('mixed')).toBeUndefined();
  await site.makeAtHand();
  expect(site.atHand('mixed')).toBeUndefined();
  expect(versionsOn(site.json('red/simple/mixed/index.json'))).toEqual(['2.0', '3.0']);
});
