import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BuildOptions } from '../src/build-site.ts';
import { previewBuild } from '../src/build-site.ts';
import { loadSite } from '../src/config/load-config.ts';
import { makeWheel } from './support/make-package.ts';
import { TestSite } from './support/site.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

const FOO = 'foo-1.0-py3-none-any.whl';
const CUT = makeWheel({ name: 'foo', version: '1.0' }).subarray(0, 200);
const other = makeWheel({ name: 'foo', version: '1.0', description: 'other' });

/** Everything below a folder with all that a disk tells of it, but when it was read. */
function everything(root: string): Record<string, string> {
  const paths = ['', ...readdirSync(root, { recursive: true, encoding: 'utf8' })].sort();
  return Object.fromEntries(
    paths.map((path) => {
      const { ino, mode, size, mtimeMs, ctimeMs, nlink } = lstatSync(join(root, path));
      return [path, [ino, mode, size, mtimeMs, ctimeMs, nlink].join(' ')];
    }),
  );
}

/** A dry run, which has to leave all as it is, and the real one after it. */
async function both(options: BuildOptions = {}) {
  const { config } = await loadSite(site.root);
  const before = everything(site.root);
  const dry = await previewBuild(config, options);
  expect(everything(site.root)).toEqual(before);
  return { dry, real: await site.build(options) };
}

const changed = ({ changes }: Awaited<ReturnType<typeof previewBuild>>) =>
  changes.map(({ became, file }) => `${became} ${file}`);

test('a dry run of a site that was never built makes nothing, not even .kho', async () => {
  site.wheel('a', { name: 'foo', version: '1.0' });
  site.put('a/packages/bar-1.0-py3-none-any.whl', CUT);
  const { dry, real } = await both();
  expect(changed(dry)).toEqual(['held a/packages/bar-1.0-py3-none-any.whl', `listed a/packages/${FOO}`]);
  expect(dry.problems).toEqual(real.problems);
  expect(dry.repositories).toEqual(real.repositories);
});

test('a dry run says what would be listed, held, replaced and removed, and the real one does it', async () => {
  const settings = '[repositories.b]\nplatforms = ["musl"]\n';
  site.put('kho.toml', settings);
  site.wheel('a', { name: 'foo', version: '1.0' });
  site.wheel('a', { name: 'bar', version: '1.0' });
  const gone = site.wheel('a', { name: 'baz', version: '1.0' });
  const misplaced = site.wheel('b', { name: 'new', version: '1.0', tag: 'cp311-cp311-musllinux_1_2_x86_64' });
  await site.build();
  site.put('kho.toml', settings.replace('musl"', 'glibc"'));
  site.put(`a/packages/${FOO}`, other, new Date('2026-02-02'));
  site.put('a/packages/bar-1.0-py3-none-any.whl', CUT, new Date('2026-02-02'));
  site.wheel('a', { name: 'more', version: '1.0' });
  site.remove(gone);
  const { dry, real } = await both();
  expect(changed(dry).sort()).toEqual([
    `gone ${gone}`,
    'held a/packages/bar-1.0-py3-none-any.whl',
    `held ${misplaced}`,
    'listed a/packages/more-1.0-py3-none-any.whl',
    `replaced a/packages/${FOO}`,
  ]);
  expect(dry.changes.filter(({ wasListed }) => wasListed)).toHaveLength(2);
  expect(dry.problems).toEqual(real.problems);
  expect(dry.repositories).toEqual(real.repositories);
});

test('a dry run says what would be taken from incoming/, refused there, or left, and the real one does so', async () => {
  site.put(
    'kho.toml',
    '[repositories.musl]\nplatforms = ["musl"]\nretag = true\ninclude = ["common"]\n[repositories.common]\nplatforms = []\n',
  );
  site.wheel('common', { name: 'foo', version: '1.0' });
  site.wheel('common', { name: 'same', version: '1.0' });
  site.put('musl/packages/.keep', '');
  await site.build();
  const incoming = (options: Parameters<typeof makeWheel>[0], filename: string) =>
    site.put(`incoming/${filename}`, makeWheel(options));
  incoming({ name: 'foo', version: '1.0', description: 'other' }, FOO);
  incoming({ name: 'Foo', version: '1.0.0' }, 'Foo-1.0.0-py3-none-any.whl');
  incoming({ name: 'same', version: '1.0' }, 'same-1.0-py3-none-any.whl');
  incoming({ name: 'new', version: '1.0' }, 'new-1.0-py3-none-any.whl');
  incoming({ name: 'new', version: '1.0.0' }, 'new-1.0.0-py3-none-any.whl');
  incoming({ name: 'win', version: '1.0', tag: 'cp311-cp311-win_amd64' }, 'win-1.0-cp311-cp311-win_amd64.whl');
  site.put('incoming/cut-1.0-py3-none-any.whl', CUT);
  const { dry, real } = await both();
  expect(dry.moved).toEqual([
    { file: 'incoming/new-1.0-py3-none-any.whl', to: 'common/packages/new-1.0-py3-none-any.whl' },
  ]);
  expect(real.moved).toEqual(dry.moved);
  const refused = (notes: typeof real.notes) =>
    notes.flatMap(({ code, file }) => (code === 'refused' ? file : [])).sort();
  expect(refused(dry.notes)).toHaveLength(4);
  expect(refused(dry.notes)).toEqual(refused(real.notes));
  expect(dry.problems).toEqual(real.problems);
});

test('a dry run with --out makes no folder there', async () => {
  site.wheel('a', { name: 'foo', version: '1.0' });
  const out = `${site.root}-out`;
  const { config } = await loadSite(site.root);
  expect(changed(await previewBuild(config, { out }))).toEqual([`listed a/packages/${FOO}`]);
  expect(existsSync(out)).toBe(false);
});

test('a dry run judges all that was inspected under older rules', async () => {
  site.wheel('a', { name: 'foo', version: '1.0' });
  await site.build();
  await new Promise((resolve) => setTimeout(resolve, 60)); // until times on the disk tell one state from the next
  await site.build();
  site.changeKept('manifest', (line) =>
    line.startsWith('{')
      ? line
      : line.replace('"rules":1,', '').replace(/"sha256":"\w+"/, `"sha256":"${'0'.repeat(64)}"`),
  );
  const { config } = await loadSite(site.root);
  expect(await previewBuild(config)).toMatchObject({ outdated: 1, changes: [{ became: 'replaced' }] });
});
