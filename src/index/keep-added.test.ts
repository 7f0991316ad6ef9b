import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { applyPlan } from '../publish/apply.ts';
import { readManifest } from '../publish/manifest.ts';
import { inPlaceTarget } from '../publish/target.ts';
import type { NormalizedName } from '../standards/name.ts';
import { keepAdded } from './keep-added.ts';
import { prepareIndex } from './prepare-index.ts';
import { publishAsked } from './publish-asked.ts';

let site: TestSite;

beforeEach(async () => {
  site = new TestSite();
  for (const name of ['bar', 'foo']) site.wheel('glibc', { name, version: '1.0' });
  await site.build();
});
afterEach(() => site.close());

const wheel = (name: string, version: string) => `${name}-${version}-py3-none-any.whl`;

/** Somebody asks for a file while a whole build waits for the lock, which is then carried out. */
async function askedMeanwhile(name: string, meanwhile: () => unknown = () => {}) {
  const { config } = await loadSite(site.root);
  const target = inPlaceTarget(config);
  const prepared = await prepareIndex(config, target, readManifest(site.root), { onChanges: () => {} });
  const path = site.wheel('glibc', { name, version: '3.0' }).slice('glibc/packages/'.length);
  expect(await publishAsked(config, [{ repository: 'glibc', project: name as NormalizedName, path }])).not.toHaveLength(
    0,
  );
  await meanwhile();
  const isKept = keepAdded(prepared, site.root);
  if (isKept) await applyPlan(prepared.plan);
  prepared.discard();
  return { isKept, prepared };
}

test.each([
  ['a project that it does not know', 'new', [wheel('new', '3.0')], [wheel('foo', '1.0'), wheel('foo', '2.0')]],
  ['one that it is about to change', 'foo', [wheel('foo', '1.0'), wheel('foo', '2.0'), wheel('foo', '3.0')], undefined],
  ['one that it is about to add', 'more', [wheel('more', '2.0'), wheel('more', '3.0')], undefined],
])('keepAdded() lets a whole build leave %s alone', async (_what, name, expected, others) => {
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  if (name === 'more') site.wheel('glibc', { name, version: '2.0' });
  const { isKept, prepared } = await askedMeanwhile(name);
  expect(isKept).toBe(true);
  // What the project has besides, and nobody asked for, comes with the next build.
  expect(site.listed('glibc', name)).toEqual(expected.filter((file) => name === 'new' || file !== wheel(name, '2.0')));
  if (others) expect(site.listed('glibc', 'foo')).toEqual(others);
  expect(prepared.changes.map(({ file }) => file)).toEqual(
    name === 'foo' ? [] : [`glibc/packages/${wheel('foo', '2.0')}`],
  );
  expect(readManifest(site.root)?.added?.has(name)).toBe(true);
  expect(existsSync(join(site.root, '.kho/journal'))).toBe(false);

  await site.build();
  expect(site.listed('glibc', name)).toEqual(expected);
  expect(readManifest(site.root)?.added).toBeUndefined();
  expect(readdirSync(join(site.root, 'glibc/packages')).filter((file) => file.startsWith('.kho'))).toEqual([]);
  const all = site.snapshot();
  site.remove('.kho');
  await site.build();
  expect(site.snapshot()).toEqual(all);
});

test('keepAdded() keeps what a project lost from being published again', async () => {
  const { config } = await loadSite(site.root);
  const prepared = await prepareIndex(config, inPlaceTarget(config), readManifest(site.root), {});
  site.remove(`glibc/packages/${wheel('foo', '1.0')}`);
  await publishAsked(config, [{ repository: 'glibc', project: 'foo' as NormalizedName }]);
  expect(keepAdded(prepared, site.root)).toBe(true);
  await applyPlan(prepared.plan);
  prepared.discard();
  expect(existsSync(join(site.root, 'glibc/simple/foo'))).toBe(false);
  expect(readManifest(site.root)?.projects.has('foo')).toBe(false);
});

test('keepAdded() lets a build look again after another whole one', async () => {
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  const { isKept } = await askedMeanwhile('new', () => site.build());
  expect(isKept).toBe(false);
});

test('keepAdded() keeps a build from removing pages of a project that came back meanwhile', async () => {
  site.remove(`glibc/packages/${wheel('foo', '1.0')}`);
  const { isKept } = await askedMeanwhile('foo');
  expect(isKept).toBe(true);
  expect(site.listed('glibc', 'foo')).toEqual([wheel('foo', '3.0')]);
  expect(readManifest(site.root)?.projects.has('foo')).toBe(true);
});
