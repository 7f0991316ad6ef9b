import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { namePaths } from '../publish/first-run.ts';
import { fromRoot, type Target } from '../publish/target.ts';
import { CHANGES_PAGE } from '../render/web/places.ts';
import { walkPages } from './own-files.ts';
import { readPagesHeader } from './pages-manifest.ts';

/** The one folder that pages are in, but for front pages. */
export const PAGES_FOLDER = 'project';

/**
 * Refuse to take over a folder for pages that holds anything else: kho removes there what it did not write. Asked of the site and
 * of each repository until kho remembers pages there.
 *
 * @throws {KhoError} SITE
 */
export function checkPagesFolders(config: SiteConfig, target: Target): void {
  if (config.pages === false) return;
  const roots = readPagesHeader(target.root)?.roots;
  const foreign: string[] = [];
  for (const repository of new Set(['.', ...config.repositories.map(({ name }) => name)])) {
    if (roots?.has(fromRoot(repository, CHANGES_PAGE))) continue;
    walkPages(join(target.folderOf(repository), PAGES_FOLDER), (path, isOwn) => {
      if (!isOwn) foreign.push(path);
    });
  }
  if (foreign.length === 0) return;
  throw new KhoError('SITE', `Cannot publish into "${target.root}": kho did not write ${namePaths(foreign)}`, {
    hint: 'kho owns project/ of the site and of each repository wholly: move what is in it away, or set pages = false',
  });
}
