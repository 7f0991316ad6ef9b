import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ReceivingFolders } from './receiving-folders.ts';

let around: string;
beforeEach(() => {
  around = mkdtempSync(join(tmpdir(), 'kho-receiving-'));
});
afterEach(() => rmSync(around, { recursive: true, force: true }));

test('ReceivingFolders.lend() gives each a folder of his own, empty and private, and keeps one for the next while others are lent', () => {
  const folders = new ReceivingFolders();
  const [first, second] = [folders.lend(around), folders.lend(around)];
  expect(first.path).not.toBe(second.path);
  expect(statSync(first.path).mode & 0o777).toBe(0o700);
  writeFileSync(join(first.path, 'part'), 'x');
  first.giveBack();
  first.giveBack();
  const third = folders.lend(around);
  expect(third.path).toBe(first.path);
  expect(readdirSync(third.path)).toEqual([]);
  third.giveBack();
  expect(readdirSync(around)).toHaveLength(2);
  second.giveBack();
  expect(readdirSync(around)).toEqual([]); // the last one takes all along
});

test('ReceivingFolders.lend() makes another one where the folder around it was swapped', () => {
  const folders = new ReceivingFolders();
  const [first, second] = [folders.lend(around), folders.lend(around)];
  first.giveBack();
  renameSync(around, `${around}.old`);
  mkdirSync(around);
  const third = folders.lend(around);
  expect(readdirSync(around)).toHaveLength(1);
  third.giveBack();
  second.giveBack();
  expect(readdirSync(around)).toEqual([]);
  rmSync(`${around}.old`, { recursive: true });
});
