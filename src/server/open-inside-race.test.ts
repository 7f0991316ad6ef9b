import { mkdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { InsideOpener } from './open-inside.ts';

/** What happens right before it is asked where a path leads. */
let turn: () => void = () => {};

let site: TestSite;
let outside: TestSite;
beforeEach(() => {
  const real = promises.realpath as (path: string) => Promise<string>;
  const turnFirst = (path: string) => {
    turn();
    return real(path);
  };
  vi.spyOn(promises, 'realpath').mockImplementation(turnFirst as typeof promises.realpath);
  syncBuiltinESMExports();
  [site, outside] = [new TestSite(), new TestSite()];
  outside.put('page.html', 'secret');
  mkdirSync(join(site.root, 'real'));
  writeFileSync(join(site.root, 'real/page.html'), 'page');
  symlinkSync(outside.root, join(site.root, 'link'));
});
afterEach(() => {
  turn = () => {};
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  site.close();
  outside.close();
});

test('InsideOpener opens nothing outside by a link that is turned to the inside before it is looked at', async () => {
  turn = () => {
    turn = () => {};
    unlinkSync(join(site.root, 'link'));
    renameSync(join(site.root, 'real'), join(site.root, 'link'));
  };
  const opened = await new InsideOpener().open(join(site.root, 'link/page.html'), site.root);
  expect(await opened?.handle.readFile('utf8')).toBe('page');
  await opened?.handle.close();
});

test('InsideOpener opens a page that is replaced while it is looked at, and gives up one that never rests', async () => {
  const path = join(site.root, 'real/page.html');
  const replace = (text: string) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  turn = () => {
    turn = () => {};
    replace('new page');
  };
  const opened = await new InsideOpener().open(path, site.root);
  expect(await opened?.handle.readFile('utf8')).toBe('new page');
  await opened?.handle.close();
  turn = () => replace('again');
  expect(await new InsideOpener().open(path, site.root)).toBeUndefined();
});
