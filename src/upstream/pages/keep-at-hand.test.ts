/** Whether the page that web servers have while kho does not run may be written at this moment. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KeptUpstreamSite } from '../../../test/support/kept-upstream.ts';
import { closeFolders } from '../../io/reach.ts';
import { Journal } from '../../publish/journal.ts';
import { lockHolder, lockSite } from '../../publish/lock.ts';
import { normalizeName } from '../../standards/name.ts';
import type { LooseDetail } from '../../standards/simple-api/types.ts';
import { keepAtHand, lookAtHand } from './keep-at-hand.ts';

let site: KeptUpstreamSite;
beforeEach(async () => {
  site = new KeptUpstreamSite();
  site.wheel('red', { name: 'farm', version: '1.0' });
  site.settings();
  await site.build();
});
afterEach(() => {
  closeFolders();
  site.close();
});

const place = () => ({
  ...{ root: site.root, repository: 'red', folder: join(site.root, 'red') },
  ...{ project: normalizeName('foo'), upstream: 'public' },
});

function pageOf(version: string): LooseDetail {
  const filename = `foo-${version}-py3-none-any.whl`;
  const files = [{ filename, url: `../../${filename}`, hashes: { sha256: 'a'.repeat(64) } }];
  return { meta: { 'api-version': '1.0' }, name: 'foo', versions: [version], files };
}

const keep = (detail: LooseDetail | undefined = pageOf('1.0')) => keepAtHand(place(), () => detail);

test('keepAtHand() writes a page in both forms, and lets go of the lock', async () => {
  expect(lookAtHand(place(), pageOf('1.0'))).toBe('other');
  expect(await keep()).toBe('as it is to be');
  expect(site.atHand('foo')).toEqual(['1.0']);
  expect(site.read('upstream/simple/red/simple/foo/index.html')).toContain('foo-1.0-py3-none-any.whl');
  expect([lookAtHand(place(), pageOf('1.0')), lookAtHand(place(), pageOf('2.0'))]).toEqual(['as it is to be', 'other']);
  expect(lockHolder(site.root)).toBeUndefined();
});

test('lookAtHand() removes the page of a project of which nothing is at hand', async () => {
  await keep();
  expect(lookAtHand(place(), undefined)).toBe('as it is to be');
  expect(site.atHand('foo')).toBeUndefined();
});

test('keepAtHand() writes nothing while somebody publishes, and needs no lock for a page that is the same', async () => {
  await keep();
  const unlock = await lockSite(site.root);
  expect([await keep(pageOf('2.0')), await keep(pageOf('1.0'))]).toEqual(['late', 'as it is to be']);
  expect(site.atHand('foo')).toEqual(['1.0']);
  unlock();
  expect(await keep(pageOf('2.0'))).toBe('as it is to be');
  expect(site.atHand('foo')).toEqual(['2.0']);
});

test('keepAtHand() writes nothing after a publish that died, until a build has mended it', async () => {
  new Journal(site.root, 'journal').write(['bar']);
  expect([await keep(), site.atHand('foo')]).toEqual(['late', undefined]);
  await site.build();
  expect([await keep(), site.atHand('foo')]).toEqual(['as it is to be', ['1.0']]);
});

test('keepAtHand() makes the page of what is there once nobody else publishes', async () => {
  const made = ['before', 'under the lock'].map((_, at) => pageOf(`${at + 1}.0`));
  let times = 0;
  await keepAtHand(place(), () => made[Math.min(times++, 1)]);
  expect(site.atHand('foo')).toEqual(['2.0']);
});

test.each<[what: string, change: () => void]>([
  ['kho.toml says that the name is own', () => site.settings('own = ["foo"]')],
  ['the repository passes on nothing', () => site.settings('', '')],
  ['the repository is private', () => site.settings('', 'upstreams = ["public"]\nprivate = true')],
  [
    'the repository passes on another index',
    () => site.put('kho.toml', '[upstreams.other]\n[repositories.red]\nupstreams = ["other"]\n'),
  ],
  [
    'the repository is gone',
    () => {
      site.put('kho.toml', '[upstreams.public]\n');
      site.remove('red');
    },
  ],
])('keepAtHand() goes by what is on disk, whatever a server has read before: %s', async (_what, change) => {
  await keep();
  site.wheel('blue', { name: 'farm', version: '1.0' });
  change();
  expect(await keep(pageOf('2.0'))).toBe('as it is to be');
  expect(site.atHand('foo')).toBeUndefined();
});

test('keepAtHand() writes nothing of a name of which the site has got a file of its own', async () => {
  site.wheel('red', { name: 'foo', version: '9.0' });
  await site.build();
  expect([await keep(), site.atHand('foo')]).toEqual(['as it is to be', undefined]);
});

test.each<[what: string, spoil: () => void]>([
  ['kho.toml cannot be read', () => site.put('kho.toml', 'own = [')],
  ['what is remembered of names cannot be read', () => site.put('.kho-keep/names', 'rubbish')],
])('keepAtHand() writes nothing where %s', async (_what, spoil) => {
  spoil();
  expect([await keep(), site.atHand('foo'), lockHolder(site.root)]).toEqual(['late', undefined, undefined]);
});
