import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refuse } from '../../test/support/poor-disk.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { ContentSoFar } from './content-so-far.ts';

const MB = 1024 * 1024;

let folder: string;
let all: ContentSoFar[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kho-content-'));
  all = [];
});
afterEach(async () => {
  letWrite();
  for (const content of all) await content.remove();
  rmSync(folder, { recursive: true, force: true });
});

function contentSoFar(keepFree = 0): ContentSoFar {
  const content = new ContentSoFar({ folder, keepFree });
  all.push(content);
  return content;
}

async function receive(bytes: Buffer, content = contentSoFar()) {
  for (let at = 0; at < bytes.length; at += 65_521) await content.append(bytes.subarray(at, at + 65_521));
  const ended = await content.end();
  await content.flush();
  return ended;
}

test.each([
  [0, 'memory'],
  [1, 'memory'],
  [MB, 'memory'],
  [MB + 1, 'the disk'],
  [9 * MB, 'the disk'],
])('ContentSoFar has the %i bytes that came, in %s, and their hash', async (size, where) => {
  const bytes = randomBytes(size);
  const { content, sha256 } = await receive(bytes);
  expect('bytes' in content ? 'memory' : 'the disk').toBe(where);
  expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  const stored = 'bytes' in content ? Buffer.from(content.bytes) : readFileSync(join(content.folder, content.part));
  expect(stored.equals(bytes)).toBe(true);
  expect(readdirSync(folder)).toHaveLength('bytes' in content ? 0 : 1);
  await all[0]?.remove();
  expect(readdirSync(folder)).toEqual([]);
});

test('ContentSoFar keeps 16 MiB of all in memory at most, and as much again once some of it has gone', async () => {
  const places: string[] = [];
  for (let count = 0; count < 18; count++) {
    const { content } = await receive(randomBytes(MB));
    places.push('bytes' in content ? 'memory' : 'disk');
  }
  expect(places).toEqual([...Array(16).fill('memory'), 'disk', 'disk']);
  const before = all.splice(0);
  for (const content of [...before, ...before]) await content.remove(); // twice gives nothing back twice
  const again: boolean[] = [];
  for (let count = 0; count < 17; count++) {
    const { content } = await receive(randomBytes(MB));
    again.push('bytes' in content);
    if ('bytes' in content) structuredClone(content.bytes, { transfer: [content.bytes.buffer] }); // given to another thread
  }
  expect(again).toEqual([...Array(16).fill(true), false]);
  for (const content of all.splice(0)) await content.remove();
  expect('bytes' in (await receive(randomBytes(MB))).content).toBe(true);
});

test('ContentSoFar keeps no piece that it is given: somebody may send a byte at a time', async () => {
  const content = contentSoFar();
  const piece = Buffer.of(0);
  for (let count = 0; count < 100_000; count++) {
    piece[0] = count;
    await content.append(piece);
  }
  const ended = await content.end();
  const bytes = Buffer.from('bytes' in ended.content ? ended.content.bytes : []);
  expect(bytes.equals(Buffer.from(Array.from({ length: 100_000 }, (_, count) => count)))).toBe(true);
});

test('ContentSoFar takes nothing any more once it was removed', async () => {
  const content = contentSoFar();
  await content.remove();
  await expect(content.append(randomBytes(10))).rejects.toThrow('nobody takes it');
});

test('ContentSoFar.append() throws where the disk takes no more, and leaves nothing', async () => {
  const content = contentSoFar();
  await content.append(randomBytes(MB));
  refuse(['file'], 'ENOSPC');
  await expect(content.append(randomBytes(1))).rejects.toThrow('Cannot write');
  letWrite();
  await content.remove();
  expect(readdirSync(folder)).toEqual([]);
});

test('ContentSoFar.append() asks the disk for room again and again', async () => {
  const content = contentSoFar(Number.MAX_SAFE_INTEGER);
  const piece = randomBytes(8 * MB);
  const fill = async () => {
    for (let count = 0; count < 10; count++) await content.append(piece);
  };
  await expect(fill()).rejects.toMatchObject({ status: 507 });
});
