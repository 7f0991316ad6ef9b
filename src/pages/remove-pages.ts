import { join, relative } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { removeEmptyFolder, removeFile } from '../io/disk.ts';
import { lockSite } from '../publish/lock.ts';
import { PAGES_FOLDER, walkOwned } from '../publish/own-files.ts';
import { removeEmptyParents } from '../publish/sweep-folders.ts';
import { fromRoot, type Target } from '../publish/target.ts';
import { forgetPages, hasPages } from './pages-manifest.ts';
import { forgetReadmes } from './readme-cache.ts';

/**
 * Take all pages away that kho made, and nothing else: where pages are turned off, `project/` is anybody's. The plain front pages
 * that took their places are the index's. Under the lock: another run, with other settings, may be publishing some.
 *
 * @param isFirst nothing is known of an earlier run, which may have left some
 * @returns how many were removed
 * @throws {KhoError} LOCKED, WRITE
 */
export async function removePages(
  config: SiteConfig,
  target: Target,
  { isFirst, onWait }: { isFirst: boolean; onWait?: (holder: string) => void },
): Promise<number> {
  if (!isFirst && !hasPages(target.root)) return 0;
  const unlock = await lockSite(target.root, onWait ? { onWait } : {});
  try {
    return removeOwnPages(config, target);
  } finally {
    unlock();
  }
}

function removeOwnPages(config: SiteConfig, target: Target): number {
  let removed = 0;
  for (const repository of new Set(['.', ...config.repositories.map(({ name }) => name)])) {
    const top = join(target.folderOf(repository), PAGES_FOLDER);
    const own: string[] = []; // first all, then away with them: one does not walk where one removes
    walkOwned(PAGES_FOLDER, top, (path, isOwn) => {
      if (isOwn) own.push(path);
    });
    for (const path of own) {
      removeFile(path);
      removeEmptyParents(target, fromRoot(repository, `${PAGES_FOLDER}/${relative(top, path).replaceAll('\\', '/')}`));
    }
    if (own.length > 0) removeEmptyFolder(top);
    removed += own.length;
  }
  forgetPages(target.root);
  forgetReadmes(target.root);
  return removed;
}
