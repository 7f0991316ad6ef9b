import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeNewFile } from '../io/disk.ts';
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
