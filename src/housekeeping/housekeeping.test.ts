/** What changes published files: each command by itself. Stopped at each write: test/beside/housekeeping-stopped.test.ts. */
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  DOER,
  FOO,
  fill,
  isThere,
  OLD,
  open as openSite,
  packagePaths,
  select,
  stopped,
} from '../../test/support/housekeeping-site.ts';
import { makeWheel } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { buildSite } from '../build-site.ts';
import { isTombstoned } from '../intake/tombstones.ts';
import { writeKeptLines } from '../io/kept-lines.ts';
import { readLog } from '../log/read-log.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { finishHousekeeping } from './housekeeping.ts';
import { isUnfinished } from './journal.ts';
import { move } from './move.ts';
import { remove } from './remove.ts';
import { restore } from './restore.ts';
import { unyank, yank } from './yank.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  fill(site);
});
afterEach(() => {
  letWrite();
  site.close();
});

const open = () => openSite(site);
const files = () => packagePaths(site);
const events = () =>
  [...readLog(site.root)].flatMap((part) => part.events.map(({ event, file }) => `${event} ${file}`));

test('yank() writes the reason beside each file of a release, on one line, and unyank() takes it away', async () => {
  const config = await open();
  const results = await yank(config, select('Foo==1'), { ...DOER, reason: 'breaks\n on 3.11 ' });
  expect(results).toEqual([
    { file: 'glibc/packages/foo-1.0.tar.gz', became: 'yanked' },
    { file: OLD, became: 'yanked' },
  ]);
  expect(site.read('glibc/packages/foo-1.0.tar.gz.yanked')).toBe('breaks on 3.11\n');
  expect(
    (await yank(config, select('foo==1.0'), { ...DOER, reason: 'breaks on 3.11' })).map(({ became }) => became),
  ).toEqual(['same', 'same']);
  await buildSite(config);
  const listed = site.json('glibc/simple/foo/index.json').files;
  expect(listed.map(({ yanked }: { yanked: unknown }) => yanked)).toEqual([
    'breaks on 3.11',
    'breaks on 3.11',
    undefined,
  ]);
  expect(await unyank(config, select('foo==1.0', 'foo==1.1'), DOER)).toEqual([
    { file: 'glibc/packages/foo-1.0.tar.gz', became: 'unyanked' },
    { file: OLD, became: 'unyanked' },
    { file: 'glibc/packages/foo-1.1-py3-none-any.whl', became: 'same' },
  ]);
  expect(events()).toEqual(['yank foo-1.0.tar.gz', `yank ${FOO}`, 'unyank foo-1.0.tar.gz', `unyank ${FOO}`]);
});

test.each([
  ['foo', 'Cannot tell what "foo" is: it names neither a file nor a version'],
  ['foo==', 'Cannot tell what "foo==" is'],
  ['foo==1.2', 'Cannot find "foo==1.2"'],
  ['foo-1.2-py3-none-any.whl', 'Cannot find "foo-1.2-py3-none-any.whl"'],
  ['release/packages/foo-1.0.tar.gz', 'Cannot find "release/packages/foo-1.0.tar.gz"'],
])('yank(), remove(), restore() and move() refuse %j', async (text, why) => {
  const config = await open();
  const before = site.snapshot();
  await expect((async () => yank(config, select(text), DOER))()).rejects.toThrow(why);
  await expect((async () => remove(config, select(text), DOER))()).rejects.toThrow(why);
  await expect((async () => move(config, select(text), { ...DOER, to: 'release' }))()).rejects.toThrow(why);
  await expect((async () => restore(config, select(text), DOER))()).rejects.toThrow(/Cannot (?:find|tell)/);
  expect(site.snapshot()).toEqual(before);
});

test('what is done is not done again by the next run, which would undo what people changed since', async () => {
  const config = await open();
  await yank(config, select('foo==1.1'), DOER);
  await move(config, select('bar==2.0'), { ...DOER, to: 'release' });
  expect(isUnfinished(site.root)).toBe(false);
  rmSync(join(site.root, 'glibc/packages/foo-1.1-py3-none-any.whl.yanked'));
  await finishHousekeeping(config);
  expect(files().filter((path) => path.includes('foo-1.1') && path.endsWith('.yanked'))).toEqual([]);
});

test('remove() takes a file with what belongs to it out of what is published, and restore() brings back the same site', async () => {
  const config = await open();
  await buildSite(config);
  const before = site.snapshot();
  expect(await remove(config, select(OLD), DOER)).toEqual([
    { file: OLD, to: `.trash/2026-11-29/${OLD}`, size: statSync(join(site.root, `.trash/2026-11-29/${OLD}`)).size },
  ]);
  await buildSite(config);
  expect(site.listed('glibc', 'foo')).toEqual(['foo-1.0.tar.gz', 'foo-1.1-py3-none-any.whl']);
  expect(site.read(`.trash/2026-11-29/${OLD}.asc`)).toBe('signature');
  expect(site.read(`.trash/2026-11-29/${OLD}.yanked`)).toBe('broken');
  expect(statSync(join(site.root, '.trash')).mode & 0o777).toBe(0o700);
  expect(files().filter((path) => path.startsWith('glibc/packages/sub'))).toEqual([]);
  expect(isTombstoned(site.root, FOO, 'a'.repeat(64), 'glibc')).toBe(true);
  expect(await restore(config, select('foo==1.0'), DOER)).toEqual([{ file: OLD, from: `.trash/2026-11-29/${OLD}` }]);
  await buildSite(config);
  expect(site.snapshot()).toEqual(before);
  expect(events()).toEqual([`remove ${FOO}`, `restore ${FOO}`]);
});

test('remove() does nothing while others may write in the trash, and leaves nothing that would stop the next build', async () => {
  const config = await open();
  mkdirSync(join(site.root, '.trash'));
  chmodSync(join(site.root, '.trash'), 0o777);
  const before = site.snapshot();
  await expect(remove(config, select(OLD), DOER)).rejects.toMatchObject({ code: 'WRITE' });
  expect([site.snapshot(), events(), isUnfinished(site.root)]).toEqual([before, [], false]);
  await buildSite(config);
  expect(site.listed('glibc', 'foo')).toContain(FOO);
});

test('remove() keeps what was removed before under the same path on the same day', async () => {
  const config = await open();
  await remove(config, select(OLD), DOER);
  const other = makeWheel({ name: 'foo', version: '1.0', description: 'other' });
  site.put(OLD, other);
  expect((await remove(config, select(OLD), DOER))[0]?.to).toBe(`.trash/2026-11-29.2/${OLD}`);
  await restore(config, select(OLD), DOER);
  expect(readFileSync(join(site.root, OLD))).toEqual(Buffer.from(other));
});

test('restore() refuses to write over other bytes, and changes nothing then', async () => {
  const config = await open();
  await remove(config, select('foo==1.0'), DOER);
  site.put(OLD, 'other');
  const before = site.snapshot();
  await expect(restore(config, select('foo==1.0'), DOER)).rejects.toThrow('other bytes have this name there');
  expect(site.snapshot()).toEqual(before);
});

test('move() takes a release from one repository to another: the same bytes, with what belongs to them', async () => {
  const config = await open();
  const before = site.snapshot();
  expect(await move(config, select('bar==2.0'), { ...DOER, to: 'release' })).toEqual([
    { file: 'staging/packages/bar-2.0-py3-none-any.whl', to: 'release/packages/bar-2.0-py3-none-any.whl' },
    { file: 'staging/packages/bar-2.0.tar.gz', to: 'release/packages/bar-2.0.tar.gz' },
  ]);
  const after = Object.fromEntries(
    Object.entries(site.snapshot()).map(([path, sha256]) => [
      path.replace(/^release\/packages\/bar/, 'staging/packages/bar'),
      sha256,
    ]),
  );
  expect(after).toEqual(before);
  await buildSite(config);
  expect(site.listed('release', 'bar')).toHaveLength(2);
  await expect(move(config, select('bar==2.0'), { ...DOER, to: 'release' })).rejects.toThrow('it is there already');
});

test('move() refuses what its new repository could not list, or has otherwise, or had', async () => {
  site.put('kho.toml', '[repositories.release]\nplatforms = ["musl"]\n');
  const name = 'baz-1.0-cp311-cp311-manylinux_2_17_x86_64.whl';
  site.put(
    `staging/packages/${name}`,
    makeWheel({ name: 'baz', version: '1.0', tag: 'cp311-cp311-manylinux_2_17_x86_64' }),
  );
  const config = await open();
  const to = { ...DOER, to: 'release' };
  await expect(move(config, select(name), to)).rejects.toThrow(/would hold it: it is for /);
  site.put('release/packages/bar-2.0.tar.gz', 'other bytes');
  const before = site.snapshot();
  await expect(move(config, select('bar==2.0'), to)).rejects.toThrow('other bytes have this name there');
  expect(events()).toEqual([]);
  expect(site.snapshot()).toEqual(before);
});

test('a build finishes a move that was killed before its first file, so that a release is moved wholly or not at all', async () => {
  const config = await open();
  let last = 0;
  while (!(await stopped(site, last, () => move(config, select('bar==2.0'), { ...DOER, to: 'release' })))) {
    if (isThere(join(site.root, '.kho/housekeeping'))) break;
    last++;
  }
  expect(files().filter((path) => path.startsWith('release/'))).toEqual([]);
  await buildSite(config);
  expect(files().filter((path) => path.startsWith('staging/'))).toEqual([]);
  expect(site.listed('release', 'bar')).toHaveLength(2);
});

test.each([
  ['out of the site', { from: OLD, to: '../x.whl' }],
  ['into pages', { from: OLD, to: 'glibc/simple/index.html' }],
  ['out of kho.toml', { from: 'kho.toml', to: `.trash/2026-11-29/${OLD}` }],
  ['into the trash of another site', { from: OLD, to: '../.trash/x/glibc/packages/x.whl' }],
  ['to a mark outside of packages', { from: 'glibc/simple/x', to: OLD, file: 'kho.toml', yanked: 'x' }],
  ['into a repository that is none', { from: OLD, to: `other/packages/${FOO}` }],
])('a build believes no journal that leads %s', async (_what, entry) => {
  const config = await open();
  inPlaceTarget(config);
  await buildSite(config);
  const before = site.snapshot();
  writeKeptLines(join(site.root, '.kho/housekeeping'), [JSON.stringify({ ...entry, sha256: 'a'.repeat(64) })]);
  await buildSite(config);
  expect(site.snapshot()).toEqual(before);
  expect(isThere(join(site.root, '.kho/housekeeping'))).toBe(false);
});

test('nothing is removed where the record cannot tell of it', async () => {
  const config = await open();
  mkdirSync(join(site.root, '.kho-keep'), { mode: 0o700 });
  mkdirSync(join(site.root, '.kho-keep/log-000001'));
  writeFileSync(join(site.root, '.kho-keep/log-000001/x'), '');
  const before = site.snapshot();
  await expect(remove(config, select(OLD), DOER)).rejects.toThrow('Cannot write');
  expect(site.snapshot()).toEqual(before);
});
