import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { PageStore } from './page-store.ts';

const LONG = 'page '.repeat(200);

function scene(limitBytes = 1_000_000) {
  const folder = folderTree({ a: LONG, b: LONG.toUpperCase(), small: 'small', out: '-> /etc/passwd' });
  const clock = { nowMs: 1000 };
  const store = new PageStore(limitBytes, undefined, () => clock.nowMs);
  return {
    store,
    clock,
    path: (name: string) => join(folder, name),
    get: (name: string) => store.get(join(folder, name), folder),
  };
}

test('PageStore reads a page, and has it at hand for a moment', async () => {
  const { store, clock, path, get } = scene();
  expect(store.peek(path('a'))).toBeUndefined();
  const page = await get('a');
  expect(page?.bytes.toString()).toBe(LONG);
  expect(store.peek(path('a'))).toBe(page);
  clock.nowMs += 100;
  expect(store.peek(path('a'))).toBeUndefined();
  expect(await get('a')).toBe(page);
  expect(store.peek(path('a'))).toBe(page);
});

test('PageStore sees a new page after a moment, and at once when told', async () => {
  const { store, clock, path, get } = scene();
  const before = await get('a');
  writeFileSync(path('a'), 'new');
  expect((await get('a'))?.bytes.toString()).toBe(LONG);
  clock.nowMs += 1;
  store.forget();
  const after = await get('a');
  expect(after?.bytes.toString()).toBe('new');
  expect(after?.hash).not.toBe(before?.hash);
  rmSync(path('a'));
  clock.nowMs += 100;
  expect(await get('a')).toBeUndefined();
  expect(store.bytes).toBe(0);
});

test('PageStore finds nothing that is missing, or that a link leads out to', async () => {
  const { get } = scene();
  expect([await get('missing'), await get('out'), await get('')]).toEqual([undefined, undefined, undefined]);
});

test('PageStore asks the disk once for many', async () => {
  const { get } = scene();
  const pages = await Promise.all(Array.from({ length: 20 }, () => get('a')));
  expect(new Set(pages).size).toBe(1);
});

test('StoredPage.packed() packs once, and leaves small pages as they are', async () => {
  const { store, get } = scene();
  const page = await get('a');
  const [gzipped, again, brotli] = await Promise.all([page?.packed('gzip'), page?.packed('gzip'), page?.packed('br')]);
  expect(gunzipSync(gzipped ?? '').toString()).toBe(LONG);
  expect(brotliDecompressSync(brotli ?? '').toString()).toBe(LONG);
  expect(again).toBe(gzipped);
  expect(store.bytes).toBe(LONG.length + (gzipped?.length ?? 0) + (brotli?.length ?? 0));
  expect((await get('small'))?.codingFor('gzip')).toBe('identity');
});

test('PageStore keeps to its limit, packed pages included', async () => {
  const { store, path, get } = scene(LONG.length * 2);
  const first = await get('a');
  await get('b');
  expect(store.bytes).toBe(LONG.length * 2);
  await first?.packed('gzip');
  expect(store.bytes).toBeLessThanOrEqual(LONG.length * 2);
  expect(store.peek(path('b'))).toBeUndefined();
  expect(store.peek(path('a'))).toBe(first);
});

test('PageStore keeps no page that is bigger than its limit, but gives it', async () => {
  const { store, get } = scene(10);
  expect((await get('a'))?.bytes.toString()).toBe(LONG);
  expect(store.bytes).toBe(0);
});

test('StoredPage.variant() has the ones asked for lately, and they count', async () => {
  const { store, get } = scene();
  const page = await get('a');
  const before = store.bytes;
  const first = page?.addVariant('0', Buffer.from('first'));
  for (let count = 1; count < 8; count++) page?.addVariant(String(count), Buffer.alloc(1000));
  await page?.variant('1')?.packed('gzip');
  expect(page?.variant('0')).toBe(first);
  expect(page?.variant('none')).toBeUndefined();
  page?.addVariant('8', Buffer.alloc(1000));
  expect([page?.variant('0') === first, page?.variant('2'), page?.variant('1') === undefined]).toEqual([
    true,
    undefined,
    false,
  ]);
  for (let count = 10; count < 100; count++) page?.addVariant(String(count), Buffer.alloc(1000));
  expect(page?.variant('0')).toBeUndefined();
  expect(store.bytes).toBe(before + 8 * 1000);
  await first?.packed('br'); // somebody may still hold it
  expect(store.bytes).toBe(before + 8 * 1000);
});
