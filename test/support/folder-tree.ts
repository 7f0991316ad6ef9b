import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * Folders and files in a new folder of this test, which goes when the test ends.
 * A key that ends in `/` is a folder, a value `-> target` makes a link, any other value is a file's content.
 *
 * @returns the folder's real path; only its owner may write to it
 */
export function folderTree(tree: Record<string, string | Uint8Array>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'kho-tree-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(tree)) {
    const full = join(root, path);
    mkdirSync(path.endsWith('/') ? full : dirname(full), { recursive: true });
    if (path.endsWith('/')) continue;
    if (typeof content === 'string' && content.startsWith('-> ')) symlinkSync(content.slice(3), full);
    else writeFileSync(full, content);
  }
  return root;
}

/** Folders that hold nothing, by name. */
export function folders(...paths: string[]): Record<string, string | Uint8Array> {
  return Object.fromEntries(paths.map((path) => [`${path}/`, '']));
}
