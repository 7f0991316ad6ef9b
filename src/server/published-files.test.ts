import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { PageStore } from './page-store.ts';
import { PublishedFiles } from './published-files.ts';
import type { ServedSite } from './served-site.ts';

let site: TestSite;
let served: ServedSite;
const WHEEL = 'foo-1.0-py3-none-any.whl';
beforeEach(() => {
  site = new TestSite();
  const names = ['glibc', 'all'];
  served = {
    repositories: new Set(names),
    folderOf: (name: string) => `${site.root}/${name}`,
    otherRepositories: (name: string) => names.filter((other) => other !== name),
  } as Partial<ServedSite> as ServedSite;
});
afterEach(() => site.close());

const list = (repository: string, files: unknown) =>
  site.put(`${repository}/simple/foo/index.json`, typeof files === 'string' ? files : JSON.stringify({ files }));
const find = (path: string) => new PublishedFiles(new PageStore(1_000_000)).find(served, 'glibc', path);

test('PublishedFiles.find() has what the page of its project lists, and what stands beside it', async () => {
  list('glibc', [{ url: `../../packages/${WHEEL}`, size: 7 }]);
  site.put(`glibc/packages/bar-1.0-py3-none-any.whl`, '');
  expect(await find(WHEEL)).toEqual({ size: 7 });
  for (const side of ['metadata', 'asc', 'provenance']) expect(await find(`${WHEEL}.${side}`)).toEqual({});
  for (const path of ['bar-1.0-py3-none-any.whl', `sub/${WHEEL}`, `${WHEEL}.yanked`, 'notes.txt', 'foo-2.0.tar.gz'])
    expect(await find(path)).toBeUndefined();
});

test('PublishedFiles.find() has what only a repository lists that includes it', async () => {
  list('all', [{ url: `../../../glibc/packages/${WHEEL}`, size: 7 }]);
  expect(await find(WHEEL)).toEqual({ size: 7 });
});

test.each<[what: string, files: unknown]>([
  ['is no JSON', '{'],
  ['lists no files', '{"files":{}}'],
  ['says no size', [{ url: `../../packages/${WHEEL}` }]],
  ['leads out of the site', [{ url: `../../../../packages/${WHEEL}`, size: 7 }]],
])('PublishedFiles.find() finds nothing on a page that %s', async (_what, files) => {
  list('glibc', files);
  expect(await find(WHEEL)).toBeUndefined();
});
