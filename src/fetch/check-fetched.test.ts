/** Where a file may go that was brought, or is to be: what its name tells, what is in it, and what was removed there. */
import { createHash } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWheel } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { putTombstone } from '../intake/tombstones.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { normalizeName } from '../standards/name.ts';
import { checkFetched, heldByName, refuseByName, wasRemovedFrom } from './check-fetched.ts';
import type { ToFetch } from './plan-fetch.ts';

let site: TestSite;
beforeEach(async () => {
  site = new TestSite();
  for (const name of ['red', 'blue']) mkdirSync(join(site.root, name, 'packages'), { recursive: true });
  site.put('kho.toml', '[repositories]\nred.platforms = []\nblue.platforms = ["glibc-x86_64"]\n');
  inPlaceTarget(await config());
});
afterEach(() => site.close());

const FOO = 'foo-1.0-py3-none-any.whl';
const MANYLINUX = 'foo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl';
const WINDOWS = 'foo-1.0-cp311-cp311-win_amd64.whl';
const OTHER = 'a'.repeat(64);

const config = async () => (await loadSite(site.root)).config;
const folder = (name: string) => join(site.root, name, 'packages');

function toFetch(filename: string, into: string[], sha256?: string): ToFetch {
  const file = { origin: 'upstream' as const, filename, version: '1.0', isYanked: false };
  const url = new URL(`https://index.example/${filename}`);
  return { project: normalizeName('foo'), file: { ...file, url, ...(sha256 && { sha256 }) }, into, isHeld: false };
}

async function check(filename: string, bytes: Uint8Array, into = ['blue', 'red']) {
  const path = join(site.root, site.put('fetched', bytes));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const source = { path, stamp: fileStamp(statSync(path)), sha256 };
  const checked = await checkFetched(source, toFetch(filename, into, sha256), into.map(folder), await config());
  return { ...checked, taking: checked.taking.map((each) => each.slice(site.root.length + 1)) };
}

test('heldByName() tells which repositories would hold a file, why, and the way out', async () => {
  const files = [toFetch(FOO, ['red', 'blue']), toFetch(MANYLINUX, ['blue', 'red'])];
  expect(heldByName(files, await config())).toEqual([
    { filename: MANYLINUX, repository: 'red', how: 'would hold it', why: expect.stringMatching(/^is .*"red".*; \w.*/) },
  ]);
});

test('refuseByName() refuses what each of its repositories would hold', async () => {
  const known = await config();
  expect(() => refuseByName(toFetch(WINDOWS, ['red', 'blue']), known)).toThrow(
    `Cannot bring "${WINDOWS}": "red" would hold it, since it is`,
  );
  for (const into of [['red', 'blue'], ['blue', 'red'], ['blue'], []]) refuseByName(toFetch(MANYLINUX, into), known);
});

test('wasRemovedFrom() knows what was removed from that repository, unless uploads replace files there', async () => {
  putTombstone(site.root, { filename: FOO, sha256: OTHER, repository: 'red', removed: '2026-11-29T08:00:00.000Z' });
  const file = { filename: FOO, sha256: 'b'.repeat(64) };
  expect(wasRemovedFrom(await config(), 'red', file)).toBe(true);
  expect(wasRemovedFrom(await config(), 'blue', file)).toBe(false);
  expect(wasRemovedFrom(await config(), 'red', { filename: FOO, sha256: OTHER })).toBe(false);
  const why = 'has other bytes than the file that was removed there under this name, which clients may remember';
  expect(heldByName([toFetch(FOO, ['red', 'blue'], file.sha256), toFetch(FOO, ['red'])], await config())).toEqual([
    { filename: FOO, repository: 'red', how: 'does not take it', why },
  ]);
  site.put('kho.toml', '[repositories]\nblue.overwrite = true\n');
  expect(wasRemovedFrom(await config(), 'red', file)).toBe(true);
  site.put('kho.toml', '[repositories]\nred.overwrite = true\n');
  expect(wasRemovedFrom(await config(), 'red', file)).toBe(false);
});

test('checkFetched() says where a file may go, and why not elsewhere', async () => {
  const bytes = makeWheel({ name: 'foo', version: '1.0' });
  expect(await check(FOO, bytes)).toEqual({ taking: ['blue/packages', 'red/packages'], held: [] });
  const spelled = 'Foo-1.0-py3-none-any.whl';
  site.put(`red/packages/${spelled}`, bytes);
  expect((await check(FOO, bytes)).held).toEqual([]); // the same bytes
  site.put(`red/packages/${spelled}`, makeWheel({ name: 'Foo', version: '1.0', description: 'other' }));
  site.put('red/packages/bar-1.0-py3-none-any.whl', 'something else');
  const why = `is the same file of its release as "${spelled}", spelled differently`;
  const held = [{ filename: FOO, repository: 'red', how: 'would hold it', why }];
  expect(await check(FOO, bytes)).toEqual({ taking: ['blue/packages'], held });
  await expect(check(FOO, bytes, ['red'])).rejects.toMatchObject({
    code: 'UPSTREAM',
    message: `Cannot bring "${FOO}": "red" would hold it, since it ${why}`,
  });
});

test.each([
  ['what is no wheel', Buffer.from('no zip'), ''],
  ['a wheel of another name', makeWheel({ name: 'bar', version: '1.0' }), 'bar'],
])('checkFetched() refuses %s', async (_what, bytes, why) => {
  await expect(check(FOO, bytes)).rejects.toMatchObject({
    code: 'UPSTREAM',
    message: expect.stringMatching(new RegExp(`^Cannot bring "${FOO}": it .*${why}`)),
  });
});
