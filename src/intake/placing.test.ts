/** The order in which files are brought to their places: content, name, folder; only then does the source go. */

import { hash } from 'node:crypto';
import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { writeHook } from '../io/disk.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { closeFolders } from '../io/reach.ts';
import { Placing } from './placing.ts';

let site: TestSite;
let placing: Placing;
let steps: string[];
beforeEach(() => {
  site = new TestSite();
  site.put('incoming/a.whl', 'bytes');
  site.put('packages/sub/other.whl', '');
  placing = new Placing([at('packages')]);
  steps = [];
  writeHook.before = (kind, path) => {
    const shown = path.slice(site.root.length + 1).replaceAll(/\.kho-[\w-]+/g, 'OWN');
    if (kind !== 'folder' && kind !== 'mode') steps.push(`${kind} ${shown}`);
  };
});
afterEach(() => {
  placing.close();
  letWrite();
  closeFolders();
  site.close();
});

const at = (path: string) => join(site.root, path);
const source = () => ({
  path: at('incoming/a.whl'),
  stamp: fileStamp(statSync(at('incoming/a.whl'))),
  sha256: hash('sha256', 'bytes'),
});

test('Placing flushes content, then names, and only then removes the source', async () => {
  const one = source();
  await placing.place(one, at('packages/sub/a.whl'));
  placing.drop(one, at('packages/sub/a.whl'));
  expect(existsSync(one.path)).toBe(true);
  await placing.finish();
  expect(steps).toEqual([
    'link packages/OWN/OWN',
    'flush packages/OWN/OWN',
    'link packages/sub/a.whl',
    'remove packages/OWN/OWN',
    'flush packages/sub',
    'remove incoming/a.whl',
  ]);
  expect(site.read('packages/sub/a.whl')).toBe('bytes');
});

test('Placing keeps a source that was changed since it was seen', async () => {
  const one = source();
  await placing.place(one, at('packages/a.whl'));
  placing.drop(one, at('packages/a.whl'));
  site.put('incoming/a.whl', 'other bytes');
  await placing.finish();
  expect(existsSync(one.path)).toBe(true);
});

test('Placing flushes the folder of bytes that were there already, before their source goes', async () => {
  site.put('packages/a.whl', 'bytes');
  placing.drop(source(), at('packages/a.whl'));
  await placing.finish();
  expect(steps).toEqual(['flush packages', 'remove incoming/a.whl']);
});

test('Placing flushes a text of its own before it gets its name, over another', () => {
  site.put('packages/a.txt', 'old');
  placing.placeText('reason', at('packages/a.txt'));
  expect(steps).toEqual(['file packages/OWN/OWN', 'flush packages/OWN/OWN', 'rename packages/a.txt']);
  expect(site.read('packages/a.txt')).toBe('reason');
});

test('Placing copies what others may write to, and flushes the copy before it gets its name', async () => {
  chmodSync(at('incoming/a.whl'), 0o666);
  await placing.place(source(), at('packages/a.whl'));
  expect(steps).toEqual([
    'copy packages/OWN/OWN',
    'flush packages/OWN/OWN',
    'link packages/a.whl',
    'remove packages/OWN/OWN',
  ]);
});

test('Placing replaces no folder, whatever it may replace', async () => {
  site.put('packages/a.whl/file', '');
  expect(await placing.place(source(), at('packages/a.whl'), { mayReplace: true })).toBe('other bytes there');
});

test('Placing tells the stamp of what it placed, as long as that stands there', async () => {
  const [placed, copied, there] = ['packages/a.whl', 'packages/sub/a.whl', 'packages/sub/other.whl'].map(at);
  site.put('packages/sub/other.whl', 'other');
  await placing.place(source(), copied as string, { isApart: true });
  await placing.place(source(), placed as string);
  expect(await placing.place(source(), there as string)).toBe('other bytes there');
  for (const path of [placed, copied] as string[]) expect(placing.stampOf(path)).toEqual(fileStamp(statSync(path)));
  expect([placing.stampOf(there as string), placing.stampOf(at('packages/none.whl'))]).toEqual([undefined, undefined]);
  site.put('packages/sub/a.whl', 'by somebody else');
  expect(placing.stampOf(copied as string)).toBeUndefined();
});

test('Placing leaves it to others to flush the names that it gave', async () => {
  const one = source();
  await placing.place(one, at('packages/a.whl'));
  placing.drop(one, at('packages/sub/a.whl'));
  expect(placing.unflushed).toEqual([at('packages'), at('packages/sub')]);
  steps = [];
  placing.wasFlushed();
  await placing.finish();
  expect(steps).toEqual(['remove incoming/a.whl']);
});
