/** Whose names are, from the first build to the removal of the last file. */

import { hash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { surveySite } from '../build-site.ts';
import { loadSite } from '../config/load-config.ts';
import { adoptFiles, decideNames } from './decide-names.ts';
import { openNameBook } from './name-book.ts';
import type { Origin } from './origins.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

const at = (path: string) => join(site.root, path);
const NAMES = '.kho-keep/names';
const DECIDER = { who: 'user:me', now: 1_000 };

async function survey() {
  const { config } = await loadSite(site.root);
  const { filesOf } = await surveySite(config);
  return { config, filesOf };
}

async function originOf(name: string): Promise<string> {
  const { config, filesOf } = await survey();
  const origin = openNameBook(config, filesOf).originOf(name);
  return origin.is === 'upstream' ? origin.is : `${origin.is} by ${origin.by}`;
}

function originOfFile(path: string, more: Partial<Origin> = {}): Origin {
  const filename = path.slice(path.lastIndexOf('/') + 1);
  const fetched = '2026-01-02T03:04:05.678Z';
  return {
    filename,
    sha256: hash('sha256', readFileSync(at(path)), 'hex'),
    project: 'foo',
    index: 'https://x/',
    fetched,
    ...more,
  };
}

test('a name stays own when its last file is gone, and .kho with it', async () => {
  const path = site.wheel('red', { name: 'farm', version: '1.0' });
  await site.build();
  site.remove(path);
  rmSync(at('.kho'), { recursive: true });
  await site.build();
  expect(await originOf('farm')).toBe('own by files');
  expect(await originOf('numpy')).toBe('upstream');
});

test('a build that is over holds nothing of the site open', async () => {
  site.wheel('red', { name: 'farm', version: '1.0' });
  await site.build();
  const open = readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(join('/proc/self/fd', name))];
    } catch {
      return []; // closed meanwhile
    }
  });
  expect(open.filter((path) => path.startsWith(site.root))).toEqual([]);
});

test('a name that came later is remembered as well, also beside those of an older kho', async () => {
  site.wheel('red', { name: 'farm', version: '1.0' });
  await site.build();
  rmSync(at('.kho-keep'), { recursive: true });
  const path = site.wheel('red', { name: 'barn', version: '1.0' });
  await site.build();
  site.remove(path);
  site.remove('red/packages/farm-1.0-py3-none-any.whl');
  await site.build();
  expect([await originOf('farm'), await originOf('barn')]).toEqual(['own by files', 'own by files']);
});

test('files that came from another index make no name own; one that did not does', async () => {
  const path = site.wheel('red', { name: 'foo', version: '1.0' });
  const { config, filesOf } = await survey();
  await adoptFiles(config, [originOfFile(path)], filesOf, DECIDER);
  await site.build();
  expect(await originOf('foo')).toBe('upstream');
  const forged = site.wheel('red', { name: 'foo', version: '1.1' });
  await site.build();
  expect(await originOf('foo')).toBe('own by files');
  site.remove(forged);
  await site.build();
  expect(await originOf('foo')).toBe('own by files');
});

test('other bytes under the name of a fetched file are own', async () => {
  const path = site.wheel('red', { name: 'foo', version: '1.0' });
  const { config, filesOf } = await survey();
  await adoptFiles(config, [originOfFile(path, { sha256: 'a'.repeat(64) })], filesOf, DECIDER);
  expect(await originOf('foo')).toBe('own by files');
});

test('adoptFiles() leaves a name own of which one file is', async () => {
  const path = site.wheel('red', { name: 'foo', version: '1.0' });
  const own = site.wheel('red', { name: 'foo', version: '1.0', tag: 'cp311-cp311-musllinux_1_2_x86_64' });
  await site.build();
  const { config, filesOf } = await survey();
  await adoptFiles(config, [originOfFile(path)], filesOf, DECIDER);
  site.remove(own);
  await site.build();
  expect(await originOf('foo')).toBe('own by files');
});

test('decideNames() decides, takes back, and does not forget a name whose files are there', async () => {
  const path = site.wheel('red', { name: 'foo', version: '1.0' });
  await site.build();
  const { config, filesOf } = await survey();
  const decide = (decision: 'own' | 'shared' | 'forgotten') => decideNames(config, ['foo'], decision, filesOf, DECIDER);
  await decide('shared');
  expect(await originOf('foo')).toBe('shared by decision');
  await decide('own');
  expect(await originOf('foo')).toBe('own by decision');
  await decide('forgotten');
  expect(await originOf('foo')).toBe('own by files');
  site.remove(path);
  await site.build();
  expect(await originOf('foo')).toBe('own by files');
  const later = await survey();
  await decideNames(later.config, ['foo'], 'forgotten', later.filesOf, DECIDER);
  expect(await originOf('foo')).toBe('upstream');
  const events = [...site.read('.kho-keep/log-000001').matchAll(/"event":"(name-[a-z]+)"/g)].map(([, event]) => event);
  expect(events).toEqual(['name-shared', 'name-own', 'name-forget', 'name-forget']);
});

test('openNameBook() believes nothing that is damaged', async () => {
  site.wheel('red', { name: 'farm', version: '1.0' });
  await site.build();
  writeFileSync(at(NAMES), site.read(NAMES).replace('farm', 'fark'));
  await expect(originOf('farm')).rejects.toThrow('1 of its lines are damaged');
});

test('where names cannot be written down, a build tells so, and no other index is asked', async () => {
  site.put('.kho-keep', 'no folder');
  site.wheel('red', { name: 'farm', version: '1.0' });
  const { notes } = await site.build();
  expect(notes).toMatchObject([{ code: 'names-not-kept', what: expect.stringContaining('it is no folder') }]);
  expect(site.listed('red', 'farm')).toEqual(['farm-1.0-py3-none-any.whl']);
  await expect(originOf('numpy')).rejects.toThrow('it is no folder');
});
