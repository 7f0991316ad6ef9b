/** Whatever `placeFile` writes is flushed with the pages, and what it replaces waits for them. */
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { writeNewFile } from '../io/disk.ts';
import { readPageStamp } from '../io/page-stamp.ts';
import type { PublishedPage } from './manifest.ts';
import { placeFile } from './place-file.ts';
import { nothingStaged } from './stage.ts';
import { folderTarget } from './target.ts';

const PATH = 'packages/foo-1.0-py3-none-any.whl.metadata';
const SHA256 = hash('sha256', 'new', 'hex');

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  site.put('packages/foo-1.0-py3-none-any.whl', '');
});
afterEach(() => site.close());

async function place(known: PublishedPage | undefined, isUnseen = false, path = PATH) {
  const staged = nothingStaged();
  const write = (name: string) => writeNewFile(name, 'new');
  await placeFile(folderTarget(site.root, false), { path, sha256: SHA256, isUnseen, write }, known, staged);
  return staged;
}

const stampNow = () => readPageStamp(join(site.root, PATH)) as string;

test.each([
  ['that no page can name', true],
  ['that a page may name', false],
])('placeFile() has a new file %s flushed under its name', async (_what, isUnseen) => {
  expect(await place(undefined, isUnseen)).toMatchObject({ toFlush: [join(site.root, PATH)], moves: [], written: 1 });
  expect(site.read(PATH)).toBe('new');
});

test.each<[what: string, known: () => PublishedPage | undefined]>([
  ['nobody knows', () => undefined],
  ['is known with other bytes', () => [stampNow(), hash('sha256', 'old', 'hex')]],
  ['changed since', () => ['another stamp', SHA256]],
])('placeFile() has what replaces a file that %s flushed, and moved with the pages', async (_what, known) => {
  site.put(PATH, 'old');
  const staged = await place(known());
  expect(site.read(PATH)).toBe('old');
  expect(staged).toMatchObject({ written: 1, unchanged: 0, moves: [{ from: staged.toFlush[0], to: PATH }] });
  expect(dirname(staged.toFlush[0] as string)).toBe(join(site.root, 'packages'));
  expect(readFileSync(staged.toFlush[0] as string, 'utf8')).toBe('new');
});

test.each<[what: string, known: () => PublishedPage | undefined]>([
  ['its stamp is known', () => [stampNow(), SHA256]],
  ['its bytes tell', () => undefined],
])('placeFile() leaves what is right as it is: %s', async (_what, known) => {
  site.put(PATH, 'new');
  const staged = await place(known());
  expect(staged).toMatchObject({ written: 0, unchanged: 1, moves: [], toFlush: [] });
  expect(staged.published.get(PATH)).toEqual([stampNow(), SHA256]);
});

test('placeFile() leaves nothing behind where the name cannot be given', async () => {
  const target = folderTarget(site.root, false);
  const write = (name: string) => {
    const stamp = writeNewFile(name, 'new');
    mkdirSync(join(site.root, PATH)); // at this very moment
    return stamp;
  };
  const file = { path: PATH, sha256: SHA256, stampNow: undefined, write };
  await expect(placeFile(target, file, undefined, nothingStaged())).rejects.toMatchObject({ code: 'WRITE' });
  expect(readdirSync(join(site.root, 'packages')).filter((name) => name.startsWith('.kho-'))).toEqual([]);
});

test('placeFile() makes the folder of a copy', async () => {
  await place(undefined, false, 'packages/sub/foo-1.0.tar.gz');
  expect(existsSync(join(site.root, 'packages/sub/foo-1.0.tar.gz'))).toBe(true);
});
