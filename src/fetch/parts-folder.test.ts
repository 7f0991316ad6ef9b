import { chownSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { closeFolders } from '../io/reach.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { openPartsFolder } from './parts-folder.ts';

let site: TestSite;
beforeEach(async () => {
  site = new TestSite();
  site.put('packages/README', '');
  inPlaceTarget((await loadSite(site.root)).config);
});
afterEach(() => {
  closeFolders();
  site.close();
});

const DEAD = '.kho-4194305-0123456789ab-0'; // above any process id of Linux

test('openPartsFolder() keeps what a later run goes on with, and sweeps what none does', () => {
  const first = openPartsFolder(site.root);
  expect(first.path).toBe(join(site.root, '.kho/parts'));
  expect(statSync(first.path).mode & 0o777).toBe(0o700);
  const [recent, forgotten] = [0, 1].map((key) => `.kho-fetch-${`${key}`.repeat(32)}.4194305.part`) as [string, string];
  for (const name of [recent, DEAD, 'notes']) site.put(`.kho/parts/${name}`, 'part', new Date());
  site.put(`.kho/parts/${forgotten}`, 'part', new Date(Date.now() - 8 * 24 * 3600 * 1000));
  first.close();
  openPartsFolder(site.root).close();
  expect(readdirSync(first.path).sort()).toEqual([recent, 'notes']);
});

test.skipIf(process.geteuid?.() !== 0)('openPartsFolder() uses none that another user made, and leaves nothing', () => {
  mkdirSync(join(site.root, '.kho/parts'), { recursive: true });
  chownSync(join(site.root, '.kho/parts'), 64001, 64001);
  const own = openPartsFolder(site.root);
  expect(dirname(own.path)).toBe(join(site.root, '.kho'));
  expect(own.path).not.toBe(join(site.root, '.kho/parts'));
  site.put(own.path.slice(site.root.length + 1).concat('/part'), 'part');
  own.close();
  expect(existsSync(own.path)).toBe(false);
  expect(existsSync(join(site.root, '.kho/parts'))).toBe(true);
});
