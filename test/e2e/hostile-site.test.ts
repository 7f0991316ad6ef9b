/** What people who may write somewhere in a site could try, to get kho to touch what lies outside of it. See docs/security.md. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { surveySite } from '../../src/build-site.ts';
import { checkSite } from '../../src/check/check-site.ts';
import { loadSite } from '../../src/config/load-config.ts';
import { KhoError } from '../../src/errors.ts';
import { writeHook } from '../../src/io/disk.ts';
import { readKeptLines } from '../../src/io/kept-lines.ts';
import { TestSite } from '../support/site.ts';

const SECRET = 'the secret of somebody else';
let site: TestSite;
let outside: TestSite;
beforeEach(() => {
  site = new TestSite();
  outside = new TestSite();
  for (const path of ['secret', 'simple/foo/index.html', 'foo/index.html', 'index.html', 'json', 'x.whl.metadata'])
    outside.put(path, `<!DOCTYPE html><meta name="generator" content="kho">${SECRET}`);
  site.put('kho.toml', 'precompress = true\n');
  site.wheel('glibc', { name: 'foo', version: '1.0', description: 'words' });
  site.wheel('glibc', { name: 'zoo', version: '1.0' });
  site.sdist('glibc', { name: 'foo', version: '0.9' });
});
const noHook = writeHook.before;
afterEach(() => {
  writeHook.before = noHook;
  site.close();
  outside.close();
});
const at = (path: string) => join(site.root, path);
const check = async () => {
  const { config } = await loadSite(site.root);
  return (await checkSite(config, await surveySite(config))).map(({ file, what }) => `${file} ${what}`);
};
/** Nothing of what lies outside is in any file of the site. */
function expectNoSecret(): void {
  for (const path of readdirSync(site.root, { recursive: true, encoding: 'utf8' })) {
    const found = execFileSync('stat', ['-c', '%F', at(path)], { encoding: 'utf8' });
    if (found.startsWith('regular')) expect(readFileSync(at(path), 'utf8'), path).not.toContain(SECRET);
  }
}

test.each([
  'glibc/simple',
  'glibc/pypi',
  'glibc/project',
  'glibc/simple/foo',
  'glibc/pypi/foo',
  'glibc/project/foo',
  'project',
  '.kho',
  '.kho/readmes',
])('a build stops before %s that was made a link, and leaves alone what lies behind', async (path) => {
  await site.build();
  for (const behind of ['moved', 'foreign']) {
    if (behind === 'moved') renameSync(at(path), join(outside.root, 'moved'));
    else rmSync(at(path));
    symlinkSync(behind === 'moved' ? join(outside.root, 'moved') : outside.root, at(path));
    const before = outside.snapshot();
    site.wheel('glibc', { name: 'foo', version: behind === 'moved' ? '1.1' : '1.2' });
    await expect(site.build()).rejects.toMatchObject({ code: 'SITE', hint: expect.stringMatching(/link|remove it/) });
    expect(outside.snapshot()).toEqual(before);
  }
});

/** How often a build of the site changes something on disk. */
async function countChanges(): Promise<number> {
  let count = 0;
  writeHook.before = () => void count++;
  await site.build();
  writeHook.before = noHook;
  return count;
}

test.each([
  ['glibc/simple', 'own'],
  ['glibc/pypi/foo', 'own'],
  ['glibc/project', 'own'],
  ['.kho', 'own'],
  ['glibc/packages/sub', 'shared'],
])(
  '%s, swapped for a link at any moment of a build, leads kho nowhere',
  async (path) => {
    site.put(
      'glibc/packages/sub/bar-1.0-py3-none-any.whl',
      readFileSync(at('glibc/packages/foo-1.0-py3-none-any.whl')),
    );
    site.wheel('glibc/packages/sub/..', { name: 'old', version: '1' });
    const saved = outside.snapshot();
    const total = await countChanges();
    expect(total).toBeGreaterThan(30);
    for (let moment = 0; moment < total; moment += Math.ceil(total / 25)) {
      writeHook.before = noHook;
      for (const name of readdirSync(site.root))
        if (name !== 'kho.toml' && name !== 'glibc') rmSync(at(name), { recursive: true });
      for (const name of readdirSync(at('glibc')))
        if (name !== 'packages') rmSync(at(`glibc/${name}`), { recursive: true });
      for (const name of readdirSync(at('glibc/packages'), { recursive: true, encoding: 'utf8' }))
        if (name.endsWith('.metadata')) rmSync(at(`glibc/packages/${name}`));
      let count = 0;
      writeHook.before = () => {
        if (count++ !== moment || !existsSync(at(path))) return;
        renameSync(at(path), `${dirname(at(path))}/swapped-away`);
        symlinkSync(outside.root, at(path));
      };
      await site.build().catch((error) => {
        if (!(error instanceof KhoError)) throw error;
      });
      expect(outside.snapshot(), `swapped before change ${moment}`).toEqual(saved);
      writeHook.before = noHook;
      const away = `${dirname(at(path))}/swapped-away`;
      if (!existsSync(away)) continue;
      rmSync(at(path), { recursive: true });
      renameSync(away, at(path));
    }
  },
  120_000,
);

test.each(['yanked', 'provenance', 'asc'])(
  'FILE.%s, swapped for a link to a secret after the scan, gives nothing of it away',
  async (side) => {
    const path = at(`glibc/packages/zoo-1.0-py3-none-any.whl.${side}`);
    writeFileSync(path, 'a reason');
    let isSwapped = false;
    writeHook.before = (kind) => {
      if (isSwapped || kind !== 'file') return;
      isSwapped = true; // of foo, which comes before zoo
      rmSync(path);
      symlinkSync(join(outside.root, 'secret'), path);
    };
    await site.build();
    expect(isSwapped).toBe(true);
    writeHook.before = noHook;
    expectNoSecret();
    await site.build();
    expectNoSecret();
  },
);

test.each([
  ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
  ['a device', (path: string) => symlinkSync('/dev/zero', path)],
  ['a link out', (path: string) => symlinkSync(join(outside.root, 'secret'), path)],
  ['a folder', (path: string) => mkdirSync(path)],
])('%s under any name of packages/ keeps no build from its end', async (_what, make) => {
  const foo = 'glibc/packages/foo-1.0-py3-none-any.whl';
  for (const side of ['metadata', 'yanked', 'asc', 'provenance']) make(at(`${foo}.${side}`));
  make(at('glibc/packages/odd-1.0-py3-none-any.whl'));
  make(at('glibc/packages/odd-1.0.tar.gz'));
  await site.build().catch((error) => {
    if (!(error instanceof KhoError)) throw error; // a folder where FILE.metadata has to be
  });
  await check();
  expectNoSecret();
});

test('leftovers are removed, and nothing behind a link among them; those of live runs stay', async () => {
  await site.build();
  const { pid } = JSON.parse(execFileSync('node', ['-p', 'JSON.stringify({pid: process.pid})'], { encoding: 'utf8' }));
  const dead = (place: number) => `.kho-${pid}-0123456789ab-${place}`;
  const live = `.kho-${process.ppid}-0123456789ab-1`;
  const folders = ['', '.kho', 'glibc', 'glibc/packages'];
  for (const folder of folders) {
    site.put(join(folder, dead(1), 'deep/file'), 'x');
    site.put(join(folder, dead(2)), 'x');
    symlinkSync(outside.root, at(join(folder, dead(3))));
    symlinkSync(outside.root, at(join(folder, dead(1), 'link')));
    site.put(join(folder, live), 'x');
  }
  const before = outside.snapshot();
  await site.build();
  expect(outside.snapshot()).toEqual(before);
  for (const folder of folders) {
    expect(readdirSync(at(folder)).filter((name) => name.startsWith('.kho-') && name !== '.kho-keep')).toEqual([live]);
  }
});

test('a manifest that names files outside of the site removes none of them', async () => {
  await site.build();
  outside.put('victim.metadata', SECRET);
  const way = `../${outside.root.split('/').at(-1)}`;
  for (const name of ['manifest', 'pages', 'pages-projects']) {
    for (const victim of [
      `${way}/secret`,
      `glibc/packages/../../${way}/victim.metadata`,
      join(outside.root, 'secret'),
    ]) {
      site.changeKept(name, (line) => line.replace(/"published":\[\[/, `"published":[["${victim}",["1:1:1",""]],[`));
      site.changeKept(name, (line) => line.replace(/"roots":\[\[/, `"roots":[["${victim}",["1:1:1",""]],[`));
      await site.build();
      site.remove('glibc/packages/zoo-1.0-py3-none-any.whl');
      await site.build();
      site.wheel('glibc', { name: 'zoo', version: '1.0' });
      await site.build();
      expect(outside.read('victim.metadata')).toBe(SECRET);
      expect(outside.read('secret')).toContain(SECRET);
      expect(await check()).toEqual([]);
    }
  }
});

test('damage anywhere in what kho remembers costs time only', async () => {
  await site.build();
  const clean = site.snapshot();
  for (const name of ['manifest', 'pages', 'pages-projects']) {
    const { length } = readFileSync(at(`.kho/${name}`));
    for (let place = 3; place < length; place += Math.ceil(length / 7)) {
      const bytes = readFileSync(at(`.kho/${name}`));
      bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ 1;
      writeFileSync(at(`.kho/${name}`), place % 5 === 0 ? bytes.subarray(0, place) : bytes);
      await loadSite(site.root).then(({ config }) => surveySite(config));
      await site.build();
      expect(site.snapshot(), `${name} damaged at ${place}`).toEqual(clean);
      expect(await check()).toEqual([]);
      expect(readKeptLines(at('.kho/manifest')).isDamaged).toBe(false);
    }
  }
  for (const name of ['manifest', 'pages', 'pages-projects', 'journal', 'pages-journal']) {
    for (const make of [() => mkdirSync(at(`.kho/${name}`)), () => symlinkSync('/dev/zero', at(`.kho/${name}`))]) {
      rmSync(at(`.kho/${name}`), { recursive: true, force: true });
      make();
      await site.build();
      expect(site.snapshot(), name).toEqual(clean);
    }
  }
}, 120_000);

test('files of others in folders of kho stay, a few with a note; many stop the run', async () => {
  await site.build();
  site.put('glibc/simple/notes/README', 'ours');
  site.put('glibc/simple/gone/index.html', '<!DOCTYPE html>old');
  site.put('glibc/pypi/wheel-1.0-py3-none-any.whl', 'ours');
  site.put('project/ours.html', '<!DOCTYPE html>ours');
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  const { notes } = await site.build();
  const foreign = notes
    .filter(({ code }) => code === 'foreign-page')
    .map(({ file }) => file)
    .sort();
  expect(foreign).toEqual(['glibc/pypi/wheel-1.0-py3-none-any.whl', 'glibc/simple/notes/README', 'project/ours.html']);
  for (const path of foreign) expect(site.read(path)).toContain('ours');
  expect(existsSync(at('glibc/simple/gone'))).toBe(false);

  for (let count = 0; count < 30; count++) site.put(`glibc/simple/more/${count}.txt`, 'ours');
  site.wheel('glibc', { name: 'foo', version: '3.0' });
  await expect(site.build()).rejects.toMatchObject({
    code: 'SITE',
    message: expect.stringContaining('kho did not write'),
  });
  expect(readdirSync(at('glibc/simple/more'))).toHaveLength(30);
});

test('a repository whose folder is there and empty, as a disk that is not mounted, stops the run', async () => {
  site.wheel('musl', { name: 'foo', version: '1.0' });
  await site.build();
  renameSync(at('musl'), at('.away'));
  mkdirSync(at('musl'));
  await expect(site.build()).rejects.toMatchObject({ code: 'SITE', message: expect.stringContaining('"musl"') });
  rmSync(at('musl'), { recursive: true });
  await site.build();
  expect(site.read('index.html')).not.toContain('musl');
});
