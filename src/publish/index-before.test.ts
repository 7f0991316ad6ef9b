import { afterEach, beforeEach, expect, test } from 'vitest';
import { plainTarget } from '../../test/support/plain-target.ts';
import { TestSite } from '../../test/support/site.ts';
import { indexBefore } from './index-before.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

test('indexBefore() says whether a repository had an index when it was asked first', () => {
  const before = indexBefore(plainTarget(site.root));
  expect(before('glibc')).toBe(false);
  site.put('glibc/simple/index.html', '');
  expect(before('glibc')).toBe(false); // this run made it
  expect(before('.')).toBe(false);
  const next = indexBefore(plainTarget(site.root));
  expect(next('glibc')).toBe(true);
  site.remove('glibc');
  expect(next('glibc')).toBe(true);
});
