import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { loadSite } from './load-config.ts';
import { tellOldLayout } from './old-layout.ts';

const IS_ROOT = process.getuid?.() === 0;
/** Numbers that no account has. */
const KHO = 64_201;
const GROUP = 64_202;

const FOLDERS = ['.', '.kho', 'glibc', 'glibc/packages', 'glibc/packages/sub', 'glibc/simple', 'glibc/simple/foo'];
const FILES = ['kho.toml', 'glibc/simple/index.html', 'glibc/packages/sub/foo.whl', '.kho/manifest'];

/** As the docs once said: all folders 2775, and all of the group. */
function oldSite(owner: number, name = 'site'): string {
  const tree = Object.fromEntries([...FILES, 'glibc/simple/foo/index.html'].map((file) => [`${name}/${file}`, '']));
  const root = join(folderTree(tree), name);
  for (const path of FILES) chownSync(join(root, path), owner, GROUP);
  for (const path of FOLDERS) {
    chownSync(join(root, path), owner, GROUP);
    chmodSync(join(root, path), 0o2775);
  }
  return root;
}

const tell = async (root: string, as?: number) => tellOldLayout((await loadSite(root)).config, as);

test.skipIf(!IS_ROOT)('tellOldLayout() is silent of a site that is laid out well', async () => {
  const root = oldSite(KHO);
  for (const path of FOLDERS) if (!path.includes('packages')) chmodSync(join(root, path), 0o755);
  expect(await tell(root, KHO)).toEqual([]);
});

test.skipIf(!IS_ROOT).each([
  ['kho owns', KHO, 'site'],
  ['root owns', 0, 'site'],
  ['has an odd name', 0, "it's a (site) $HOME"],
])('tellOldLayout() has a line that mends a site that %s', async (_what, owner, name) => {
  const root = oldSite(owner, name);
  symlinkSync('/etc', join(root, 'glibc/simple/link'));
  lchownSync(join(root, 'glibc/simple/link'), KHO, GROUP);
  const etc = statSync('/etc');
  const [note, ...more] = await tell(root, KHO);
  expect(more).toEqual([]);
  expect(note).toMatchObject({ code: 'writable-by-others', file: '.' });
  expect(note?.what).toContain('".", ".kho", "glibc", "glibc/simple"');

  const line = note?.hint.slice(note.hint.indexOf(': ') + 2) ?? '';
  expect(spawnSync('sh', ['-c', line], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  expect(await tell(root, KHO)).toEqual([]);
  for (const path of FOLDERS) {
    const { mode, uid } = statSync(join(root, path));
    const isShared = path.includes('packages');
    expect([path, mode & 0o7777, uid]).toEqual([path, isShared ? 0o2775 : 0o755, isShared ? owner : KHO]);
  }
  expect(statSync('/etc')).toMatchObject({ uid: etc.uid, mode: etc.mode });
});

test.skipIf(!IS_ROOT)('tellOldLayout() as root takes the owner of .kho for whom the site is for', async () => {
  const root = oldSite(0);
  chownSync(join(root, '.kho'), KHO, GROUP);
  expect((await tell(root, 0))[0]?.hint).toContain(`chown ${KHO} ${root} `);
});

test.skipIf(!IS_ROOT)('tellOldLayout() tells of a single folder, and of kho.toml', async () => {
  const root = oldSite(KHO);
  for (const path of FOLDERS) chmodSync(join(root, path), 0o755);
  chmodSync(join(root, 'kho.toml'), 0o666);
  const [note] = await tell(root, KHO);
  expect(note?.hint).toMatch(new RegExp(`: chmod g-s,go-w ${root}/kho.toml$`));
});
