import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { checkStateFolder, makeStateFolder, PULL_FOLDER, stateFolder } from './state-folder.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  mkdirSync(stateFolder(site.root));
});
afterEach(() => site.close());

test.each<[what: string, change: (path: string) => void]>([
  ['of the site’s owner', () => {}],
  ['that is not there', (path) => rmSync(path, { recursive: true })],
])('checkStateFolder() takes a folder %s', (_what, change) => {
  change(stateFolder(site.root));
  checkStateFolder(site.root);
});

test.each<[what: string, change: (path: string) => void, why: string]>([
  ['that others may write in', (path) => chmodSync(path, 0o777), 'mode 777'],
  [
    'that is a link',
    (path) => {
      rmSync(path, { recursive: true });
      symlinkSync(join(site.root, 'elsewhere'), path);
    },
    'it is a link',
  ],
  [
    'that is a file',
    (path) => {
      rmSync(path, { recursive: true });
      site.put('.kho', '');
    },
    'it is no folder',
  ],
])('checkStateFolder() refuses one %s', (_what, change, why) => {
  change(stateFolder(site.root));
  expect(() => checkStateFolder(site.root)).toThrow(why);
});

test('makeStateFolder() makes what is not there, and believes no other', () => {
  rmSync(stateFolder(site.root), { recursive: true });
  makeStateFolder(site.root);
  makeStateFolder(site.root);
  checkStateFolder(site.root);
  expect(join(site.root, PULL_FOLDER)).toBe(join(stateFolder(site.root), 'pull'));
  chmodSync(stateFolder(site.root), 0o777);
  expect(() => makeStateFolder(site.root)).toThrow('mode 777');
});
