import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { makeSdist, makeWheel } from '../../test/support/make-package.ts';
import { until } from '../../test/support/served-uploads.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { loadSite } from '../config/load-config.ts';
import { writeHook } from '../io/disk.ts';
import { lockSite } from '../publish/lock.ts';
import { readGeneration, readManifest } from '../publish/manifest.ts';
import { SETTLED_MS } from '../scan/file-state.ts';
import type { NormalizedName } from '../standards/name.ts';
import { type AskedFile, publishAsked, publishLocked } from './publish-asked.ts';
import { PublishRow } from './publish-row.ts';

let site: TestSite;

beforeEach(async () => {
  site = new TestSite();
  for (const name of ['bar', 'baz', 'foo']) site.wheel('glibc', { name, version: '1.0' });
  site.put('kho.toml', '[repositories.all]\ninclude = ["glibc"]\n');
  site.put('all/packages/.keep', '');
  await site.build();
});
afterEach(() => site.close());

/** Puts a wheel there and asks for it. */
async function ask(name: string, version: string, options: { path?: string } = {}) {
  const path = site.wheel('glibc', { name, version }).slice('glibc/packages/'.length);
  return publish([{ repository: 'glibc', project: name as NormalizedName, path, ...options }]);
}

async function publish(files: AskedFile[]) {
  const { config } = await loadSite(site.root);
  return publishAsked(config, files);
}

const wheel = (name: string, version: string) => `${name}-${version}-py3-none-any.whl`;
const names = (repository: string) =>
  site.json(`${repository}/simple/index.json`).projects.map(({ name }: { name: string }) => name);
const isTemporary = () =>
  readdirSync(site.root, { recursive: true, encoding: 'utf8' }).filter((path) => /\.kho-\d/.test(path));

test.each([
  ['of a project that is known', 'foo', [wheel('foo', '1.0'), wheel('foo', '2.0')]],
  ['of a new project', 'new', [wheel('new', '2.0')]],
])(
  'publishAsked() lists a file %s wherever it is to be listed, and the next build the rest',
  async (_what, name, expected) => {
    const before = readGeneration(site.root);
    const manifest = readFileSync(join(site.root, '.kho/manifest'), 'utf8');
    const changes = await ask(name, '2.0');
    expect(changes).toMatchObject([{ file: `glibc/packages/${wheel(name, '2.0')}`, became: 'listed', version: '2.0' }]);
    for (const repository of ['glibc', 'all']) expect(site.listed(repository, name)).toEqual(expected);
    expect(existsSync(join(site.root, `glibc/packages/${wheel(name, '2.0')}.metadata`))).toBe(true);
    expect(readFileSync(join(site.root, '.kho/manifest'), 'utf8')).toBe(manifest);
    expect(readGeneration(site.root)).not.toBe(before);
    expect(readManifest(site.root)?.generation).toBe(readGeneration(site.root));
    expect(isTemporary()).toEqual([]);

    await site.build();
    expect(site.read('glibc/SHA256SUMS')).toContain(wheel(name, '2.0'));
    expect(names('all')).toContain(name);
    expect(site.read(`glibc/project/${name}/index.html`)).toContain('2.0');
    const all = site.snapshot();
    site.remove('.kho');
    await site.build();
    expect(site.snapshot()).toEqual(all);
    const { written } = await site.build();
    expect(written).toBe(0);
  },
);

test('publishAsked() publishes several projects at once, and each again as it changes', async () => {
  for (const name of ['foo', 'new']) site.wheel('glibc', { name, version: '2.0' });
  const files = ['foo', 'new'].map((name) => ({
    ...{ repository: 'glibc', project: name as NormalizedName, path: wheel(name, '2.0') },
  }));
  expect(await publish(files)).toHaveLength(2);
  expect(await publish(files)).toEqual([]);
  const generation = readGeneration(site.root);
  await ask('new', '3.0');
  expect(site.listed('all', 'new')).toEqual([wheel('new', '2.0'), wheel('new', '3.0')]);
  expect(readGeneration(site.root)).not.toBe(generation);
  site.remove(`glibc/packages/${wheel('new', '2.0')}`, `glibc/packages/${wheel('new', '3.0')}`);
  expect(await publish([{ repository: 'glibc', project: 'new' as NormalizedName }])).toMatchObject([
    { became: 'gone' },
    { became: 'gone' },
  ]);
  expect(existsSync(join(site.root, 'glibc/simple/new'))).toBe(false);
  expect(readManifest(site.root)?.projects.has('new')).toBe(false);
  await site.build();
  expect(names('all')).toEqual(['bar', 'baz', 'foo']);
});

test('publishAsked() tells of a file that is held', async () => {
  site.put(`glibc/packages/${wheel('foo', '2.0')}`, makeWheel({ name: 'foo', version: '3.0' }));
  const changes = await publish([{ repository: 'glibc', project: 'foo' as NormalizedName, path: wheel('foo', '2.0') }]);
  expect(changes).toMatchObject([{ became: 'held', problem: { code: expect.any(String) } }]);
  expect(site.listed('glibc', 'foo')).toEqual([wheel('foo', '1.0')]);
});

test.each<[string, () => unknown]>([
  ['a site that was never published', () => site.remove('.kho')],
  ['other settings', () => site.put('kho.toml', 'title = "Other"\n[repositories.all]\ninclude = ["glibc"]\n')],
  ['a run that died', () => site.put('.kho/journal', 'bar\n')],
  ['damaged records', () => site.changeKept('manifest', (line) => line.replace('"format":', '"Format":'))],
  ['a new repository', () => site.wheel('musl', { name: 'foo', version: '1.0' })],
  [
    'a link',
    () => {
      site.remove(`glibc/packages/${wheel('foo', '1.0')}`);
      symlinkSync(wheel('bar', '1.0'), join(site.root, `glibc/packages/${wheel('foo', '1.0')}`));
    },
  ],
  ['pages that no record knows', () => site.put('glibc/simple/new/index.html', '<html></html>')],
])('publishAsked() leaves %s to a whole build', async (_what, prepare) => {
  prepare();
  expect(await ask('new', '2.0').then((first) => first && ask('foo', '2.0'))).toBeUndefined();
});

test('publishAsked() leaves an sdist of another project than its name says to a whole build', async () => {
  const path = 'foo-bar-1.tar.gz';
  site.put(`glibc/packages/${path}`, makeSdist({ name: 'foo-bar', version: '1', folder: 'foo-bar-1' }));
  expect(await publish([{ repository: 'glibc', project: 'foo' as NormalizedName, path }])).toBeUndefined();
});

test('publishLocked() publishes for who holds the lock, and flushes his folders before any page is changed', async () => {
  const path = site.wheel('glibc', { name: 'foo', version: '2.0' }).slice('glibc/packages/'.length);
  const { config } = await loadSite(site.root);
  const steps: string[] = [];
  const packages = join(site.root, 'glibc/packages');
  const unlock = await lockSite(site.root);
  writeHook.before = (kind, to) => void steps.push(`${kind} ${to}`);
  const files = [{ repository: 'glibc', project: 'foo' as NormalizedName, path }];
  const changes = await publishLocked(config, files, { toFlush: [packages] });
  letWrite();
  unlock();
  expect(changes).toMatchObject([{ became: 'listed', version: '2.0' }]);
  expect(site.listed('glibc', 'foo')).toEqual([wheel('foo', '1.0'), wheel('foo', '2.0')]);
  const flushed = steps.findIndex((step) => step === `flush ${packages}` || step.startsWith('sync '));
  const changed = steps.indexOf(`rename ${join(site.root, 'glibc/simple/foo/index.html')}`);
  expect(flushed).toBeGreaterThan(-1);
  expect(changed).toBeGreaterThan(flushed);
  expect(isTemporary()).toEqual([]);
});

test('publishLocked() in a row changes no page before what was published before it is on the disk', async () => {
  const { config } = await loadSite(site.root);
  const unlock = await lockSite(site.root);
  onTestFinished(() => unlock());
  const add = (version: string) => {
    const path = site.wheel('glibc', { name: 'foo', version }).slice('glibc/packages/'.length);
    return [{ repository: 'glibc', project: 'foo' as NormalizedName, path }];
  };
  await publishLocked(config, add('1.5'), { toFlush: [] }); // the first one makes the file that others add to
  const row = new PublishRow(config);
  await publishLocked(config, add('2.0'), { toFlush: [], row });
  expect(site.listed('glibc', 'foo')).toContain(wheel('foo', '2.0'));
  const { ended } = row;
  let release = () => {};
  row.endsWith(
    new Promise((resolve) => {
      release = () => void ended.then(resolve);
    }),
  );
  const steps: string[] = [];
  writeHook.before = (kind, to) => void steps.push(`${kind} ${to}`);
  const second = publishLocked(config, add('3.0'), { toFlush: [], row });
  await until(() => steps.some((step) => step.startsWith('file ') && step.includes('/glibc/.kho-'))); // it is staged
  expect(steps.filter((step) => step.includes('/.kho/journal'))).toEqual([]);
  release();
  await second;
  letWrite();
  expect(site.listed('glibc', 'foo')).toContain(wheel('foo', '3.0'));
  await row.ended;
  expect(existsSync(join(site.root, '.kho/journal'))).toBe(true);
  row.close();
  expect(existsSync(join(site.root, '.kho/journal'))).toBe(false);
  expect(isTemporary()).toEqual([]);
});

test('publishLocked() in a row leaves the JSON API of a project as it is, until the next whole build', async () => {
  const { config } = await loadSite(site.root);
  const paths = ['2.0', '3.0'].map((version) =>
    site.wheel('glibc', { name: 'foo', version }).slice('glibc/packages/'.length),
  );
  const files = paths.map((path) => ({ repository: 'glibc', project: 'foo' as NormalizedName, path }));
  const versions = () => Object.keys(site.json('glibc/pypi/foo/json').releases);
  await sleep(2 * SETTLED_MS); // their times are believed
  const row = new PublishRow(config);
  for (const file of files) await publishLocked(config, [file], { toFlush: [], row });
  expect(site.listed('glibc', 'foo')).toEqual(['1.0', '2.0', '3.0'].map((version) => wheel('foo', version)));
  expect(versions()).toEqual(['1.0']);
  expect(existsSync(join(site.root, 'glibc/pypi/foo/2.0'))).toBe(false);
  await row.ended;
  row.close();
  const generation = readGeneration(site.root);
  const again = new PublishRow(config);
  expect(await publishLocked(config, files, { toFlush: [], row: again })).toEqual([]); // nothing new, and nothing more to be made
  again.close();
  expect(readGeneration(site.root)).toBe(generation);

  await site.build();
  for (const repository of ['glibc', 'all'])
    expect(Object.keys(site.json(`${repository}/pypi/foo/json`).releases)).toEqual(['1.0', '2.0', '3.0']);
  const all = site.snapshot();
  site.remove('.kho');
  await site.build();
  expect(site.snapshot()).toEqual(all);
  expect((await site.build()).written).toBe(0);
});

test('publishLocked() in a row takes away pages of the JSON API of what is no longer there', async () => {
  const { config } = await loadSite(site.root);
  const row = new PublishRow(config);
  site.remove(`glibc/packages/${wheel('foo', '1.0')}`);
  await publishLocked(config, [{ repository: 'glibc', project: 'foo' as NormalizedName }], { toFlush: [], row });
  await row.ended;
  row.close();
  expect(existsSync(join(site.root, 'glibc/pypi/foo'))).toBe(false);
});
