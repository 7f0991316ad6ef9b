import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { namesIn } from '../io/open-file.ts';
import { type PageStamp, readPageStamp } from '../io/page-stamp.ts';
import { type PagesHeader, type PagesStore, readPagesHeader, readPagesStore } from '../pages/pages-manifest.ts';
import { lockSite } from '../publish/lock.ts';
import { type Manifest, readManifest } from '../publish/manifest.ts';
import { fromRoot, inPlaceTarget, type Target } from '../publish/target.ts';
import { isSyncName, SYNC_FOLDER } from '../sync-format/sync-names.ts';

/** A published site at one moment: what stood there, and how it looked. */
export interface SiteSnapshot {
  config: SiteConfig;
  target: Target;
  manifest: Manifest;
  /** Absent where there are no pages for people, or nobody knows what is in them. */
  pages?: { header: PagesHeader; store: PagesStore };
  /** What stands in `sync/`, by path from the site's root. */
  sync: ReadonlyMap<string, PageStamp>;
}

/** The site's lock is held meanwhile, so that nothing is between two states. @throws {KhoError} SITE, LOCKED */
export async function takeSnapshot(config: SiteConfig, onWait?: (holder: string) => void): Promise<SiteSnapshot> {
  const unlock = await lockSite(config.root, onWait ? { onWait } : {});
  try {
    return lookAtSite(config);
  } finally {
    unlock();
  }
}

/** The same where nothing may be changed, not even in `.kho`. @throws {KhoError} SITE */
export function lookAtSite(config: SiteConfig): SiteSnapshot {
  const target = inPlaceTarget(config);
  const manifest = readManifest(target.root);
  if (!manifest || manifest.isDamaged)
    throw new KhoError('SITE', `Cannot push "${target.root}": nobody knows what is published there`, {
      hint: 'run kho build first',
    });
  const header = readPagesHeader(target.root);
  const store = header && readPagesStore(target.root, header);
  return { config, target, manifest, sync: syncFiles(config, target), ...(store && { pages: { header, store } }) };
}

function syncFiles({ repositories }: SiteConfig, target: Target): Map<string, PageStamp> {
  const found = new Map<string, PageStamp>();
  for (const { name, sync } of repositories) {
    const folder = join(target.folderOf(name), SYNC_FOLDER);
    for (const file of sync === undefined ? [] : namesIn(folder)) {
      const stamp = isSyncName(file) ? readPageStamp(join(folder, file)) : undefined;
      if (stamp !== undefined) found.set(fromRoot(name, `${SYNC_FOLDER}/${file}`), stamp);
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
