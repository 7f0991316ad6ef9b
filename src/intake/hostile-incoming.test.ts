/** Links, pipes and swaps by whoever may write in incoming/. What stands outside the site is neither read nor changed. */
import { existsSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hiddenFiles } from '../../test/support/hidden-files.ts';
import { MODULES, makeBinaryWheel } from '../../test/support/make-binary-wheel.ts';
import { makeWheel } from '../../test/support/make-package.ts';
import { runOrThrow } from '../../test/support/run-program.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { loadSite } from '../config/load-config.ts';
import { writeHook } from '../io/disk.ts';
import { takeIncoming } from './take-incoming.ts';

let site: TestSite;
let outside: TestSite;
beforeEach(() => {
  [site, outside] = [new TestSite(), new TestSite()];
  mkdirSync(join(site.root, 'all/packages'), { recursive: true });
  for (const name of [FOO, `${FOO}.asc`, `refused/${FOO}`, 'keep.txt']) outside.put(name, foo);
  before = outside.snapshot();
});
afterEach(() => {
  letWrite();
  expect(outside.snapshot()).toEqual(before);
  for (const one of [site, outside]) one.close();
});

let before: Record<string, string>;
const FOO = 'foo-1.0-py3-none-any.whl';
const foo = makeWheel({ name: 'foo', version: '1.0' });
const other = makeWheel({ name: 'foo', version: '1.0', description: 'other' });
const LINUX = 'foo-1.0-cp311-cp311-linux_x86_64.whl';
const NOTHING = { moved: [], problems: [], events: [] };
const DEAD = '.kho-4194305-0123456789ab-0'; // above any process id of Linux
const at = (path: string) => join(site.root, path);

async function take() {
  const { config } = await loadSite(site.root);
  return takeIncoming(config, { now: Date.now() });
}
const codes = ({ problems }: { problems: { file: string; code: string }[] }) =>
  problems.map(({ file, code }) => [file, code]);

/** At one moment of the run: before its first change of a kind that `path` is part of. */
function atFirst(kind: string, path: string, act: () => void): void {
  let isDone = false;
  writeHook.before = (now, where) => {
    if (isDone || now !== kind || !where.includes(path)) return;
    isDone = true;
    act();
  };
}

test('takeIncoming() takes nothing of a folder that is swapped for a link while it works', async () => {
  site.put(`incoming/sub/${FOO}`, foo);
  atFirst('link', 'all/packages/.kho-', () => {
    renameSync(at('incoming/sub'), at('incoming/moved'));
    symlinkSync(outside.root, at('incoming/sub'));
  });
  await take();
  expect(existsSync(join(outside.root, FOO))).toBe(true);
  letWrite();
  rmSync(at('incoming/sub'));
  await take();
  expect(site.read(`all/packages/${FOO}`)).toBe(Buffer.from(foo).toString('utf8'));
});

test.each(['file', 'side-file'])(
  'takeIncoming() neither reads nor waits for a pipe in the place of a %s',
  async (what) => {
    const name = what === 'file' ? FOO : `${FOO}.asc`;
    site.put(`incoming/${FOO}`, foo);
    site.put(`incoming/${FOO}.asc`, 'signature');
    atFirst('file', '.kho/', () => {
      rmSync(at(`incoming/${name}`));
      symlinkSync('/dev/zero', at(`incoming/${name}`));
    });
    expect((await take()).moved.some(({ to }) => to.endsWith(name))).toBe(false);
    letWrite();
    rmSync(at(`incoming/${name}`));
    await runOrThrow('mkfifo', [at(`incoming/${name}`)]);
    expect(codes(await take())).toContainEqual([`incoming/${name}`, 'not-a-package']);
  },
);

test('takeIncoming() moves nothing out of the site by a refused/ that becomes a link', async () => {
  site.put(`all/packages/${FOO}`, foo);
  site.put(`incoming/${FOO}`, other);
  mkdirSync(at('incoming/refused'));
  atFirst('folder', 'incoming/.kho-', () => {
    rmSync(at('incoming/refused'), { recursive: true });
    symlinkSync(join(outside.root, 'refused'), at('incoming/refused'));
  });
  await take();
  expect(site.read(`incoming/${FOO}`)).toBe(Buffer.from(other).toString('utf8'));
  letWrite();
  expect(codes(await take())).toContainEqual([`incoming/${FOO}`, 'not-moved']);
});

test('takeIncoming() keeps no original behind a link', async () => {
  site.put('kho.toml', '[repositories.all]\nretag = true\n');
  site.put(`incoming/${LINUX}`, makeBinaryWheel({ name: 'foo', version: '1.0', module: MODULES.glibc }));
  symlinkSync(outside.root, at('originals'));
  const taken = await take();
  expect(taken).toMatchObject({ moved: [], problems: [{ code: 'not-moved', file: `incoming/${LINUX}` }] });
  expect(taken.problems[0]?.what).toMatch(/^stays where it is: cannot move to ".*originals": it is no folder$/);
});

test('takeIncoming() removes what dead runs of its own user left, and nothing else', async () => {
  site.put('kho.toml', '[repositories.all]\nretag = true\n');
  for (const folder of ['incoming', 'incoming/refused', 'originals', 'originals/all']) {
    mkdirSync(at(`${folder}/${DEAD}`), { recursive: true, mode: 0o700 });
    writeFileSync(at(`${folder}/${DEAD}/part`), 'part');
    symlinkSync(outside.root, at(`${folder}/${DEAD}/link`));
    site.put(`${folder}/${DEAD.replace('-0', '-1')}`, 'a file');
    symlinkSync(outside.root, at(`${folder}/${DEAD.replace('-0', '-2')}`));
  }
  const alive = `incoming/${DEAD.replace('4194305', `${process.ppid}`)}`;
  mkdirSync(at(alive));
  site.put(`incoming/.kho-4194305-0123456789ac-0/${FOO}`, foo); // a folder that all may look into: kho makes none
  expect(await take()).toEqual(NOTHING);
  expect(hiddenFiles(site.root).filter((path) => !path.includes('0123456789ac'))).toEqual([alive]);
  expect(existsSync(at(`incoming/.kho-4194305-0123456789ac-0/${FOO}`))).toBe(true);
});

test('takeIncoming() finds what was left in originals/ of a site without incoming/', async () => {
  site.put(`originals/all/${DEAD}`, 'part');
  expect(await take()).toEqual(NOTHING);
  expect(hiddenFiles(site.root)).toEqual([]);
});

test.skipIf(process.getuid?.() !== 0)('takeIncoming() follows no incoming that is a link of another user', async () => {
  symlinkSync(outside.root, at('incoming'));
  await runOrThrow('chown', ['-h', '64001:64001', at('incoming')]);
  expect(codes(await take())).toEqual([['incoming', 'not-readable']]);
});

test('takeIncoming() leaves nothing on its way behind, whatever it took', async () => {
  site.put('kho.toml', '[repositories.all]\nretag = true\n');
  site.put(`all/packages/${FOO}`, foo);
  site.put(`incoming/${FOO}`, other);
  site.put(`incoming/${LINUX}`, makeBinaryWheel({ name: 'foo', version: '1.0', module: MODULES.glibc }));
  await take();
  expect(hiddenFiles(site.root)).toEqual([]);
  expect(statSync(at(`originals/all/${LINUX}`)).nlink).toBe(1);
});
