/** Which of a site's published paths go into a bucket. Pure. */

import type { BucketSettings } from '../config/bucket-settings.ts';
import { splitRepository } from '../publish/target.ts';
import { SYNC_FOLDER } from '../sync-format/sync-names.ts';

/** @param hidden repositories that are not to be seen there */
export function isPushed(
  path: string,
  hidden: ReadonlySet<string>,
  { pages = true, pypi = true, feeds = true }: BucketSettings,
): boolean {
  const { repository, rest } = splitRepository(path);
  if (hidden.has(repository) || PACKED.test(rest)) return false;
  if (rest.startsWith('pypi/')) return pypi;
  if (rest.endsWith('/changes.xml') || rest === 'changes.xml') return feeds && pages;
  if (rest.startsWith('project/')) return pages;
  return true;
}

/** Forms of pages that stand beside them packed, for servers of files. */
const PACKED = new RegExp(`^(?!${SYNC_FOLDER}/|packages/).*\\.(?:gz|br)$`);

/** `simple/NAME/` for `simple/NAME/index.html`: what installers ask for. Undefined for other pages. */
export function slashKeyOf(path: string): string | undefined {
  const { rest } = splitRepository(path);
  return rest.startsWith('simple/') && rest.endsWith('/index.html') ? path.slice(0, -'index.html'.length) : undefined;
}
