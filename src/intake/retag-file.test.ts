import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hiddenFiles } from '../../test/support/hidden-files.ts';
import { MODULES, makeBinaryWheel } from '../../test/support/make-binary-wheel.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite, runStopped } from '../../test/support/stop-writes.ts';
import { loadSite } from '../config/load-config.ts';
import { memorySource } from '../formats/byte-source.ts';
import { readZipDirectory } from '../formats/zip.ts';
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
  await expect(retag()).rejects.toMatchObject({
    code: 'WRITE',
    message: `Cannot write "${at(`all/packages/sub/${MUSLLINUX}`)}": other bytes stand there`,
    hint: 'remove that file, or build this one again with a build number',
  });
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
    await expect(retag()).rejects.toMatchObject({
      code: 'link-outside',
      message: 'is, or lies behind, a link that leads out of packages/',
    });
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
  await expect(retag('all/packages/bar-1.0-py3-none-any.whl')).rejects.toMatchObject({
    code: 'not-readable',
    message: 'cannot be read (ENOENT)',
  });
});

test('retagFile() takes wheels only, and files only', async () => {
  site.put('all/packages/foo-1.0.tar.gz', '');
  await expect(retag('all/packages/foo-1.0.tar.gz')).rejects.toMatchObject({
    code: 'not-a-package',
    message: 'is no wheel',
  });
  mkdirSync(at('all/packages/bar-1.0-py3-none-any.whl'));
  await expect(retag('all/packages/bar-1.0-py3-none-any.whl')).rejects.toMatchObject({
    code: 'not-readable',
    message: 'cannot be read (it is no file)',
  });
});

test('retagFile() leaves alone what has a true name, and what has no truer one', async () => {
  const pure = at(site.wheel('all', { name: 'pure', version: '1.0' }));
  expect(await retag('all/packages/pure-1.0-py3-none-any.whl')).toEqual({ file: pure });
  const module = { ...MODULES.glibc, needed: ['libc.so.6', 'libpq.so.5'] };
  site.put(`all/packages/${LINUX}`, makeBinaryWheel({ name: 'foo', version: '1.0', module }));
  await expect(retag(`all/packages/${LINUX}`)).rejects.toMatchObject({ code: 'lying-tag', hint: expect.any(String) });
  expect(existsSync(at('originals'))).toBe(false);
  expect(existsSync(at('.kho'))).toBe(false);
});

test('retagFile() names wheels for the musl that it is told, and then assumes nothing', async () => {
  const { config } = await loadSite(site.root);
  const path = at(`all/packages/sub/${LINUX}`);
  expect(await retagFile(path, { config, musl: '1.1' })).toEqual({
    file: path,
    retagged: path.replace('linux_', 'musllinux_1_1_'),
    original: at(`originals/all/${LINUX}`),
  });
});

test('retagFile() writes beside a wheel outside of a site, which stays, and so what is about it', async () => {
  for (const name of [LINUX, `${LINUX}.asc`]) site.put(`dist/${name}`, wheel);
  expect(await retagFile(at(`dist/${LINUX}`), {})).toEqual({
    file: at(`dist/${LINUX}`),
    retagged: at(`dist/${MUSLLINUX}`),
    assumedMusl: '1.2',
  });
  expect(readdirSync(at('dist')).sort()).toEqual([LINUX, `${LINUX}.asc`, MUSLLINUX]);
});

test('retagFile() keeps the same bytes once, also beside another wheel of their name', async () => {
  site.put(
    `originals/all/${LINUX}`,
    makeBinaryWheel({ name: 'foo', version: '1.0', module: MODULES.musl, description: 'other' }),
  );
  site.put(`originals/all/${LINUX}.2`, wheel);
  expect((await retag()).original).toBe(at(`originals/all/${LINUX}.2`));
  expect(readdirSync(at('originals/all')).sort()).toEqual([LINUX, `${LINUX}.2`, `${LINUX}.2.asc`]);
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

test('retagFile() leaves out signatures of the record, which would be wrong', async () => {
  const signatures = Object.fromEntries(['jws', 'p7s'].map((kind) => [`foo-1.0.dist-info/RECORD.${kind}`, 'signed']));
  site.put(
    `dist/${LINUX}`,
    makeBinaryWheel({ name: 'foo', version: '1.0', module: MODULES.musl, members: signatures }),
  );
  await retagFile(at(`dist/${LINUX}`), {});
  const members = await readZipDirectory(memorySource(readFileSync(at(`dist/${MUSLLINUX}`))));
  expect(members.map(({ path }) => path).filter((path) => path.includes('RECORD'))).toEqual([
    'foo-1.0.dist-info/RECORD',
  ]);
});
