import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { HotFiles } from './hot-files.ts';

function scene(limitBytes: number, files: Record<string, string> = { a: 'aaaaaaaaaa', b: 'bbbbbbbbbb' }) {
  const folder = folderTree(files);
  const clock = { nowMs: 0 };
  const hot = new HotFiles(limitBytes, () => clock.nowMs);
  const take = async (name: string) => {
    const path = join(folder, name);
    const handle = await open(path);
    try {
      return await hot.take(path, handle, await handle.stat());
    } finally {
      await handle.close();
    }
  };
  return { clock, hot, take, path: (name: string) => join(folder, name) };
}

test('HotFiles reads a file when it is asked for again soon', async () => {
  const { clock, hot, take, path } = scene(100);
  expect(await take('a')).toBeUndefined();
  expect((await take('a'))?.bytes.toString()).toBe('aaaaaaaaaa');
  expect(hot.peek(path('a'))?.bytes.toString()).toBe('aaaaaaaaaa');
  clock.nowMs = 20_000;
  expect(await take('b')).toBeUndefined();
  clock.nowMs = 40_000;
  expect(await take('b')).toBeUndefined();
});

test('HotFiles looks at the disk again after a moment, and when told to', async () => {
  const { clock, hot, take, path } = scene(100);
  await take('a');
  await take('a');
  clock.nowMs = 99;
  expect(hot.peek(path('a'))).toBeDefined();
  clock.nowMs = 101;
  expect(hot.peek(path('a'))).toBeUndefined();
  expect(await take('a')).toBeDefined();
  expect(hot.peek(path('a'))).toBeDefined();
  clock.nowMs = 102;
  hot.forget();
  expect(hot.peek(path('a'))).toBeUndefined();
});

test('HotFiles recalls a file by one look at the disk, unless it is another one', async () => {
  const { clock, hot, take, path } = scene(100);
  expect(await hot.recall(path('a'))).toBeUndefined();
  await take('a');
  await take('a');
  clock.nowMs = 101;
  expect((await hot.recall(path('a')))?.bytes.toString()).toBe('aaaaaaaaaa');
  expect(hot.peek(path('a'))).toBeDefined();
  writeFileSync(path('a'), 'AAAAAAAAAA');
  expect(await hot.recall(path('a'))).toBeUndefined();
  rmSync(path('a'));
  expect(await hot.recall(path('a'))).toBeUndefined();
});

test('HotFiles gives the new bytes of a file that changed', async () => {
  const { take, path } = scene(100);
  await take('a');
  const first = await take('a');
  writeFileSync(path('a'), 'AAAAAAAAAA');
  utimesSync(path('a'), first?.stats.atime ?? 0, first?.stats.mtime ?? 0);
  expect((await take('a'))?.bytes.toString()).toBe('AAAAAAAAAA');
  expect(first?.bytes.toString()).toBe('aaaaaaaaaa');
});

test('HotFiles drops what was asked for longest ago', async () => {
  const { hot, take, path } = scene(15);
  for (const name of ['a', 'a', 'b', 'b']) await take(name);
  expect(hot.peek(path('a'))).toBeUndefined();
  expect(hot.peek(path('b'))).toBeDefined();
});

test('HotFiles counts bytes until the last client has them', async () => {
  const { hot, take, path } = scene(15);
  await take('a');
  const used = await take('a');
  if (used === undefined) throw new Error('a is not hot');
  hot.use(used);
  await take('b');
  expect(await take('b')).toBeUndefined();
  writeFileSync(path('a'), 'changed');
  await take('a');
  expect(await take('b')).toBeUndefined();
  hot.release(path('a'), used);
  expect(await take('b')).toBeDefined();
});

test('HotFiles keeps no big file', async () => {
  const { take } = scene(100_000_000, { big: 'x'.repeat(4 * 1024 * 1024 + 1) });
  await take('big');
  expect(await take('big')).toBeUndefined();
});
