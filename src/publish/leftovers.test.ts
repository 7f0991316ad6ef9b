import { chownSync, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchCalls } from '../../test/support/changing-calls.ts';
import { plainTarget } from '../../test/support/plain-target.ts';
import { TestSite } from '../../test/support/site.ts';
import { findLeftovers, removeLeftovers } from './leftovers.ts';
import { folderTarget } from './target.ts';

const DEAD = '.kho-999999999-0123456789ab-0';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  for (const place of ['', '.kho/', '.kho/parts/', 'glibc/', 'glibc/packages/', 'glibc/packages/sub/'])
    site.put(`${place}${DEAD}`, '');
});
afterEach(() => site.close());

const IN_SITE = ['', '.kho/', '.kho/parts/', 'glibc/'];

test.each([
  ['beside the packages, whose folders the scan looks at', () => plainTarget(site.root), IN_SITE],
  ['to another folder', () => folderTarget(site.root, false), [...IN_SITE, 'glibc/packages/', 'glibc/packages/sub/']],
])('findLeftovers() of a site published %s', (_what, target, places) => {
  const expected = places.map((place) => join(site.root, place, DEAD));
  expect(findLeftovers(target(), ['glibc']).sort()).toEqual(expected.sort());
});

test('removeLeftovers() moves into a folder that nobody else may look into, and removes there', () => {
  const modes: number[] = [];
  const stop = watchCalls([site.root], {
    before({ name, paths }) {
      if (name === 'renameSync') modes.push(statSync(dirname(paths[1] as string)).mode & 0o777);
      if (name === 'unlinkSync') expect(paths[0]).not.toBe(join(site.root, 'glibc', DEAD));
    },
  });
  removeLeftovers([join(site.root, 'glibc', DEAD)]);
  stop();
  expect(modes).toEqual([0o700]);
  expect(readdirSync(join(site.root, 'glibc'))).toEqual(['packages']);
});

test('removeLeftovers() keeps metadata whose package came back', () => {
  const [lone, kept] = ['foo-1.0-py3-none-any.whl', 'bar-1.0-py3-none-any.whl'].map((name) => `glibc/packages/${name}`);
  site.put(`${lone}.metadata`, '');
  site.put(`${kept}.metadata`, '');
  site.put(`${kept}`, '');
  removeLeftovers([`${site.root}/${lone}.metadata`, `${site.root}/${kept}.metadata`]);
  expect(existsSync(`${site.root}/${lone}.metadata`)).toBe(false);
  expect(existsSync(`${site.root}/${kept}.metadata`)).toBe(true);
});

test('findLeftovers() looks into what kho keeps where it is its own, and into no folder of others', () => {
  site.put(`.kho-keep/${DEAD}`, '');
  expect(findLeftovers(plainTarget(site.root), [])).toContain(join(site.root, '.kho-keep', DEAD));
  if (process.getuid?.() === 0) {
    chownSync(join(site.root, '.kho-keep'), 12_345, 12_345);
    expect(findLeftovers(plainTarget(site.root), [])).not.toContain(join(site.root, '.kho-keep', DEAD));
  }
  site.remove('.kho-keep');
  site.put('.kho-keep', 'a text');
  expect(findLeftovers(plainTarget(site.root), [])).toHaveLength(3);
});

test('findLeftovers() of copies looks into no hidden folder, nor into one of the system', () => {
  site.remove('glibc');
  for (const folder of ['lost+found', '.hidden', 'sub/deep']) site.put(`glibc/packages/${folder}/${DEAD}`, '');
  const found = findLeftovers(folderTarget(site.root, false), ['glibc', 'missing']);
  expect(found.filter((path) => path.includes('/packages/'))).toEqual([
    join(site.root, 'glibc/packages/sub/deep', DEAD),
  ]);
});

test('removeLeftovers() removes several of one folder, folders too, and what is gone already is no fault', () => {
  site.put(`glibc/${DEAD}-1/simple/index.html`, '');
  removeLeftovers(
    ['glibc', 'missing'].flatMap((folder) => [DEAD, `${DEAD}-1`].map((name) => join(site.root, folder, name))),
  );
  removeLeftovers([join(site.root, 'glibc', DEAD)]);
  expect(readdirSync(join(site.root, 'glibc'))).toEqual(['packages']);
  expect(existsSync(join(site.root, 'missing'))).toBe(false);
});
