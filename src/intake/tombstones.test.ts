/** Names of removed files: other bytes never come there again. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWheel } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { previewBuild } from '../build-site.ts';
import { loadSite } from '../config/load-config.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { takeIncoming } from './take-incoming.ts';
import { isTombstoned, putTombstone, removedHashes, TOMBSTONES } from './tombstones.ts';

const FOO = 'foo-1.0-py3-none-any.whl';
const foo = makeWheel({ name: 'foo', version: '1.0' });
const other = makeWheel({ name: 'foo', version: '1.0', description: 'other bytes' });
const REMOVED = '2026-11-29T08:00:00.000Z';

let site: TestSite;
let sha256: string;
beforeEach(async () => {
  site = new TestSite();
  site.put('glibc/packages/README', '');
  site.put('incoming/README', '');
  sha256 = await hashFile(`${site.root}/${site.put('foo', foo)}`);
  inPlaceTarget((await loadSite(site.root)).config);
  putTombstone(site.root, { filename: FOO, sha256, repository: 'glibc', removed: REMOVED });
});
afterEach(() => site.close());

const take = async () => takeIncoming((await loadSite(site.root)).config, { now: Date.now() });

test('isTombstoned() knows other bytes under a name that was removed from a repository', () => {
  const otherSha = 'a'.repeat(64);
  expect(isTombstoned(site.root, FOO, otherSha, 'glibc')).toBe(true);
  expect(isTombstoned(site.root, FOO, sha256, 'glibc')).toBe(false);
  expect(isTombstoned(site.root, FOO, otherSha, 'musl')).toBe(false);
  expect(isTombstoned(site.root, 'bar-1.0.tar.gz', otherSha, 'glibc')).toBe(false);
  putTombstone(site.root, { filename: FOO, sha256: otherSha, repository: 'glibc', removed: REMOVED });
  expect(isTombstoned(site.root, FOO, otherSha, 'glibc')).toBe(false);
});

test('putTombstone() writes down once what was removed once more', () => {
  const otherSha = 'a'.repeat(64);
  for (const each of [sha256, otherSha, sha256, otherSha])
    putTombstone(site.root, { filename: FOO, sha256: each, repository: 'glibc', removed: REMOVED });
  expect(removedHashes(site.root, FOO, 'glibc')).toEqual([sha256, otherSha]);
  expect(removedHashes(site.root, FOO, 'musl')).toEqual([]);
});

test.each([
  ['no name of a file', { filename: 7 }],
  ['no name of a repository', { repository: undefined }],
  ['no time', { removed: null }],
  ['no hash', { sha256: 'A'.repeat(64) }],
])('a line of removed files with %s is left out', (_what, wrong) => {
  const right = { filename: FOO, sha256: 'a'.repeat(64), repository: 'glibc', removed: REMOVED };
  expect(TOMBSTONES.parse(JSON.stringify(right))).toEqual(right);
  expect(TOMBSTONES.parse(JSON.stringify({ ...right, ...wrong }))).toBeUndefined();
});

test('takeIncoming() refuses other bytes under a removed name, and takes the same again', async () => {
  site.put(`incoming/${FOO}`, other);
  const { config } = await loadSite(site.root);
  const preview = await previewBuild(config);
  expect(preview.notes).toMatchObject([{ code: 'refused', file: `incoming/${FOO}` }]);
  const refused = await take();
  expect(refused).toMatchObject({ moved: [], events: [{ code: 'refused', file: `incoming/${FOO}` }] });
  expect(refused.events[0]?.what).toContain('other bytes were removed under this name');
  expect(refused.events[0]?.hint).toContain('or bring the removed file back: kho restore FILE');
  expect(site.read(`incoming/refused/${FOO}.txt`)).toContain(`kho restore ${FOO}`);
  site.put(`incoming/${FOO}`, foo);
  expect((await take()).moved).toEqual([{ file: `incoming/${FOO}`, to: `glibc/packages/${FOO}` }]);
});

test('takeIncoming() lets other bytes come where kho.toml allows to replace files', async () => {
  site.put('kho.toml', '[repositories.glibc]\noverwrite = true\n');
  site.put(`incoming/${FOO}`, other);
  expect((await take()).moved).toHaveLength(1);
});
