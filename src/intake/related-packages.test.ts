import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { closeFolders } from '../io/reach.ts';
import { inPlaceTarget } from '../publish/target.ts';
import type { NormalizedName } from '../standards/name.ts';
import { relatedPackages } from './related-packages.ts';

let site: TestSite;
beforeEach(async () => {
  site = new TestSite();
  site.wheel('', { name: 'foo', version: '1.0' });
  site.wheel('', { name: 'bar', version: '1.0' });
  await site.build();
});
afterEach(() => {
  closeFolders();
  site.close();
});

async function related(name: string, project = 'foo') {
  const { config } = await loadSite(site.root);
  inPlaceTarget(config);
  const [repository] = config.repositories;
  if (!repository) throw new Error('there is no repository');
  const coming = { name, facts: { project: project as NormalizedName } };
  return relatedPackages(site.root, repository, coming, config.ignore)?.map(({ path }) => path);
}

const NEW = 'foo-2.0-py3-none-any.whl';
const KNOWN = 'foo-1.0-py3-none-any.whl';

test.each<[what: string, prepare: () => unknown, found: string[]]>([
  ['what the manifest knows of its project', () => {}, [KNOWN]],
  ['what has its name since then', () => site.put(`packages/${NEW}`, 'x'), [NEW, KNOWN]],
  ['nothing that is gone', () => site.remove(`packages/${KNOWN}`), []],
  [
    'what lies in folders',
    async () => {
      site.put(`packages/old/${NEW}`, 'x');
      await site.build();
    },
    [KNOWN, `old/${NEW}`],
  ],
])('relatedPackages() finds %s', async (_what, prepare, found) => {
  await prepare();
  expect(await related(NEW)).toEqual(found);
});

test('relatedPackages() finds files of each project that the name of an sdist can be read as', async () => {
  site.sdist('', { name: 'foo-bar', version: '1.0' });
  await site.build();
  expect(await related('foo-bar-1.0.tar.gz', 'foo')).toEqual([KNOWN, 'foo_bar-1.0.tar.gz']);
});

test('relatedPackages() looks for nothing of a name that is passed over, nor at other repositories', async () => {
  site.put('kho.toml', 'ignore = ["foo-2*"]\n');
  site.put(`packages/${NEW}`, 'x');
  site.wheel('team', { name: 'foo', version: '3.0' });
  await site.build();
  expect(await related(NEW)).toEqual([KNOWN]);
});

test.each<[what: string, prepare: () => void]>([
  ['where nothing is known', () => site.remove('.kho')],
  ['where what is known is damaged', () => site.put('.kho/manifest', 'x')],
  [
    'of a folder on another disk',
    () => site.changeKept('manifest', (line) => line.replace(/"device":\d+/g, '"device":1')),
  ],
  ['of a link that has its name', () => symlinkSync('bar-1.0-py3-none-any.whl', join(site.root, 'packages', NEW))],
])('relatedPackages() leaves it to a look at all %s', async (_what, prepare) => {
  prepare();
  expect(await related(NEW)).toBeUndefined();
});
