import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder, makePrivateFolder, removeFolder, rename, writeNewFile } from './disk.ts';
import { setMode } from './file-attributes.ts';
import { listFolder, look, openFile, readText } from './open-file.ts';
import { anchor, closeFolders, forgetFolder, reach, wayInside } from './reach.ts';

let top: string;
let own: string;
let shared: string;
let outside: string;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'kho-reach-')));
  [own, shared, outside] = ['own', 'shared', 'outside'].map((name) => join(top, name)) as [string, string, string];
  for (const folder of [own, shared, outside]) mkdirSync(join(folder, 'sub'), { recursive: true });
  for (const folder of [own, shared, outside]) writeFileSync(join(folder, 'sub/file'), folder);
  anchor(own, 'own');
  anchor(shared, 'shared');
});
afterEach(() => {
  closeFolders();
  rmSync(top, { recursive: true });
});

/** What somebody who may write there does in a moment. */
function swapForLink(folder: string): void {
  renameSync(folder, `${folder}-away`);
  symlinkSync(join(outside, 'sub'), folder);
}

test('reach() leads through the descriptor of the folder, and leaves paths that lie nowhere known as they are', () => {
  expect(reach(join(own, 'sub/file'))).toMatch(/^\/proc\/self\/fd\/\d+\/file$/);
  expect(readlinkSync(reach(join(own, 'sub/file')).slice(0, -'/file'.length))).toBe(join(own, 'sub'));
  expect(reach('/etc/passwd')).toBe('/etc/passwd');
});

test('what was opened before a folder is swapped for a link is reached, and nothing behind the link', () => {
  for (const folder of [own, shared]) {
    expect(readText(join(folder, 'sub/file'))).toBe(folder);
    swapForLink(join(folder, 'sub'));
    expect(readText(join(folder, 'sub/file'))).toBe(folder);
    writeNewFile(join(folder, 'sub/new'), 'x');
    rename(join(folder, 'sub/new'), join(folder, 'sub/newer'));
    expect(listFolder(join(outside, 'sub')).map(({ name }) => name)).toEqual(['file']);
  }
});

test.each([
  ['reading', (path: string) => readText(path)],
  ['writing', (path: string) => writeNewFile(`${path}2`, 'x')],
  ['making a folder', (path: string) => makeFolder(`${path}2/deep`)],
  ['removing a folder', (path: string) => removeFolder(path)],
  ['renaming', (path: string) => rename(path, `${path}2`)],
  ['changing a mode', (path: string) => setMode(path, 0o777)],
])('a link in the way is not followed by %s', (_what, act) => {
  for (const folder of [own, shared]) {
    swapForLink(join(folder, 'sub'));
    const refused = expect.objectContaining(
      folder === own ? { code: 'SITE' } : { name: expect.stringMatching(/Error/) },
    );
    expect(() => act(join(folder, 'sub/file'))).toThrow(refused);
  }
  expect(readText(join(outside, 'sub/file'))).toBe(outside);
  expect(listFolder(join(outside, 'sub')).map(({ name }) => name)).toEqual(['file']);
});

test('a link below a shared folder is followed as long as it stays inside, also through another link', () => {
  symlinkSync('sub', join(shared, 'link'));
  symlinkSync('link/file', join(shared, 'second'));
  symlinkSync(join(shared, 'sub/file'), join(shared, 'absolute'));
  symlinkSync(join(outside, 'sub/file'), join(shared, 'out'));
  symlinkSync('../outside/sub', join(shared, 'up'));
  for (const path of ['link/file', 'second', 'absolute']) expect(readText(join(shared, path))).toBe(shared);
  for (const path of ['out', 'up/file']) expect(() => openFile(join(shared, path))).toThrow('ELOOP');
  expect(wayInside(join(shared, 'out'))).toBeUndefined();
  symlinkSync('sub/file', join(own, 'link'));
  expect(() => openFile(join(own, 'link'))).toThrow('ELOOP');
});

test.each([
  ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
  ['a folder', (path: string) => mkdirSync(path)],
  ['a link to a device', (path: string) => symlinkSync('/dev/zero', path)],
])('openFile() waits for no file that is none: %s', (_what, make) => {
  make(join(shared, 'odd'));
  expect(() => openFile(join(shared, 'odd'))).toThrow();
});

test('openFile() refuses another file than was seen', () => {
  const path = join(shared, 'sub/file');
  const { ino: inode, dev: device } = look(path) as { ino: number; dev: number };
  openFile(path, { inode, device });
  renameSync(path, `${path}-away`);
  writeFileSync(path, 'other');
  expect(() => openFile(path, { inode, device })).toThrow('another file');
});

test('removeFolder() removes links in a folder, and follows none', () => {
  symlinkSync(outside, join(own, 'sub/link'));
  mkdirSync(join(own, 'sub/deep/deeper'), { recursive: true });
  removeFolder(join(own, 'sub'));
  removeFolder(join(own, 'sub'));
  expect(listFolder(own)).toEqual([]);
  expect(readFileSync(join(outside, 'sub/file'), 'utf8')).toBe(outside);
});

test('makePrivateFolder() takes no folder that others may write in, and its content is reached wherever it is moved', () => {
  const path = join(shared, '.kho-1');
  makePrivateFolder(path);
  makeFolder(join(path, 'a/b'));
  renameSync(path, join(top, 'moved'));
  symlinkSync(outside, path);
  writeNewFile(join(path, 'a/b/file'), 'x');
  expect(readFileSync(join(top, 'moved/a/b/file'), 'utf8')).toBe('x');
  mkdirSync(join(shared, '.kho-2'));
  execFileSync('chmod', ['775', join(shared, '.kho-2')]);
  expect(() => makePrivateFolder(join(shared, '.kho-2'))).toThrow('somebody else may write there');
});

test('reach() keeps both folders of a rename open, however many anchors there are', () => {
  const root = own;
  const names = Array.from({ length: 300 }, (_, at) => `repository-${at}`);
  for (const name of names) {
    mkdirSync(join(root, name, 'from'), { recursive: true });
    mkdirSync(join(root, name, 'to'));
    writeFileSync(join(root, name, 'from', 'file'), name);
    anchor(join(root, name), 'own');
  }
  for (const name of names) rename(join(root, name, 'from', 'file'), join(root, name, 'to', 'file'));
  expect(names.filter((name) => readdirSync(join(root, name, 'to')).length === 0)).toEqual([]);
  forgetFolder(root);
});
