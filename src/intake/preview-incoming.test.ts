import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MODULES, makeBinaryWheel } from '../../test/support/make-binary-wheel.ts';
import { makeWheel, type WheelOptions, wheelFilename } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { previewIncoming } from './preview-incoming.ts';
import { takeIncoming } from './take-incoming.ts';
import { putTombstone } from './tombstones.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  site.wheel('glibc', { name: 'old', version: '1.0' });
});
afterEach(() => site.close());

const OTHER = { name: 'old', version: '1.0', description: 'other' };

/** What it says of files, and the same of what is then done; without what only the one can tell. */
async function preview(...wheels: (WheelOptions & { filename?: string })[]) {
  for (const { filename, ...options } of wheels)
    site.put(`incoming/${filename ?? wheelFilename(options)}`, makeWheel(options));
  const { config } = await loadSite(site.root);
  const before = site.snapshot();
  const said = await previewIncoming(config, { now: Date.now() });
  expect(site.snapshot()).toEqual(before);
  const done = await takeIncoming(config, { now: Date.now() });
  expect(said.moved).toEqual(done.moved);
  expect(said.problems.map(({ file, code }) => [file, code])).toEqual(
    done.problems.map(({ file, code }) => [file, code]),
  );
  const refused = (events: typeof said.events) =>
    events.filter(({ code }) => code === 'refused').map(({ file }) => file);
  expect(refused(said.events)).toEqual(refused(done.events));
  return said;
}

const reasons = (said: Awaited<ReturnType<typeof preview>>) =>
  said.events.map(({ what }) => what.replace(/^would be moved to incoming\/refused\/: /, ''));

test('previewIncoming() says where a new file would go', async () => {
  const said = await preview({ name: 'new', version: '1.0' });
  expect(said).toEqual({
    moved: [{ file: 'incoming/new-1.0-py3-none-any.whl', to: 'glibc/packages/new-1.0-py3-none-any.whl' }],
    problems: [],
    events: [],
  });
});

test('previewIncoming() says nothing of the same bytes', async () => {
  expect(await preview({ name: 'old', version: '1.0' })).toEqual({ moved: [], problems: [], events: [] });
});

test('previewIncoming() says what would be refused, for other bytes under a name', async () => {
  expect(reasons(await preview(OTHER))).toEqual([
    'glibc/packages/old-1.0-py3-none-any.whl holds other bytes under this name, or one that stands for it',
  ]);
});

test('previewIncoming() says what would replace a file, where that is wanted, and none that is spelled otherwise', async () => {
  site.put('kho.toml', '[repositories.glibc]\noverwrite = true\n');
  expect((await preview(OTHER)).moved).toHaveLength(1);
  const twin = { name: 'Old', version: '1.0', description: 'third', filename: 'Old-1.0-py3-none-any.whl' };
  expect(reasons(await preview(twin))).toEqual([expect.stringContaining('holds other bytes')]);
});

test('previewIncoming() lets files of one run stand in each other’s way', async () => {
  const said = await preview(
    { name: 'new', version: '1.0' },
    { name: 'New', version: '1.0', description: 'other', filename: 'New-1.0-py3-none-any.whl' },
  );
  expect([said.moved.length, said.events.length]).toEqual([1, 1]);
});

test('previewIncoming() knows names of files that were removed', async () => {
  const { config } = await loadSite(site.root);
  const gone = makeWheel({ name: 'gone', version: '1.0' });
  const filename = 'gone-1.0-py3-none-any.whl';
  const sha256 = createHash('sha256').update(gone).digest('hex');
  putTombstone(config.root, { filename, sha256, repository: 'glibc', removed: '2026-11-01T00:00:00Z' });
  expect(reasons(await preview({ name: 'gone', version: '1.0', description: 'other' }))).toEqual([
    'other bytes were removed under this name',
  ]);
  site.remove('incoming');
  expect((await preview({ name: 'gone', version: '1.0' })).moved).toHaveLength(1);
  expect(readFileSync(join(site.root, 'glibc/packages', filename))).toEqual(Buffer.from(gone));
});

test('previewIncoming() leaves open what may be for several repositories, and refuses what is for none', async () => {
  site.wheel('team', { name: 'old', version: '1.0' });
  site.remove('glibc');
  site.wheel('other', { name: 'old', version: '1.0' });
  expect((await preview({ name: 'new', version: '1.0' })).problems).toMatchObject([{ code: 'undecided' }]);
  site.remove('incoming');
  site.put('kho.toml', '[repositories]\nteam.platforms = ["glibc-x86_64"]\nother.platforms = ["musl-x86_64"]\n');
  const [said] = (await preview({ name: 'new', version: '1.0', tag: 'cp311-cp311-win_amd64' })).events;
  expect(said?.what).toMatch(/^would be moved to incoming\/refused\/: it is for windows/);
  expect(said?.hint).toMatch(/^build it with a new version or build number/);
});

test('previewIncoming() says nothing where there is no incoming/, and tells what is no package', async () => {
  expect(await preview()).toEqual({ moved: [], problems: [], events: [] });
  site.put('incoming/README', '');
  expect((await preview()).problems).toMatchObject([{ code: 'not-a-package', file: 'incoming/README' }]);
});

test('previewIncoming() names wheels as they would be named there', async () => {
  site.put('kho.toml', '[repositories.glibc]\nplatforms = ["*"]\nretag = true\n');
  const wheel = makeBinaryWheel({ name: 'new', version: '1.0', module: MODULES.musl });
  site.put('incoming/new-1.0-cp311-cp311-linux_x86_64.whl', wheel);
  expect((await preview()).moved).toEqual([
    {
      file: 'incoming/new-1.0-cp311-cp311-linux_x86_64.whl',
      to: 'glibc/packages/new-1.0-cp311-cp311-musllinux_1_2_x86_64.whl',
    },
  ]);
});

test('previewIncoming() counts as in the way what it cannot read', async () => {
  site.put('incoming/new-1.0-py3-none-any.whl', makeWheel({ name: 'new', version: '1.0' }));
  const { size } = statSync(join(site.root, 'incoming/new-1.0-py3-none-any.whl'));
  site.put('glibc/packages/new-1.0-py3-none-any.whl', Buffer.alloc(size));
  expect(reasons(await preview())).toEqual([
    'glibc/packages/new-1.0-py3-none-any.whl holds other bytes under this name, or one that stands for it',
  ]);
});

test('previewIncoming() takes the same file once that lies there twice', async () => {
  for (const folder of ['a', 'b'])
    site.put(`incoming/${folder}/new-1.0-py3-none-any.whl`, makeWheel({ name: 'new', version: '1.0' }));
  expect(await preview()).toMatchObject({ moved: [{ file: 'incoming/a/new-1.0-py3-none-any.whl' }], events: [] });
});

test('previewIncoming() lets other bytes come under a removed name where kho.toml lets them replace', async () => {
  const { config } = await loadSite(site.root);
  const removed = { filename: 'new-1.0-py3-none-any.whl', sha256: 'a'.repeat(64), removed: '2026-11-01T00:00:00Z' };
  putTombstone(config.root, { ...removed, repository: 'glibc' });
  site.put('kho.toml', '[repositories.glibc]\noverwrite = true\n');
  expect((await preview({ name: 'new', version: '1.0' })).moved).toHaveLength(1);
});
