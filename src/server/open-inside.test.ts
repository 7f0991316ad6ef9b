import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { InsideOpener } from './open-inside.ts';

function tree() {
  const root = folderTree({
    'secret.txt': 'secret',
    'packages/a.whl': 'a',
    'packages/sub/b.whl': 'b',
    'packages/inside.whl': '-> sub/b.whl',
    'packages/outside.whl': '-> ../secret.txt',
    'packages/up': '-> ..',
    'packages/nowhere.whl': '-> missing',
    'packages/circle.whl': '-> circle.whl',
    'packages-of-others/c.whl': 'c',
    'packages/neighbour.whl': '-> ../packages-of-others/c.whl',
  });
  const folder = join(root, 'packages');
  const opener = new InsideOpener();
  const read = async (path: string) => {
    const opened = await opener.open(join(folder, path), folder);
    if (opened === undefined) return undefined;
    try {
      return await opened.handle.readFile('utf8');
    } finally {
      await opened.handle.close();
    }
  };
  return { root, folder, read };
}

test('InsideOpener opens what lies inside', async () => {
  const { read } = tree();
  expect([await read('a.whl'), await read('sub/b.whl'), await read('inside.whl')]).toEqual(['a', 'b', 'b']);
  expect(await read('a.whl')).toBe('a');
});

test.each([
  'outside.whl',
  'up/secret.txt',
  'up/packages/up/secret.txt',
  'neighbour.whl',
  'nowhere.whl',
  'circle.whl',
  'missing.whl',
  'sub',
  'a.whl/more',
  `${'a'.repeat(300)}.whl`,
])('InsideOpener finds no file at %s', async (path) => {
  expect(await tree().read(path)).toBeUndefined();
});

test('InsideOpener waits for no pipe', async () => {
  const { folder, read } = tree();
  execFileSync('mkfifo', [join(folder, 'pipe.whl')]);
  expect(await read('pipe.whl')).toBeUndefined();
});

test('InsideOpener looks again when a file has become a link', async () => {
  const { root, folder, read } = tree();
  expect(await read('a.whl')).toBe('a');
  rmSync(join(folder, 'a.whl'));
  symlinkSync(join(root, 'secret.txt'), join(folder, 'a.whl'));
  expect(await read('a.whl')).toBeUndefined();
});

test('InsideOpener looks again when a folder has become a link', async () => {
  const { root, folder, read } = tree();
  expect(await read('sub/b.whl')).toBe('b');
  renameSync(join(folder, 'sub'), join(folder, 'sub.old'));
  writeFileSync(join(root, 'b.whl'), 'other');
  symlinkSync(root, join(folder, 'sub'));
  expect(await read('sub/b.whl')).toBeUndefined();
});
