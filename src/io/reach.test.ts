import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { rename } from './disk.ts';
import { anchor, forgetFolder } from './reach.ts';

test('reach() keeps both folders of a rename open, however many anchors there are', () => {
  const root = folderTree({});
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
