import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { folderTree } from '../../../test/support/folder-tree.ts';
import { keptPagePath } from '../../kept-upstream/kept-page.ts';
import { normalizeName } from '../../standards/name.ts';
import { LastKept } from './last-kept.ts';

const HEADER = { bodySha256: 'a'.repeat(64), form: 'json' as const, files: 0, changedMs: 1 };
const page = (name: string) => ({
  ...{ upstream: 'public', index: 'https://index.example/simple/', project: normalizeName(name), files: [] },
});

test('LastKept has what was kept last in memory, once, and as long as it is the same on disk', () => {
  const root = folderTree({});
  const last = new LastKept();
  const [foo, bar] = [page('foo'), page('bar')];
  last.keep(root, foo, HEADER);
  expect(last.read(root, foo)?.page).toBe(foo);
  const again = last.read(root, foo)?.page;
  expect(again).toEqual(foo);
  expect(again).not.toBe(foo);

  last.keep(root, foo, HEADER);
  last.keep(root, bar, HEADER);
  expect(last.read(root, foo)?.page).toEqual(foo);
  expect(last.read(root, bar)?.page).toEqual(bar);

  last.keep(root, foo, HEADER);
  writeFileSync(keptPagePath(root, foo), 'what somebody else wrote');
  expect(last.read(root, foo)).toBeUndefined();
  last.keep(root, foo, HEADER);
  rmSync(keptPagePath(root, foo));
  expect(last.read(root, foo)).toBeUndefined();
});
