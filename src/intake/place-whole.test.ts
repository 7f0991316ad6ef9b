/** What stands at a place afterwards, whatever stood or came there, and whoever the source belongs to. */

import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusal, refuse } from '../../test/support/poor-disk.ts';
import { runOrThrow } from '../../test/support/run-program.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { writeHook } from '../io/disk.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { anchor, closeFolders } from '../io/reach.ts';
import type { WriteKind } from '../io/write-error.ts';
import type { PlaceOptions, WholeSource } from './place-whole.ts';
import { Placing } from './placing.ts';

let site: TestSite;
let outside: TestSite;
const MODIFIED = new Date('2025-06-07T08:09:10.123Z');
beforeEach(() => {
  [site, outside] = [new TestSite(), new TestSite()];
  for (const folder of ['incoming', 'packages/sub']) mkdirSync(join(site.root, folder), { recursive: true });
  site.put('incoming/a.whl', 'right', MODIFIED);
  chmodSync(outside.root + outside.put('/secret', 'secret', MODIFIED), 0o600);
  anchor(at('incoming'), 'shared');
  anchor(at('packages'), 'shared');
});
afterEach(() => {
  letWrite();
  closeFolders();
  for (const one of [site, outside]) one.close();
});

const at = (path: string) => join(site.root, path);
const isRoot = process.getuid?.() === 0;

function sourceOf(path: string, content = readFileSync(at(path), 'utf8')): WholeSource {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { path: at(path), stamp: fileStamp(statSync(at(path))), sha256 };
}

async function place(source: WholeSource, options: PlaceOptions = {}, to = 'packages/a.whl') {
  const placing = new Placing([at('packages')]);
  try {
    return await placing.place(source, at(to), options);
  } finally {
    placing.close();
  }
}

/** Act once, before the first change of a kind. */
function before(kind: WriteKind, act: () => void): void {
  let isDone = false;
  writeHook.before = (now) => {
    if (now !== kind || isDone) return;
    isDone = true;
    act();
  };
}

function expectUntouched(): void {
  const { mode, mtimeMs, nlink } = lstatSync(join(outside.root, 'secret'));
  expect([mode & 0o7777, Math.round(mtimeMs), nlink]).toEqual([0o600, MODIFIED.getTime(), 1]);
  expect(readFileSync(join(outside.root, 'secret'), 'utf8')).toBe('secret');
  expect(readdirSync(outside.root)).toEqual(['secret']);
  for (const [path] of Object.entries(site.snapshot(site.root))) expect(site.read(path)).not.toContain('secret');
  expect(readdirSync(at('packages')).filter((name) => name.startsWith('.'))).toEqual([]);
}

test.each<[what: string, prepare: () => void, isLinked: boolean]>([
  ['of its own', () => {}, true],
  ['that only its owner may read', () => chmodSync(at('incoming/a.whl'), 0o600), true],
  ['that others may write', () => chmodSync(at('incoming/a.whl'), 0o664), false],
  ['that has another name', () => linkSync(at('incoming/a.whl'), at('incoming/b.whl')), false],
  ['of another user', () => isRoot && chownSync(at('incoming/a.whl'), 64001, 64001), !isRoot],
])('placeWhole() brings a file %s, to be read by all, and leaves the source', async (_what, prepare, isLinked) => {
  prepare();
  const { ino } = statSync(at('incoming/a.whl'));
  expect(await place(sourceOf('incoming/a.whl'))).toBe('placed');
  const { mode, mtimeMs, uid, ino: placed } = statSync(at('packages/a.whl'));
  expect([mode & 0o7777, Math.round(mtimeMs), uid]).toEqual([0o644, MODIFIED.getTime(), process.getuid?.()]);
  expect(placed === ino).toBe(isLinked);
  expect(site.read('packages/a.whl')).toBe('right');
  expect(site.read('incoming/a.whl')).toBe('right');
  expect(readdirSync(at('packages')).sort()).toEqual(['a.whl', 'sub']);
});

test('placeWhole() gives each of several places an inode of its own', async () => {
  await place(sourceOf('incoming/a.whl'), { isApart: true });
  expect(statSync(at('packages/a.whl')).nlink).toBe(1);
});

test.each<[there: string, options: PlaceOptions, placed: string, after: string]>([
  ['right', {}, 'same bytes there', 'right'],
  ['wrong', {}, 'other bytes there', 'wrong'],
  ['longer', {}, 'other bytes there', 'longer'],
  ['wrong', { mayReplace: true }, 'placed', 'right'],
])('placeWhole() beside %j, with %j: %s', async (there, options, placed, after) => {
  site.put('packages/a.whl', there);
  expect(await place(sourceOf('incoming/a.whl'), options)).toBe(placed);
  expect(site.read('packages/a.whl')).toBe(after);
});

test.each<[way: string, at: WriteKind, refused?: string]>([
  ['its disk knows links', 'link'],
  ['its disk knows none, before the name is claimed', 'file', 'EPERM'],
  ['its disk knows none, after the name is claimed', 'rename', 'ENOSYS'],
])('placeWhole() is never over what comes at the last moment: %s', async (_what, moment, refused) => {
  writeHook.before = (kind, path) => {
    if (kind === moment && path === at('packages/a.whl')) site.put('packages/a.whl', 'meanwhile');
    if (kind === 'link' && refused) throw refusal(refused);
  };
  expect(await place(sourceOf('incoming/a.whl'))).toBe('other bytes there');
  expect(site.read('packages/a.whl')).toBe('meanwhile');
});

test.each(['EPERM', 'ENOTSUP', 'ENOSYS', 'EINVAL'])(
  'placeWhole() does without links on a disk that answers %s',
  async (code) => {
    refuse(['link'], code);
    expect(await place(sourceOf('incoming/a.whl'))).toBe('placed');
    expect(site.read('packages/a.whl')).toBe('right');
    expect(await place(sourceOf('incoming/a.whl'))).toBe('same bytes there');
  },
);

test.each<[what: string, content: string, ageMs: number, placed: string]>([
  ['a run that was killed left to keep the name', '', 70_000, 'placed'],
  ['somebody has just made', '', 0, 'other bytes there'],
  ['holds something', 'x', 70_000, 'other bytes there'],
])('placeWhole() on a disk without links, over a file that %s: %4$s', async (_what, content, ageMs, placed) => {
  site.put('packages/a.whl', content, new Date(Date.now() - ageMs));
  refuse(['link'], 'EPERM');
  expect(await place(sourceOf('incoming/a.whl'))).toBe(placed);
  expect(site.read('packages/a.whl')).toBe(placed === 'placed' ? 'right' : content);
});

test('placeWhole() copies once more where a folder in packages/ is on another disk', async () => {
  writeHook.before = (kind) => {
    const isThere = readdirSync(at('packages/sub')).some((name) => name.startsWith('.kho-'));
    if (kind === 'link' && !isThere) throw refusal('EXDEV');
  };
  expect(await place(sourceOf('incoming/a.whl'), {}, 'packages/sub/a.whl')).toBe('placed');
  expect(site.read('packages/sub/a.whl')).toBe('right');
  expect(readdirSync(at('packages/sub'))).toEqual(['a.whl']);
});

test.each<[what: string, swap: () => void]>([
  ['a link to a secret', () => symlinkSync(join(outside.root, 'secret'), at('incoming/a.whl'))],
  ['a second name of a secret', () => linkSync(join(outside.root, 'secret'), at('incoming/a.whl'))],
  ['a device', () => symlinkSync('/dev/zero', at('incoming/a.whl'))],
  ['another file', () => writeFileSync(at('incoming/a.whl'), 'wrong')],
  ['nothing', () => {}],
])('placeWhole() takes %s for a file that changes, before linking as before copying', async (_what, swap) => {
  for (const [kind, mode] of [
    ['link', 0o644],
    ['copy', 0o664],
  ] as const) {
    rmSync(at('incoming/a.whl'), { force: true });
    chmodSync(join(site.root, site.put('incoming/a.whl', 'right')), mode);
    const source = sourceOf('incoming/a.whl');
    before(kind, () => {
      rmSync(at('incoming/a.whl'));
      swap();
    });
    await expect(place(source)).rejects.toMatchObject({ code: 'changed-while-reading' });
    expect(existsSync(at('packages/a.whl'))).toBe(false);
    rmSync(at('incoming/a.whl'), { force: true });
    letWrite();
    expectUntouched();
  }
});

test('placeWhole() does not wait for a pipe', async () => {
  const source = sourceOf('incoming/a.whl');
  rmSync(at('incoming/a.whl'));
  await runOrThrow('mkfifo', [at('incoming/a.whl')]);
  await expect(place(source)).rejects.toMatchObject({ code: 'changed-while-reading' });
});

test('placeWhole() publishes no bytes but those that were hashed', async () => {
  chmodSync(at('incoming/a.whl'), 0o664);
  const source = sourceOf('incoming/a.whl');
  before('copy', () => writeFileSync(at('incoming/a.whl'), 'wrong'));
  await expect(place(source)).rejects.toMatchObject({ code: 'changed-while-reading' });
  expect(readdirSync(at('packages'))).toEqual(['sub']);
});

test.each<[what: string, swap: (own: string) => void]>([
  ['moved away', () => {}],
  ['swapped for a link', (own) => symlinkSync(outside.root, own)],
  ['swapped for another folder', (own) => mkdirSync(own)],
])('placeWhole() goes on when its own folder is %s', async (_what, swap) => {
  before('link', () => {
    const own = readdirSync(at('packages')).find((name) => name.startsWith('.kho-')) as string;
    renameSync(at(`packages/${own}`), at('packages/moved'));
    swap(at(`packages/${own}`));
  });
  expect(await place(sourceOf('incoming/a.whl'))).toBe('placed');
  expect(site.read('packages/a.whl')).toBe('right');
  expect(readdirSync(at('packages/moved'))).toEqual([]);
  rmSync(at('packages/moved'), { recursive: true });
  for (const name of readdirSync(at('packages')))
    if (name.startsWith('.kho-')) rmSync(at(`packages/${name}`), { recursive: true });
  expectUntouched();
});

test('Placing.finish() removes no source that is another by now', async () => {
  const placing = new Placing([at('packages')]);
  const source = sourceOf('incoming/a.whl');
  await placing.place(source, at('packages/a.whl'));
  placing.drop(source, at('packages/a.whl'));
  rmSync(at('incoming/a.whl'));
  site.put('incoming/a.whl', 'later');
  await placing.finish();
  placing.close();
  expect(site.read('incoming/a.whl')).toBe('later');
});
