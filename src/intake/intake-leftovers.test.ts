import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { leftoversIn, removeLeftovers } from './leftovers.ts';

const DEAD = '.kho-999999999-0123456789ab-0';
/** Of the process that started this one. */
const ALIVE = `.kho-${process.ppid}-0123456789ab-0`;

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

test('leftoversIn() finds what dead runs left, and nothing else', () => {
  for (const name of [DEAD, ALIVE, 'a.whl', '.kho-notes']) site.put(name, '');
  expect(leftoversIn([site.root])).toEqual([join(site.root, DEAD)]);
});

test.each([
  ['that nobody else may look into', 0o700, true],
  ['that others may look into, as uploaders make them', 0o755, false],
])('leftoversIn() of a folder %s', (_what, mode, isFound) => {
  const path = join(site.root, DEAD);
  mkdirSync(path);
  chmodSync(path, mode);
  expect(leftoversIn([site.root])).toEqual(isFound ? [path] : []);
  removeLeftovers([path]); // as if it had become one since
  expect(existsSync(path)).toBe(!isFound);
});
