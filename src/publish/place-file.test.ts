import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusal, refuse } from '../../test/support/poor-disk.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { writeNewFile } from '../io/disk.ts';
import { readPageStamp } from '../io/page-stamp.ts';
import { placeFile } from './place-file.ts';
import { nothingStaged } from './stage.ts';
import { folderTarget } from './target.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kho-place-'));
  mkdirSync(join(root, 'packages'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const path = 'packages/foo-1.0-py3-none-any.whl.metadata';
const sha256 = hash('sha256', 'new', 'hex');

async function place(isUnseen: boolean, onWrite: () => void = () => {}) {
  const staged = nothingStaged();
  const names: string[] = [];
  const write = (name: string) => {
    onWrite();
    names.push(name.slice(root.length + 1));
    return writeNewFile(name, 'new');
  };
  await placeFile(folderTarget(root, false), { path, sha256, isUnseen, stampNow: undefined, write }, undefined, staged);
  return { staged, names };
}

test.each([
  ['under its own name when no page names it', true, [path]],
  ['under a temporary name when one may', false, [expect.stringMatching(/^packages\/\.kho-/)]],
])('placeFile() writes %s', async (_what, isUnseen, expected) => {
  const { staged, names } = await place(isUnseen);
  expect(names).toEqual(expected);
  expect(staged.published.get(path)?.[1]).toBe(sha256);
  expect(readdirSync(join(root, 'packages'))).toEqual([path.slice('packages/'.length)]);
});

test('placeFile() puts its file in the place of what another run wrote meanwhile, whole', async () => {
  const { names } = await place(true, () => writeFileSync(join(root, path), 'ne', { flag: 'a' }));
  expect(names).toEqual([path, expect.stringMatching(/^packages\/\.kho-/)]);
  expect(readFileSync(join(root, path), 'utf8')).toBe('new');
  expect(readdirSync(join(root, 'packages'))).toHaveLength(1);
});

const BEFORE = 'what stands there';

/** With a file there, and what is known of it. */
async function replace(content: string, known?: (stamp: string) => [string, string]) {
  writeFileSync(join(root, path), content);
  const stamp = readPageStamp(join(root, path)) as string;
  const staged = nothingStaged();
  const write = (name: string) => writeNewFile(name, 'new');
  await placeFile(folderTarget(root, false), { path, sha256, write }, known?.(stamp), staged);
  return { staged, stamp };
}

test.each<[what: string, content: string, known: ((stamp: string) => [string, string]) | undefined, isKept: boolean]>([
  ['has the bytes, as is known', 'new', (stamp) => [stamp, sha256], true],
  ['has the bytes, which nobody knew', 'new', undefined, true],
  ['is known to have others', 'new', (stamp) => [stamp, 'other'], false],
  ['has other bytes', BEFORE, undefined, false],
  ['was changed since', BEFORE, () => ['other', sha256], false],
])('placeFile() of a file that %s', async (_what, content, known, isKept) => {
  const { staged, stamp } = await replace(content, known);
  expect(readFileSync(join(root, path), 'utf8')).toBe(content); // what replaces it waits with the pages
  if (isKept) {
    expect(staged).toMatchObject({ unchanged: 1, written: 0, moves: [] });
    expect(staged.published.get(path)).toEqual([stamp, sha256]);
    return;
  }
  expect(staged).toMatchObject({ unchanged: 0, written: 1 });
  expect(staged.moves).toEqual([{ from: expect.stringMatching(/\/packages\/\.kho-/), to: path }]);
  expect(readFileSync(staged.moves[0]?.from as string, 'utf8')).toBe('new');
});

test('placeFile() makes the folder of a copy', async () => {
  rmSync(join(root, 'packages'), { recursive: true });
  await place(false);
  expect(readdirSync(join(root, 'packages'))).toHaveLength(1);
});

test('placeFile() throws what keeps a file from being written, and leaves nothing', async () => {
  const fault = () => {
    throw refusal('ENOSPC');
  };
  await expect(place(true, fault)).rejects.toThrow('Cannot write');
  refuse(['rename'], 'EIO');
  await expect(place(false)).rejects.toThrow('Cannot write');
  letWrite();
  expect(readdirSync(join(root, 'packages'))).toEqual([]);
});
