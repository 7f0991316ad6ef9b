import { isSyncName, SYNC_FOLDER } from '../sync-format/sync-names.ts';
import { INDEX_FOLDERS, PAGES_FOLDER } from './own-files.ts';

/** A part of a path that leads elsewhere than down, or nowhere: empty, `.`, `..`, or with a NUL. */
const ASTRAY = /(?:^|\/)\.{0,2}(?:\/|$)|\0/;

/** Whether a path from a site's root stays below it. What kho keeps of an earlier run is asked this before it is believed. */
export function leadsDown(path: unknown): path is string {
  return typeof path === 'string' && !ASTRAY.test(path);
}

const OWN_FOLDERS: ReadonlySet<string> = new Set([...INDEX_FOLDERS, PAGES_FOLDER]);
const OWN_LISTS: ReadonlySet<string> = new Set(
  ['index.html', 'changes.xml', 'SHA256SUMS'].flatMap((name) => [name, `${name}.gz`, `${name}.br`]),
);

/**
 * Whether kho writes under such a path from a site's root, and so may remove it: pages, lists, and what it puts beside packages.
 *
 * @param copies packages too are kho's (--out)
 */
export function isOwnPath(path: string, copies: boolean): boolean {
  if (!leadsDown(path)) return false;
  const [first = '', ...rest] = path.split('/');
  return isOwn(first, rest, copies) || isOwn(rest[0] ?? '', rest.slice(1), copies);
}

/** @param first of the parts of a path from a repository's folder, `below` the others */
function isOwn(first: string, below: readonly string[], copies: boolean): boolean {
  if (below.length === 0) return OWN_LISTS.has(first);
  if (first === SYNC_FOLDER) return below.length === 1 && isSyncName(below[0] ?? '');
  return OWN_FOLDERS.has(first) || (first === 'packages' && (copies || below.at(-1)?.endsWith('.metadata') === true));
}
