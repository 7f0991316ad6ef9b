import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { surveySite } from '../src/build-site.ts';
import { checkSite } from '../src/check/check-site.ts';
import { loadSite } from '../src/config/load-config.ts';
import { writeHook } from '../src/io/disk.ts';
import { makeSdist, makeWheel } from './support/make-package.ts';
import { TestSite } from './support/site.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

const FOO = 'foo-1.0-py3-none-any.whl';

test('a build publishes each project in both forms, its metadata, the JSON API, checksums and front pages', async () => {
  site.wheel('glibc', { name: 'Foo', version: '1.0' });
  site.sdist('glibc', { name: 'foo', version: '2.0' });
  const report = await site.build();
  expect(report.problems).toEqual([]);
  expect(report.repositories).toMatchObject([{ name: 'glibc', projects: 1, files: 2 }]);
  const published = Object.keys(site.snapshot())
    .map((path) => path.replace(/\.\w{10}\.(css|js|svg)$/, '.$1'))
    .sort();
  expect(published).toEqual([
    'glibc/SHA256SUMS',
    'glibc/index.html',
    'glibc/packages/Foo-1.0-py3-none-any.whl',
    'glibc/packages/Foo-1.0-py3-none-any.whl.metadata',
    'glibc/packages/foo-2.0.tar.gz',
    'glibc/project/changes.html',
    'glibc/project/changes.xml',
    'glibc/project/foo/1.0/Foo-1.0-py3-none-any.whl.html',
    'glibc/project/foo/1.0/index.html',
    'glibc/project/foo/2.0/foo-2.0.tar.gz.html',
    'glibc/project/foo/2.0/index.html',
    'glibc/project/foo/changes.xml',
    'glibc/project/foo/index.html',
    'glibc/project/held.html',
    'glibc/project/platforms.html',
    'glibc/project/search-1.js',
    'glibc/pypi/foo/1.0/json',
    'glibc/pypi/foo/2.0/json',
    'glibc/pypi/foo/json',
    'glibc/simple/foo/index.html',
    'glibc/simple/foo/index.json',
    'glibc/simple/index.html',
    'glibc/simple/index.json',
    'index.html',
    'project/404.html',
    'project/all.html',
    'project/changes.html',
    'project/changes.xml',
    'project/held.html',
    'project/icon.svg',
    'project/kho.css',
    'project/kho.js',
    'project/search-all-1.js',
    'project/search-all.js',
    'project/texts-en.js',
    'project/texts-vi.js',
    'project/theme.js',
  ]);
  expect(site.listed('glibc', 'foo')).toEqual(['Foo-1.0-py3-none-any.whl', 'foo-2.0.tar.gz']);
});

test('a second build writes nothing, and one without .kho the same bytes', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  const before = site.snapshot();
  expect(await site.build()).toMatchObject({ written: 0, removed: 0 });
  rmSync(join(site.root, '.kho'), { recursive: true });
  expect(await site.build()).toMatchObject({ written: 0, removed: 0 });
  expect(site.snapshot()).toEqual(before);
});

test('what leaves the folders leaves the site', async () => {
  const foo = site.wheel('glibc', { name: 'foo', version: '1.0' });
  const old = site.wheel('glibc', { name: 'bar', version: '1.0' });
  site.wheel('glibc', { name: 'bar', version: '2.0' });
  await site.build();
  site.remove(foo, old);
  await site.build();
  expect(Object.keys(site.snapshot()).filter((path) => /foo|1\.0/.test(path))).toEqual([]);
  expect(site.json('glibc/simple/index.json').projects).toEqual([{ name: 'bar' }]);
  site.remove('glibc/packages/bar-2.0-py3-none-any.whl');
  const report = await site.build();
  expect(report.repositories).toMatchObject([{ projects: 0, files: 0 }]);
  expect(readdirSync(join(site.root, 'glibc/simple'))).toEqual(['index.html', 'index.json']);
  expect(readdirSync(join(site.root, 'glibc/pypi'))).toEqual([]);
});

test('a project whose only file went stays until what comes instead is whole, and no longer', async () => {
  const old = site.wheel('glibc', { name: 'replaced', version: '1.0' });
  site.wheel('glibc', { name: 'other', version: '1.0' });
  await site.build();
  const page = site.read('glibc/simple/replaced/index.html');
  const other = site.wheel('glibc', { name: 'other', version: '2.0' });
  const next = site.wheel('glibc', { name: 'replaced', version: '1.1' });
  site.remove(old);
  await site.build({ busy: new Set([next, other]) });
  expect(site.read('glibc/simple/replaced/index.html')).toBe(page);
  expect(site.read('glibc/simple/other/index.html')).not.toContain('other-2.0');
  await site.build();
  expect(site.read('glibc/simple/replaced/index.html')).toContain('replaced-1.1');
  site.remove(next);
  await site.build({ busy: new Set([next]) });
  expect(() => site.read('glibc/simple/replaced/index.html')).toThrow('ENOENT');
});

test('pages and metadata that somebody damaged or removed are written again', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  const before = site.snapshot();
  site.remove(`glibc/packages/${FOO}.metadata`, 'glibc/simple/index.html', 'glibc/pypi');
  writeFileSync(join(site.root, 'glibc/simple/foo/index.html'), 'rubbish');
  mkdirSync(join(site.root, 'glibc/simple/stale'));
  await site.build();
  expect(site.snapshot()).toEqual(before);
  expect(existsSync(join(site.root, 'glibc/simple/stale'))).toBe(false);
});

test('the upload time is that of the first publication, whatever touch or the loss of .kho do', async () => {
  const path = join(site.root, site.wheel('glibc', { name: 'foo', version: '1.0' }));
  const uploaded = () => site.json('glibc/simple/foo/index.json').files[0]['upload-time'];
  await site.build();
  expect(uploaded()).toBe('2026-01-02T03:04:05.678Z');
  utimesSync(path, new Date(), new Date());
  await site.build();
  rmSync(join(site.root, '.kho'), { recursive: true });
  await site.build();
  expect(uploaded()).toBe('2026-01-02T03:04:05.678Z');
});

test.each<[what: string, between: () => unknown]>([
  ['straight away', () => {}],
  ['when .kho is lost', () => rmSync(join(site.root, '.kho'), { recursive: true })],
  [
    'after a broken file',
    async () => {
      site.put(`glibc/packages/${FOO}`, 'broken');
      await site.build();
    },
  ],
])(
  'other bytes under a published name have the time when kho saw them, not the old one of their file: %s',
  async (_what, between) => {
    const uploaded = () => Date.parse(site.json('glibc/simple/foo/index.json').files[0]['upload-time']);
    site.wheel('glibc', { name: 'foo', version: '1.0' });
    await site.build();
    await between();
    site.wheel('glibc', { name: 'foo', version: '1.0', description: 'changed' });
    const began = Date.now();
    await site.build();
    const time = uploaded();
    expect(time).toBeGreaterThanOrEqual(began);
    utimesSync(join(site.root, 'glibc/packages', FOO), new Date('2020-01-01'), new Date('2020-01-01'));
    await site.build();
    rmSync(join(site.root, '.kho'), { recursive: true });
    await site.build();
    expect(uploaded()).toBe(time);
  },
);

test('--out made anew has the upload times of the site, whatever happened to its files since', async () => {
  const out = new TestSite();
  const path = join(site.root, site.wheel('glibc', { name: 'foo', version: '1.0' }));
  site.wheel('glibc', { name: 'bar', version: '1.0' });
  await site.build();
  utimesSync(path, new Date(), new Date()); // uploaded again as it was
  site.wheel('glibc', { name: 'bar', version: '1.0', description: 'changed' });
  await site.build();
  await site.build({ out: out.root });
  for (const name of ['foo', 'bar'])
    expect(out.read(`glibc/simple/${name}/index.json`)).toBe(site.read(`glibc/simple/${name}/index.json`));
  const { config } = await loadSite(site.root);
  expect(await checkSite(config, await surveySite(config, out.root), { out: out.root })).toEqual([]);
  out.close();
});

test('check --out expects the times that --out gave, where the site itself is published at another time, or never', async () => {
  const out = new TestSite();
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build({ out: out.root });
  site.wheel('glibc', { name: 'foo', version: '1.0', description: 'changed' });
  await site.build({ out: out.root });
  const { config } = await loadSite(site.root);
  const drifts = async () => checkSite(config, await surveySite(config, out.root), { out: out.root });
  expect(await drifts()).toEqual([]);
  await site.build();
  expect(await drifts()).toEqual([]);
  out.close();
});

test('a modification time in the future counts as now', async () => {
  const wheel = site.wheel('glibc', { name: 'foo', version: '1.0' });
  utimesSync(join(site.root, wheel), new Date('2099-01-01'), new Date('2099-01-01'));
  const began = Date.now();
  await site.build();
  const time = Date.parse(site.json('glibc/simple/foo/index.json').files[0]['upload-time']);
  expect(time).toBeGreaterThanOrEqual(began);
  expect(time).toBeLessThanOrEqual(Date.now());
});

test('other bytes under a published name are followed, and said', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  site.wheel('glibc', { name: 'foo', version: '1.0', description: 'changed' });
  const report = await site.build();
  expect(report.notes).toMatchObject([{ code: 'replaced', file: `glibc/packages/${FOO}` }]);
  expect(site.read(`glibc/packages/${FOO}.metadata`)).toContain('changed');
});

test('side-files: a yank with and without reason, a signature; removed, they are forgotten', async () => {
  const wheel = site.wheel('glibc', { name: 'foo', version: '1.0' });
  const file = () => site.json('glibc/simple/foo/index.json').files[0];
  site.put(`${wheel}.yanked`, 'does not start\n');
  site.put(`${wheel}.asc`, 'signature');
  await site.build();
  expect(file()).toMatchObject({ yanked: 'does not start', 'gpg-sig': true });
  site.put(`${wheel}.yanked`, '');
  site.remove(`${wheel}.asc`);
  await site.build();
  expect(file().yanked).toBe(true);
  expect(file()).not.toHaveProperty('gpg-sig');
  site.remove(`${wheel}.yanked`);
  await site.build();
  expect(file()).not.toHaveProperty('yanked');
});

test('bad files are held with code and hint, and the rest is listed', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  const whole = site.wheel('glibc', { name: 'bar', version: '1.0' });
  site.put('glibc/packages/cut-1.0-py3-none-any.whl', readFileSync(join(site.root, whole)).subarray(0, 50));
  site.put('glibc/packages/void-1.0-py3-none-any.whl', '');
  site.put('glibc/packages/page-1.0-py3-none-any.whl', '<!doctype html><title>404</title>');
  site.put('glibc/packages/README.txt', 'hello');
  site.put('glibc/packages/no-dashes.whl', 'x');
  renameSync(join(site.root, whole), join(site.root, 'glibc/packages/other-1.0-py3-none-any.whl'));
  const report = await site.build();
  expect(report.problems.map(({ file, code }) => [file.slice('glibc/packages/'.length), code])).toEqual([
    ['README.txt', 'not-a-package'],
    ['cut-1.0-py3-none-any.whl', 'incomplete'],
    ['no-dashes.whl', 'bad-filename'],
    ['other-1.0-py3-none-any.whl', 'name-mismatch'],
    ['page-1.0-py3-none-any.whl', 'not-an-archive'],
    ['void-1.0-py3-none-any.whl', 'empty'],
  ]);
  expect(site.json('glibc/simple/index.json').projects).toEqual([{ name: 'foo' }]);
  expect((await site.build()).problems).toEqual(report.problems);
});

test('an sdist whose metadata decides where its name ends is put into the right project', async () => {
  site.sdist('glibc', { name: 'foo', version: '1.0', folder: 'foo-1.0' });
  const odd = site.sdist('glibc', { name: 'foo-2', version: '1.0' });
  renameSync(join(site.root, odd), join(site.root, 'glibc/packages/foo-2-1.0.tar.gz'));
  const report = await site.build();
  expect(report.problems).toEqual([]);
  expect(site.listed('glibc', 'foo-2')).toEqual(['foo-2-1.0.tar.gz']);
  expect(site.listed('glibc', 'foo')).toEqual(['foo-1.0.tar.gz']);
  expect(await site.build()).toMatchObject({ written: 0 });
});

test('includes: one complete index, an own file hides an included one, a change in one reaches the other', async () => {
  site.put('kho.toml', '[repositories.musl]\ninclude = ["common"]\n[repositories.all]\ninclude = ["musl", "common"]\n');
  site.wheel('musl', { name: 'foo', version: '1.0', description: 'own' });
  site.wheel('common', { name: 'foo', version: '1.0' });
  site.wheel('common', { name: 'bar', version: '1.0' });
  const report = await site.build();
  expect(report.problems).toMatchObject([{ code: 'conflict' }]);
  expect(report.notes).toMatchObject([{ code: 'hidden' }]);
  expect(site.json('musl/simple/index.json').projects).toEqual([{ name: 'bar' }, { name: 'foo' }]);
  expect(site.json('musl/simple/bar/index.json').files[0].url).toBe(
    '../../../common/packages/bar-1.0-py3-none-any.whl',
  );
  expect(site.json('musl/simple/foo/index.json').files[0].url).toBe(`../../packages/${FOO}`);
  expect(site.json('all/simple/index.json').projects).toEqual([{ name: 'bar' }]);
  site.remove(`musl/packages/${FOO}`);
  await site.build();
  expect(site.json('musl/simple/foo/index.json').files[0].url).toBe(`../../../common/packages/${FOO}`);
  expect(site.json('all/simple/index.json').projects).toEqual([{ name: 'bar' }, { name: 'foo' }]);
});

test('packages/ may be a link to a bigger disk, and one that leads nowhere stops the run', async () => {
  const disk = new TestSite();
  disk.wheel('.', { name: 'foo', version: '1.0' });
  mkdirSync(join(site.root, 'glibc'));
  symlinkSync(join(disk.root, 'packages'), join(site.root, 'glibc/packages'));
  await site.build();
  expect(existsSync(join(disk.root, 'packages', `${FOO}.metadata`))).toBe(true);
  const before = site.snapshot();
  disk.close();
  await expect(site.build()).rejects.toMatchObject({ name: 'KhoError' });
  expect(Object.keys(site.snapshot())).toEqual(Object.keys(before).filter((path) => !path.includes('/packages/')));
});

test('kho stops before a simple/ that holds more than pages, and takes over what dumb-pypi left', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.put('glibc/simple/foo/foo-0.9.tar.gz', 'precious');
  await expect(site.build()).rejects.toMatchObject({
    code: 'SITE',
    message: expect.stringContaining('foo-0.9.tar.gz'),
  });
  expect(site.read('glibc/simple/foo/foo-0.9.tar.gz')).toBe('precious');
  site.remove('glibc/simple/foo/foo-0.9.tar.gz');
  site.put('glibc/simple/gone/index.html', '<!DOCTYPE html>old page');
  site.put('glibc/pypi/gone/json', '{"info": {}}');
  site.put('glibc/index.html', '<h1>Our own page</h1>');
  site.put('glibc/packages.json', '{}');
  const report = await site.build();
  expect(existsSync(join(site.root, 'glibc/simple/gone'))).toBe(false);
  expect(existsSync(join(site.root, 'glibc/pypi/gone'))).toBe(false);
  expect(site.read('glibc/index.html')).toBe('<h1>Our own page</h1>');
  expect(report.notes).toMatchObject([{ code: 'foreign-page', file: 'glibc/index.html' }]);
  expect(site.read('glibc/packages.json')).toBe('{}');
});

test.each(['', 'pages = false\n'])(
  'kho tells of a front page of somebody else in each run, and puts its own there once it is gone (%j)',
  async (toml) => {
    site.put('kho.toml', toml);
    site.wheel('glibc', { name: 'foo', version: '1.0' });
    const own = 'glibc/index.html';
    const notes = async () => (await site.build()).notes.map(({ code, file }) => `${code} ${file}`);
    for (const occupy of [() => site.put(own, '<h1>Ours</h1>'), () => site.put(`${own}/x`, 'a folder')]) {
      occupy();
      expect(await notes()).toEqual([`foreign-page ${own}`]);
      expect(await notes()).toEqual([`foreign-page ${own}`]);
      site.remove(own);
      expect(await notes()).toEqual([]);
      expect(site.read(own)).toContain('foo');
      site.remove(own);
    }
  },
);

test('kho publishes an old sdist whose version is called like a page', async () => {
  for (const version of ['json', 'index.html', 'changes.xml']) site.sdist('glibc', { name: 'foo', version });
  expect((await site.build()).problems).toEqual([]);
  expect(site.json('glibc/simple/foo/index.json').files).toHaveLength(3);
});

test.each(['simple', 'pypi', 'project'])('kho stops before a file called %s, and says what to do', async (name) => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.put(`glibc/${name}`, 'mine');
  await expect(site.build()).rejects.toMatchObject({ code: 'READ', hint: expect.stringContaining('move it away') });
});

test.each(['.', 'glibc'])('kho stops before a project/ of %s that holds more than its own pages', async (place) => {
  site.put('kho.toml', 'precompress = true\n');
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  site.remove('.kho');
  const own = join(place, 'project/manual/index.html');
  site.put(own, '<title>Our manual</title>');
  await expect(site.build()).rejects.toMatchObject({ code: 'SITE', message: expect.stringContaining(own) });
  site.put('kho.toml', 'pages = false\n');
  await site.build();
  const left = Object.keys(site.snapshot()).filter((path) => /(?:^|\/)project\//.test(path));
  expect(left).toEqual([own]);
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  await site.build();
  expect(site.read(own)).toBe('<title>Our manual</title>');
  site.put('kho.toml', '');
  await expect(site.build()).rejects.toMatchObject({ code: 'SITE' });
  site.remove(own);
  await site.build();
  expect(existsSync(join(site.root, 'glibc/project/foo/index.html'))).toBe(true);
});

test('kho asks anew what the folders of a repository hold that comes later', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  site.wheel('musl', { name: 'foo', version: '1.0' });
  for (const path of ['musl/simple/foo-0.9.tar.gz', 'musl/project/notes.txt', 'musl/project/foo/index.html']) {
    site.put(path, 'precious');
    await expect(site.build()).rejects.toMatchObject({ code: 'SITE', message: expect.stringContaining(path) });
    expect(site.read(path)).toBe('precious');
    site.remove(path);
  }
  expect((await site.build()).repositories).toHaveLength(2);
});

test('pages tell for which machines a repository is, by its settings or its name', async () => {
  site.put('kho.toml', '[repositories.old]\nplatforms = ["musl-x86_64", "armhf"]\n');
  for (const repository of ['old', 'glibc', 'common', 'any']) site.wheel(repository, { name: 'foo', version: '1.0' });
  await site.build();
  for (const [repository, words] of [
    ['old', 'musl-x86_64, glibc-armv7l'],
    ['glibc', 'glibc'],
    ['common', '<span data-t="pureFiles">pure files only</span>'],
  ] as const) {
    const line = `<dt><span data-t="isFor">For</span></dt><dd>${words}</dd>`;
    expect(site.read(`${repository}/index.html`)).toContain(line);
    expect(site.read('index.html')).toContain(line);
  }
  expect(site.read('any/index.html')).not.toMatch(/data-t="isFor/);
});

test('style and script are there before the first page that asks for them, and lists come last', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  const moved: string[] = [];
  const noHook = writeHook.before;
  writeHook.before = (kind, path) => {
    if (kind === 'rename' && /index\.html$|project/.test(path) && !/simple/.test(path)) moved.push(path);
  };
  await site.build();
  writeHook.before = noHook;
  const order = moved.map((path) =>
    /\.\w{10}\.(?:css|js|svg)$/.test(path) ? 'style' : /project\/foo(?:\/|$)/.test(path) ? 'project' : 'list',
  );
  expect(order.filter((kind, place) => kind !== order[place - 1])).toEqual(['style', 'project', 'list']);
});

test('a page of a project that somebody took away comes back with its next change, a list at once', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await setTimeout(60); // else the second build may look at the file once more: what changed that lately may change again unseen
  await site.build();
  const before = site.snapshot();
  site.remove('glibc/project/foo');
  expect(await site.build()).toMatchObject({ written: 0 });
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  await site.build();
  expect(Object.keys(site.snapshot())).toEqual(expect.arrayContaining(Object.keys(before)));
  const all = site.snapshot();
  site.remove('glibc/project', 'project/held.html');
  await site.build();
  expect(site.snapshot()).toEqual(all);
});

test('a repository that went with its folder takes nothing but itself from the pages', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  const before = site.snapshot();
  site.wheel('musl', { name: 'foo', version: '1.0' });
  site.wheel('musl', { name: 'bar', version: '1.0' });
  await site.build();
  site.remove('musl');
  await site.build();
  expect(site.snapshot()).toEqual(before);
  expect(await site.build()).toMatchObject({ written: 0, removed: 0 });
});

test('where pages are off from the first run on, project/ is anybody’s', async () => {
  site.put('kho.toml', 'pages = false\n');
  site.wheel('.', { name: 'foo', version: '1.0' });
  const own = site.put('project/foo/index.html', '<title>Our page</title>');
  for (const version of ['1.0', '2.0']) {
    site.wheel('.', { name: 'foo', version });
    await site.build();
    expect(site.read(own)).toBe('<title>Our page</title>');
  }
});

test('an index.html that somebody puts in the place of a published one is left alone', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  site.put('glibc/index.html', '<h1>Our own page</h1>');
  for (const version of ['1.0', '2.0']) {
    site.wheel('glibc', { name: 'foo', version });
    await site.build();
    expect(site.read('glibc/index.html')).toBe('<h1>Our own page</h1>');
  }
});

test('--out publishes a site that is complete in itself, keeps it up to date, and touches no other', async () => {
  const out = new TestSite();
  const wheel = site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.wheel('glibc', { name: 'bar', version: '1.0' });
  site.put(`${wheel}.asc`, 'signature');
  const source = site.snapshot();
  await site.build({ out: out.root });
  expect(site.snapshot()).toEqual(source);
  expect(Object.keys(out.snapshot()).filter((path) => path.includes('/packages/'))).toEqual([
    'glibc/packages/bar-1.0-py3-none-any.whl',
    'glibc/packages/bar-1.0-py3-none-any.whl.metadata',
    `glibc/packages/${FOO}`,
    `glibc/packages/${FOO}.asc`,
    `glibc/packages/${FOO}.metadata`,
  ]);
  expect(await site.build({ out: out.root })).toMatchObject({ written: 0, removed: 0 });
  site.remove(wheel, `${wheel}.asc`);
  await site.build({ out: out.root });
  expect(Object.keys(out.snapshot()).filter((path) => path.includes('foo'))).toEqual([]);

  const own = new TestSite();
  own.wheel('glibc', { name: 'mine', version: '1.0' });
  await expect(site.build({ out: own.root })).rejects.toMatchObject({ message: expect.stringContaining('mine-1.0') });
  await own.build();
  await expect(site.build({ out: own.root })).rejects.toMatchObject({ code: 'USAGE' });
  await expect(site.build({ out: join(site.root, 'public') })).rejects.toMatchObject({ code: 'USAGE' });
  out.close();
  own.close();
});

test.each([
  ['nothing', () => ''],
  ['a file', () => join(site.root, site.put('notes.txt', 'x'))],
])('--out refuses %s', async (_what, out) => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await expect(site.build({ out: out() })).rejects.toMatchObject({ code: 'USAGE', hint: 'name a folder' });
});

test('a folder that --out filled is not built as a site of its own, which would forget what is yanked', async () => {
  const out = new TestSite();
  onTestFinished(() => out.close());
  site.put(`${site.wheel('glibc', { name: 'foo', version: '1.0' })}.yanked`, 'broken');
  await site.build({ out: out.root });
  await expect(out.build()).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('filled it') });
  expect(out.json('glibc/simple/foo/index.json').files[0].yanked).toBe('broken');
});

test('a repository whose packages/ went is not published as empty', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.wheel('musl', { name: 'foo', version: '1.0' });
  await site.build();
  site.remove('musl/packages');
  await expect(site.build()).rejects.toMatchObject({ code: 'SITE', message: expect.stringContaining('"musl"') });
  expect(existsSync(join(site.root, 'musl/simple/foo/index.html'))).toBe(true);
});

test('a packages/ that is suddenly empty and on another disk is not published as empty', async () => {
  const foo = site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  site.remove(foo, `${foo}.metadata`);
  const manifest = site.read('.kho/manifest');
  site.changeKept('manifest', (line) => line.replace(/"device":\d+/, '"device":1'));
  await expect(site.build()).rejects.toMatchObject({
    code: 'SITE',
    message: expect.stringContaining('the 1 packages of "glibc"'),
  });
  expect(existsSync(join(site.root, 'glibc/simple/foo/index.html'))).toBe(true);
  site.put('.kho/manifest', manifest);
  expect((await site.build()).repositories).toMatchObject([{ files: 0 }]);
});

test('a repository that is gone stops the build, which says what to remove to give it up; then nothing of it is left', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.wheel('musl', { name: 'bar', version: '1.0' });
  const out = join(site.root, '..', `${site.root.split('/').at(-1)}-out`);
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  await site.build();
  await site.build({ out });
  site.remove('musl/packages');
  await expect(site.build()).rejects.toMatchObject({
    hint: expect.stringContaining('remove the folder "musl/simple"'),
  });
  await expect(site.build({ out })).rejects.toMatchObject({
    hint: expect.stringContaining(`remove the folder "${out}/musl"`),
  });
  rmSync(join(out, 'musl'), { recursive: true });
  await site.build({ out });
  expect(Object.keys(site.snapshot(out)).filter((path) => path.startsWith('musl/'))).toEqual([]);
  expect(readFileSync(join(out, 'index.html'), 'utf8')).not.toContain('musl');
});

test.each([
  ['Foo-1.0-py3-none-any.whl', 'foo-1.0.0-py3-none-any.whl'],
  ['foo-1.0-py2.py3-none-any.whl', 'foo-1.0-py3.py2-none-any.whl'],
])(
  'of two files that differ in spelling and bytes the one that was published first stays listed: %s, %s',
  async (a, b) => {
    const bytes = (description: string) => makeWheel({ name: 'foo', version: '1.0', description });
    site.put(`glibc/packages/${a}`, bytes('one'));
    await site.build();
    site.put(`glibc/packages/${b}`, bytes('two'), new Date('2001-01-01')); // older by its time, but new here
    const { problems } = await site.build();
    expect(problems).toMatchObject([{ code: 'conflict', file: `glibc/packages/${b}` }]);
    expect(site.listed('glibc', 'foo')).toEqual([a]);
    site.remove('.kho');
    expect((await site.build()).problems).toMatchObject([{ code: 'conflict', file: `glibc/packages/${b}` }]);
    expect(site.listed('glibc', 'foo')).toEqual([a]);
    site.remove(`glibc/packages/${a}`);
    expect((await site.build()).problems).toEqual([]);
    expect(site.listed('glibc', 'foo')).toEqual([b]);
    site.put(`glibc/packages/${a}`, bytes('two')); // the same bytes do no harm
    expect((await site.build()).problems).toEqual([]);
  },
);

test('of two new files that differ in spelling and bytes neither is listed, and an own one hides an included one', async () => {
  const put = (path: string, description: string) =>
    site.put(path, makeSdist({ name: 'a-b', version: '1.0', description }));
  put('glibc/packages/a-b-1.0.tar.gz', 'one');
  put('glibc/packages/a_b-1.0.tar.gz', 'two');
  const { problems } = await site.build();
  expect(problems.map(({ code, file }) => [code, file])).toEqual([
    ['conflict', 'glibc/packages/a-b-1.0.tar.gz'],
    ['conflict', 'glibc/packages/a_b-1.0.tar.gz'],
  ]);
  site.remove('glibc/packages/a_b-1.0.tar.gz');
  site.put('kho.toml', '[repositories.glibc]\ninclude = ["common"]\n');
  put('common/packages/a_b-1.0.tar.gz', 'three');
  const { notes } = await site.build();
  expect(notes).toMatchObject([{ code: 'hidden', file: 'glibc/packages/a-b-1.0.tar.gz' }]);
  expect(site.listed('glibc', 'a-b')).toEqual(['a-b-1.0.tar.gz']);
  expect(site.listed('common', 'a-b')).toEqual(['a_b-1.0.tar.gz']);
});
