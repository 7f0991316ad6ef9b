import { appendFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import {
  addedGeneration,
  addedMs,
  addRecords,
  baseGeneration,
  forgetAdded,
  readAdded,
  startAdded,
} from './added-records.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  site.put('.kho/state', '');
});
afterEach(() => site.close());

const path = () => join(site.root, '.kho/manifest-added');
const size = () => statSync(path()).size;

test('where nothing was added, nothing is known, and no generation but that of the manifest', () => {
  expect(addedGeneration(site.root, 'first')).toBeUndefined();
  expect(readAdded(site.root, 'first')).toBeUndefined();
  expect(addedMs(site.root)).toBe(0);
  forgetAdded(site.root); // it need not be there
});

test('addRecords() adds to what was added, and each time makes another generation of the same base', () => {
  addRecords(
    site.root,
    'first',
    new Map([
      ['foo', '{"a":1}'],
      ['gone', undefined],
    ]),
  );
  const one = addedGeneration(site.root, 'first') as string;
  expect(one).toBe(`first+${size()}`);
  addRecords(
    site.root,
    'first',
    new Map([
      ['bar', '{"b b":2}'],
      ['foo', '{"a":2}'],
    ]),
  );
  const two = addedGeneration(site.root, 'first') as string;
  expect(two).not.toBe(one);
  expect([one, two, 'first'].map(baseGeneration)).toEqual(['first', 'first', 'first']);
  expect(readAdded(site.root, 'first')).toEqual({
    generation: two,
    records: new Map([
      ['foo', '{"a":2}'],
      ['gone', undefined],
      ['bar', '{"b b":2}'],
    ]),
    isDamaged: false,
  });
  expect(addedMs(site.root)).toBe(statSync(path()).mtimeMs);
});

test('what was added to another manifest counts for nothing, and is written over', () => {
  addRecords(site.root, 'first', new Map([['foo', '1']]));
  expect(addedGeneration(site.root, 'second')).toBeUndefined();
  expect(addedGeneration(site.root, 'firs')).toBeUndefined();
  expect(readAdded(site.root, 'second')).toBeUndefined();
  addRecords(site.root, 'second', new Map([['bar', '2']]));
  expect(readAdded(site.root, 'first')).toBeUndefined();
  expect(readAdded(site.root, 'second')?.records).toEqual(new Map([['bar', '2']]));
});

test('a line that does not say what its checksum says is lost, and it is told', () => {
  startAdded(site.root, 'first', new Map([['foo', '1']]));
  site.put('.kho/manifest-added', `${site.read('.kho/manifest-added')}00000000 bar 2\n`);
  const read = readAdded(site.root, 'first');
  expect(read?.records).toEqual(new Map([['foo', '1']]));
  expect(read?.isDamaged).toBe(true);
});

test('a line that a run that died wrote a part of is passed over', () => {
  startAdded(site.root, 'first', new Map([['foo', '1']]));
  appendFileSync(path(), '00000000 ba');
  expect(readAdded(site.root, 'first')).toMatchObject({ records: new Map([['foo', '1']]), isDamaged: false });
});

test('forgetAdded() takes it away', () => {
  startAdded(site.root, 'first', new Map([['foo', '1']]));
  forgetAdded(site.root);
  expect(existsSync(path())).toBe(false);
});
