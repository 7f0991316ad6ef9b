import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { OwnFolders } from './own-folders.ts';

let site: TestSite;
let top: string;
let folders: OwnFolders;
beforeEach(() => {
  site = new TestSite();
  site.put('packages/sub/file', '');
  site.put('other/file', '');
  top = join(site.root, 'packages');
  folders = new OwnFolders([top]);
});
afterEach(() => site.close());

test('OwnFolders has one private folder for all that is below a top, and another for what is elsewhere or apart', () => {
  const [one, two, below] = ['a', 'a', 'sub/a'].map((name) => folders.pathFor(join(top, name)));
  expect(new Set([one, two, below]).size).toBe(3);
  expect(new Set([one, two, below].map((path) => dirname(path as string))).size).toBe(1);
  expect(dirname(dirname(one as string))).toBe(top);
  expect(statSync(dirname(one as string)).mode & 0o777).toBe(0o700);
  expect(dirname(dirname(folders.pathFor(join(top, 'sub/a'), true)))).toBe(join(top, 'sub'));
  expect(dirname(dirname(folders.pathFor(join(site.root, 'other/a'))))).toBe(join(site.root, 'other'));
  expect(dirname(dirname(folders.pathFor(`${top}-2`)))).toBe(site.root);
});

test('OwnFolders takes away what it made with all that is in it, and begins anew', () => {
  const path = folders.pathFor(join(top, 'a'));
  writeFileSync(path, 'left');
  folders.remove();
  expect(readdirSync(top)).toEqual(['sub']);
  expect(existsSync(join(top, 'sub/file'))).toBe(true);
  const again = folders.pathFor(join(top, 'a'));
  expect(dirname(again)).not.toBe(dirname(path));
  folders.remove();
  expect(readdirSync(top)).toEqual(['sub']);
});
