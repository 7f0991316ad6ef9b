import { fingerprint } from '../fingerprint.ts';
import { type FilePlace, filePath } from '../links.ts';
import type { Page } from '../page.ts';

/**
 * `SHA256SUMS`, for `sha256sum -c SHA256SUMS` run in the repository's folder. Files of included repositories are reached
 * through the site: `../common/packages/F`.
 *
 * @param files all that the repository lists
 */
export function checksumsPage(repository: string, files: readonly (FilePlace & { sha256: string })[]): Page {
  const lines = files.map((file): [path: string, sha256: string] => [
    filePath({ repository, depth: 0 }, file),
    file.sha256,
  ]);
  const text = lines
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([path, sha256]) => checksumLine(path, sha256))
    .join('');
  return { path: 'SHA256SUMS', inputs: fingerprint(text), render: () => text };
}

/**
 * Two spaces: read as text, which is the same as binary. Valid file names need no escaping, but a folder's may: a leading
 * backslash announces `\\` and `\n`, as GNU sha256sum writes them.
 */
function checksumLine(path: string, sha256: string): string {
  if (!/[\\\n]/.test(path)) return `${sha256}  ${path}\n`;
  return `\\${sha256}  ${path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`;
}
