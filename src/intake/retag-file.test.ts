import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hiddenFiles } from '../../test/support/hidden-files.ts';
import { MODULES, makeBinaryWheel } from '../../test/support/make-binary-wheel.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite, runStopped } from '../../test/support/stop-writes.ts';
import { loadSite } from '../config/load-config.ts';
import { writeHook } from '../io/disk.ts';
import { retagFile } from './retag-file.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  reset();
});
afterEach(() => {
  letWrite();
  site.close();
});

const LINUX = 'foo-1.0-cp311-cp311-linux_x86_64.whl';
const MUSLLINUX = 'foo-1.0-cp311-cp311-musllinux_1_2_x86_64.whl';
const wheel = makeBinaryWheel({ name: 'foo', version: '1.0', module: MODULES.musl });
/** Not what the lock is made of. */
const isInFolders = (path: string) => !path.startsWith('.kho/');
const at = (path: string) => join(site.root, path);

function reset(): void {
  for (const name of ['all', '.kho', 'originals', 'project', 'index.html'])
    rmSync(at(name), { recursive: true, force: true });
  site.put(`all/packages/sub/${LINUX}`, wheel);
  site.put(`all/packages/sub/${LINUX}.asc`, 'signature');
  site.put(`all/packages/sub/${LINUX}.yanked`, 'broken');
}

async function retag(path = `all/packages/sub/${LINUX}`, more: { out?: string } = {}) {
  const { config } = await loadSite(site.root);
  return retagFile(at(path), { config, ...more });
}
const paths = () => Object.keys(site.snapshot()).filter((path) => /packages|originals/.test(path));

test('retagFile() puts the new wheel in the place of the old one, which is kept with its signature', async () => {
  expect(await retag()).toEqual({
    file: at(`all/packages/sub/${LINUX}`),
    retagged: at(`all/packages/sub/${MUSLLINUX}`),
    original: at(`originals/all/${LINUX}`),
    assumedMusl: '1.2',
  });
  expect(paths()).toEqual([
    `all/packages/sub/${MUSLLINUX}`,
    `all/packages/sub/${MUSLLINUX}.yanked`,
    `originals/all/${LINUX}`,
    `originals/all/${LINUX}.asc`,
  ]);
  expect(site.read(`originals/all/${LINUX}`)).toBe(Buffer.from(wheel).toString('utf8'));
  expect(hiddenFiles(site.root)).toEqual([]);
});

test('retagFile(), stopped at any write, loses nothing and goes on', async () => {
  site.put('kho.toml', 'pages = false\n');
  await retag();
  const after = site.snapshot();
  const content = new Set(Object.values(after));
  let isDone = false;
  for (let last = 0; !isDone; last++) {
    reset();
    isDone = await runStopped(last, () => retag());
    const left = new Set(Object.values(site.snapshot()));
    const wheelHash = after[`originals/all/${LINUX}`] as string;
    expect(left.has(wheelHash), `the wheel is lost after write ${last}`).toBe(true);
    rmSync(at('.kho/lock'), { force: true });
    if (existsSync(at(`all/packages/sub/${LINUX}`))) await retag();
    expect(site.snapshot(), `the run after write ${last}`).toEqual(after);
    expect(new Set(Object.values(site.snapshot()))).toEqual(content);
    await site.build();
    expect(hiddenFiles(site.root).filter(isInFolders), `left after write ${last}`).toEqual([]);
    expect(last).toBeLessThan(80);
    if (isDone) expect(last).toBeGreaterThan(15);
  }
});

test.each([
  ['other bytes', () => site.put(`all/packages/sub/${MUSLLINUX}`, 'other')],
  ['a link', () => symlinkSync('nowhere', at(`all/packages/sub/${MUSLLINUX}`))],
])('retagFile() writes over no %s that has the new name', async (_what, put) => {
  put();
  await expect(retag()).rejects.toMatchObject({ code: 'WRITE' });
  expect(existsSync(at(`all/packages/sub/${LINUX}`))).toBe(true);
  expect(hiddenFiles(site.root)).toEqual([]);
});

test.each(['packages', 'folder'])(
  'retagFile() is led out of packages/ by no link in the place of a %s',
  async (what) => {
    const outside = new TestSite();
    outside.put(LINUX, wheel);
    const before = outside.snapshot();
    if (what === 'folder') {
      rmSync(at('all/packages/sub'), { recursive: true });
      symlinkSync(outside.root, at('all/packages/sub'));
    } else {
      rmSync(at(`all/packages/sub/${LINUX}`));
      symlinkSync(join(outside.root, LINUX), at(`all/packages/sub/${LINUX}`));
    }
    await expect(retag()).rejects.toMatchObject({ code: 'link-outside' });
    expect(outside.snapshot()).toEqual(before);
    outside.close();
  },
);

test('retagFile() keeps nothing behind an originals/ that is a link', async () => {
  const outside = new TestSite();
  symlinkSync(outside.root, at('originals'));
  await expect(retag()).rejects.toMatchObject({ code: 'WRITE' });
  expect(outside.snapshot()).toEqual({});
  expect(existsSync(at(`all/packages/sub/${LINUX}`))).toBe(true);
  rmSync(at('originals'));
  outside.close();
});

test('retagFile() follows a link of the user, outside of a site and into one', async () => {
  mkdirSync(at('dist'));
  symlinkSync(at(`all/packages/sub/${LINUX}`), at(`dist/${LINUX}`));
  const { original } = await retag(`dist/${LINUX}`);
  expect(original).toBe(at(`originals/all/${LINUX}`));
  const { retagged } = await retagFile(at(`originals/all/${LINUX}`), { out: at('dist/new') });
  expect(retagged).toBe(at(`dist/new/${MUSLLINUX}`));
  expect(hiddenFiles(site.root)).toEqual([]);
});

test('retagFile() says so when nothing is there', async () => {
  await expect(retag('all/packages/bar-1.0-py3-none-any.whl')).rejects.toMatchObject({ code: 'not-readable' });
});

test('retagFile() does not take the wheel away that came in its place', async () => {
  let isDone = false;
  writeHook.before = (kind, path) => {
    if (isDone || kind !== 'link' || !path.startsWith(at('originals'))) return;
    isDone = true;
    rmSync(at(`all/packages/sub/${LINUX}`));
    site.put(`all/packages/sub/${LINUX}`, 'another upload');
  };
  await retag().catch(() => {});
  expect(site.read(`all/packages/sub/${LINUX}`)).toBe('another upload');
});
