import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { anchor, closeFolders, forgetFolder } from '../io/reach.ts';
import { trustOwnerOf } from '../io/trusted-owners.ts';
import { type Origin, originKey, readOrigins, rememberOrigin, tidyOrigins } from './origins.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  anchor(site.root, 'own');
  trustOwnerOf(site.root);
});
afterEach(() => {
  forgetFolder(join(site.root, '.kho-keep'));
  closeFolders(site.root);
  site.close();
});

const origin = (number: number, more: Partial<Origin> = {}): Origin => ({
  filename: `foo-${number}.0.tar.gz`,
  sha256: String(number).padStart(64, '0'),
  project: 'foo',
  index: 'https://index.example/simple/',
  fetched: '2026-01-02T03:04:05.678Z',
  ...more,
});
const remember = (...origins: Origin[]) => {
  for (const each of origins) rememberOrigin(site.root, each);
};
const known = () => [...readOrigins(site.root).origins.values()];

test('readOrigins() knows of each file, by name and hash, what was remembered last', () => {
  const other = origin(1, { sha256: 'f'.repeat(64) });
  const later = origin(1, { index: 'https://other.example/', uploaded: '2025-01-01T00:00:00Z' });
  remember(origin(1), other, later);
  const { origins, damaged } = readOrigins(site.root);
  expect([origins.get(originKey(origin(1))), origins.get(originKey(other)), origins.size, damaged]).toEqual([
    later,
    other,
    2,
    0,
  ]);
});

test('rememberOrigin() keeps no more of an address than there is room for', () => {
  remember(origin(1, { index: `https://index.example/${'a'.repeat(3000)}/` }));
  expect(known()).toEqual([origin(1, { index: 'https://index.example' })]);
});

test('tidyOrigins() tells of damaged lines, and keeps the file aside', () => {
  remember(origin(1), origin(2), origin(3));
  const path = join(site.root, '.kho-keep/origins');
  writeFileSync(path, site.read('.kho-keep/origins').replace('foo-2', 'fop-2'));
  const damaged = site.read('.kho-keep/origins');
  expect(readOrigins(site.root).damaged).toBe(1);
  expect(tidyOrigins(site.root, () => true)).toEqual([
    `where files were fetched from: 1 damaged line is left out; what was there is kept in "${path}.damaged-1"`,
  ]);
  expect(site.read('.kho-keep/origins.damaged-1')).toBe(damaged);
  expect([known(), readOrigins(site.root).damaged]).toEqual([[origin(1), origin(3)], 0]);
  expect(tidyOrigins(site.root, () => true)).toEqual([]);
  expect(readdirSync(join(site.root, '.kho-keep')).sort()).toEqual(['origins', 'origins.damaged-1']);
});

test.each<[what: string, change: Partial<Record<keyof Origin, unknown>>]>([
  ['a hash that is none', { sha256: 'abc' }],
  ['no project', { project: undefined }],
  ['a name that steers a terminal', { filename: 'foo\u001b[2J-1.0.tar.gz' }],
])('readOrigins() leaves out %s', (_what, change) => {
  remember(origin(1), { ...origin(2), ...change } as Origin);
  expect(readOrigins(site.root)).toMatchObject({ damaged: 1 });
});

test('tidyOrigins() forgets what stands there twice, and of too many those of files that are gone, the oldest first', () => {
  remember(origin(1), origin(2), origin(3), origin(4), origin(5));
  expect(tidyOrigins(site.root, (filename) => filename === 'foo-1.0.tar.gz', 3)).toEqual([]);
  expect(known()).toEqual([origin(1), origin(4), origin(5)]);
  tidyOrigins(site.root, () => true, 1);
  expect(known()).toHaveLength(3);
  for (let count = 0; count < 5; count++) remember(origin(1));
  tidyOrigins(site.root, () => true);
  expect(site.read('.kho-keep/origins').trim().split('\n')).toHaveLength(4);
});
