import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import type { RepositoryConfig } from '../config/site-config.ts';
import { PackagesListing } from './packages-listing.ts';

let site: TestSite;
let repository: RepositoryConfig;
let listing: PackagesListing;

beforeEach(async () => {
  site = new TestSite();
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.put('glibc/packages/more/bar-1.0.tar.gz', 'x');
  const { config } = await loadSite(site.root);
  repository = config.repositories.find(({ name }) => name === 'glibc') as RepositoryConfig;
  listing = new PackagesListing(repository, {});
});
afterEach(() => site.close());

const FOO = 'foo-1.0-py3-none-any.whl';
const OTHER = 'glibc/packages/foo-2.0-py3-none-any.whl';

test.each<[what: string, change: () => void, stands: boolean]>([
  ['nothing happened', () => {}, true],
  ['kho put metadata beside a package', () => site.put(`glibc/packages/${FOO}.metadata`, 'x'), true],
  ['something is being received', () => site.put('glibc/packages/.kho-1-000000000000-0/part', 'x'), true],
  ['a package came', () => site.put(OTHER, 'x'), false],
  ['a package came into a folder', () => site.put('glibc/packages/more/foo-2.0.tar.gz', 'x'), false],
  ['a folder came', () => site.put('glibc/packages/new/foo-2.0.tar.gz', 'x'), false],
  ['a package went', () => site.remove(`glibc/packages/${FOO}`), false],
  ['a folder went', () => site.remove('glibc/packages/more'), false],
])('PackagesListing.stands() says whether it is to be believed: %s', (_what, change, stands) => {
  change();
  expect(listing.stands([])).toBe(stands);
});

test('PackagesListing.put() remembers what kho itself put there', () => {
  site.put(OTHER, 'xyz');
  const full = join(site.root, OTHER);
  listing.put('foo-2.0-py3-none-any.whl', { file: OTHER, full, size: 3 });
  expect(listing.stands([])).toBe(true);
  listing.restamp();
  expect(listing.stands([])).toBe(true);
  expect(listing.stands(['more'])).toBe(false);
});

test('PackagesListing.named() tells sizes as they are, and namesLike() names that may be of a project', () => {
  expect(listing.named('bar-1.0.tar.gz')).toEqual([
    { file: 'glibc/packages/more/bar-1.0.tar.gz', full: expect.stringContaining('/more/'), size: 1 },
  ]);
  site.put('glibc/packages/more/bar-1.0.tar.gz', 'longer');
  expect(listing.named('bar-1.0.tar.gz')[0]?.size).toBe(6);
  expect(listing.namesLike('foo')).toEqual([FOO]);
  expect(listing.namesLike('f-o_O.')).toEqual([FOO]);
});
