import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** All that is below a folder: of files mode and hash, of packages also when they were changed last (not of what kho says of them); of what kho remembers only the names. */
export function treeOf(root: string): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const full = join(root, path);
    const stats = lstatSync(full);
    const mode = (stats.mode & 0o7777).toString(8);
    if (!stats.isFile()) tree[path] = `${stats.isDirectory() ? 'folder' : 'other'} ${mode}`;
    else if (/^\.kho(?:-keep)?\//.test(path)) tree[path] = mode;
    else {
      const hash = createHash('sha256').update(readFileSync(full)).digest('hex');
      const isPackage = /(?:^|\/)(?:packages|incoming|originals)\//.test(path) && !/\.(?:metadata|txt)$/.test(path);
      tree[path] = `${mode} ${hash}${isPackage ? ` ${stats.mtimeMs}` : ''}`;
    }
  }
  return tree;
}

/** Paths in which two trees differ, with what is there. */
export function differences(now: Record<string, string>, expected: Record<string, string>): string[] {
  const paths = new Set([...Object.keys(now), ...Object.keys(expected)]);
  return [...paths]
    .filter((path) => now[path] !== expected[path])
    .map((path) => `${path}: ${now[path] ?? 'nothing'}, not ${expected[path] ?? 'nothing'}`);
}
