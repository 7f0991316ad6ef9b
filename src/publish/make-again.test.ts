import { expect, test } from 'vitest';
import { makeAgainLater } from './make-again.ts';
import type { Published } from './manifest.ts';

test('makeAgainLater() forgets what pages were made from that are new or other than before', () => {
  const before: Published = new Map([
    ['glibc/simple/foo/index.html', ['1', 'same']],
    ['glibc/pypi/foo/json', ['2', 'old']],
  ]);
  const made: Published = new Map([
    ['glibc/simple/foo/index.html', ['3', 'same']],
    ['glibc/pypi/foo/json', ['4', 'new']],
    ['glibc/project/foo/index.html', ['5', 'first']],
    ['glibc/packages/foo-1.0.tar.gz', ['6', 'hash']], // is what it is
  ]);
  makeAgainLater(made, before);
  expect([...made.values()]).toEqual([
    ['3', 'same'],
    ['4', ''],
    ['5', ''],
    ['6', 'hash'],
  ]);
});
