import type { SiteConfig } from '../config/site-config.ts';
import { closeFolders } from '../io/reach.ts';
import { type LockOptions, lockSite } from './lock.ts';
import { makeStateFolder } from './state-folder.ts';
import { inPlaceTarget } from './target.ts';

/**
 * Act on a site that nobody else changes meanwhile. Its folders are reached anew, before and after: each may be another one by now.
 *
 * @throws {KhoError} SITE, LOCKED, WRITE, and what `act` throws
 */
export async function holdSite<T>(config: SiteConfig, lock: LockOptions, act: () => T | Promise<T>): Promise<T> {
  closeFolders();
  inPlaceTarget(config);
  makeStateFolder(config.root);
  const unlock = await lockSite(config.root, lock);
  try {
    return await act();
  } finally {
    closeFolders();
    unlock();
  }
}
