import type { SiteConfig } from '../config/site-config.ts';
import { checkOwnedFolders } from '../publish/check-folders.ts';
import { PAGES_FOLDER } from '../publish/own-files.ts';
import { fromRoot, type Target } from '../publish/target.ts';
import { CHANGES_PAGE } from '../render/web/places.ts';
import { readPagesHeader } from './pages-manifest.ts';

/**
 * Refuse to take over a folder for pages that holds anything else: kho removes there what it did not write. Asked of the site and
 * of each repository until kho remembers pages there.
 *
 * @throws {KhoError} SITE
 */
export function checkPagesFolders(config: SiteConfig, target: Target): void {
  if (config.pages === false) return;
  const roots = readPagesHeader(target.root)?.roots;
  const all = new Set(['.', ...config.repositories.map(({ name }) => name)]);
  const isNew = (repository: string) => !roots?.has(fromRoot(repository, CHANGES_PAGE));
  const hint =
    'kho owns project/ of the site and of each repository wholly: move what is in it away, or set pages = false';
  checkOwnedFolders(target, [...all].filter(isNew), [PAGES_FOLDER], hint);
}
