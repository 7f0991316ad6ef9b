import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { Journal } from './journal.ts';
import { RowJournal } from './row-journal.ts';

let site: TestSite;
let journal: RowJournal;
const read = () => new Journal(site.root, 'journal').read();
beforeEach(() => {
  site = new TestSite();
  site.put('.kho/state', '');
  journal = new RowJournal(site.root);
});
afterEach(() => site.close());

test('RowJournal has the names of all who wrote, until the end of them', () => {
  journal.write(['foo']);
  journal.remove();
  journal.write(['bar', 'baz']);
  expect(journal.isLeft).toBe(true);
  journal.remove();
  expect(journal.isLeft).toBe(false);
  expect(read()).toEqual(new Set(['foo', 'bar', 'baz']));
  journal.end();
  expect(read()).toBeUndefined();
});

test('RowJournal stays where one who wrote did not come to his end', () => {
  journal.write(['foo']);
  journal.write(['bar']);
  journal.remove();
  journal.end();
  expect(read()).toEqual(new Set(['foo', 'bar']));
  const next = new RowJournal(site.root);
  expect(next.isLeft).toBe(true);
  next.end();
  expect(read()).toEqual(new Set(['foo', 'bar'])); // another's is left alone
});
