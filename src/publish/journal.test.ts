import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { writeHook } from '../io/disk.ts';
import { Journal } from './journal.ts';

let site: TestSite;
let journal: Journal;
beforeEach(() => {
  site = new TestSite();
  site.put('.kho/state', '');
  journal = new Journal(site.root, 'journal');
});
afterEach(() => site.close());

test('Journal.read() has the names that were written, until they are removed', () => {
  expect(journal.read()).toBeUndefined();
  journal.write(['foo', 'bar']);
  expect(journal.read()).toEqual(new Set(['foo', 'bar']));
  expect(new Journal(site.root, 'pages-journal').read()).toBeUndefined();
  journal.remove();
  expect(journal.read()).toBeUndefined();
});

test.each<[what: string, spoil: (path: string) => void]>([
  ['a line without its checksum', (path) => appendFileSync(path, 'foo\n')],
  ['a folder in its place', (path) => mkdirSync(path)],
])('Journal.read() says "all" of %s, and such a one can be removed', (_what, spoil) => {
  spoil(join(site.root, '.kho/journal'));
  expect(journal.read()).toBe('all');
  journal.remove();
  expect(journal.read()).toBeUndefined();
});

test('Journal.remove() flushes that it is gone', () => {
  journal.write(['foo']);
  const steps: string[] = [];
  writeHook.before = (kind, path) => steps.push(`${kind} ${path.slice(site.root.length + 1)}`);
  journal.remove();
  letWrite();
  expect(steps).toEqual(['remove .kho/journal', 'flush .kho']);
});
