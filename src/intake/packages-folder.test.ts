import { hash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import type { RepositoryConfig } from '../config/site-config.ts';
import { normalizeName } from '../standards/name.ts';
import { findSameBytes, PackagesFolder } from './packages-folder.ts';

let site: TestSite;
let repository: RepositoryConfig;
beforeEach(() => {
  site = new TestSite();
  const packages = join(site.root, 'glibc/packages');
  mkdirSync(packages, { recursive: true });
  repository = { name: 'glibc', folder: join(site.root, 'glibc'), packages, include: [], projects: new Map() };
});
afterEach(() => site.close());

const FOO = 'foo-1.0-py3-none-any.whl';
const at = (path: string) => join(site.root, 'glibc/packages', path);
const paths = (files: readonly { file: string }[]) => files.map(({ file }) => file);

test('PackagesFolder.whole() finds files by name, also in sub-folders, and not what is ignored', () => {
  for (const path of [FOO, `old/${FOO}`, 'bar-1.0.tar.gz']) site.put(`glibc/packages/${path}`, 'bytes');
  const folder = PackagesFolder.whole(repository, {}, ['bar-*']);
  expect(folder.named(FOO)).toEqual([
    { file: `glibc/packages/${FOO}`, full: at(FOO), size: 5 },
    { file: `glibc/packages/old/${FOO}`, full: at(`old/${FOO}`), size: 5 },
  ]);
  expect(folder.named('bar-1.0.tar.gz')).toEqual([]);
});

test('PackagesFolder takes an empty file for a package, unless kho left it to keep a name', () => {
  site.put(`glibc/packages/${FOO}`, ''); // long ago
  site.put('glibc/packages/bar-1.0.tar.gz', '', new Date());
  const sizes = [FOO, 'bar-1.0.tar.gz'].map((path) => ({ path, size: 0 }));
  const folder = new PackagesFolder(repository, sizes);
  expect([folder.named(FOO).length, folder.named('bar-1.0.tar.gz').length]).toEqual([0, 1]);
});

test('PackagesFolder remembers what came to a place instead of what was there', () => {
  const folder = new PackagesFolder(repository, [{ path: FOO, size: 5 }]);
  folder.put(FOO, { ...folder.placeFor(FOO), size: 7 });
  expect(folder.named(FOO)).toEqual([{ file: `glibc/packages/${FOO}`, full: at(FOO), size: 7 }]);
  folder.put(FOO, { file: `glibc/packages/new/${FOO}`, full: at(`new/${FOO}`), size: 9 });
  expect(folder.named(FOO).map(({ size }) => size)).toEqual([7, 9]);
});

test('PackagesFolder finds files of the same release under names that are spelled otherwise', () => {
  const names = ['Foo-1.0-py3-none-any.whl', 'foo-1.0.0-py3-none-any.whl', 'foo-1.1-py3-none-any.whl', FOO];
  const folder = new PackagesFolder(
    repository,
    names.map((path) => ({ path, size: 1 })),
  );
  const of = { filename: FOO, project: normalizeName('foo'), version: '1.0', kind: 'wheel' as const };
  expect(paths(folder.twins(of))).toEqual(names.slice(0, 2).map((name) => `glibc/packages/${name}`));
});

test.each([
  ['for the same machine', 'foo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl', true],
  ['of its own name', 'foo-1.0-cp311-cp311-linux_x86_64.whl', false],
  ['for another machine', 'foo-1.0-cp311-cp311-manylinux_2_17_aarch64.whl', false],
  ['for one of several', 'foo-1.0-cp311-cp311-manylinux_2_17_aarch64.musllinux_1_1_x86_64.whl', true],
  ['for another Python', 'foo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl', false],
  ['of another version', 'foo-1.1-cp311-cp311-manylinux_2_17_x86_64.whl', false],
  ['that is no wheel', 'foo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl.zip', false],
])('PackagesFolder finds a wheel that was renamed, %s: %s, %s', (_what, name, isFound) => {
  const folder = new PackagesFolder(repository, [{ path: name, size: 1 }]);
  const found = folder.renamed('foo-1.0-cp311-cp311-linux_x86_64.whl');
  expect(found?.file).toBe(isFound ? `glibc/packages/${name}` : undefined);
});

test('findSameBytes() finds the first that has them, and reads none of another size', async () => {
  for (const [name, bytes] of [
    ['a', 'other'],
    ['b', 'bytes'],
    ['c', 'bytes'],
  ] as const)
    site.put(`glibc/packages/${name}`, bytes);
  const file = (name: string, size = 5) => ({ full: at(name), size });
  const sha256 = hash('sha256', 'bytes');
  expect(await findSameBytes([file('a'), file('b', 6), file('c')], 5, sha256)).toEqual(file('c'));
  expect(await findSameBytes([file('a'), file('b'), file('c')], 5, sha256)).toEqual(file('b'));
  expect(await findSameBytes([file('gone', 6)], 5, sha256)).toBeUndefined();
});
