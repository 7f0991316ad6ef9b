import type { SiteConfig } from '../config/site-config.ts';
import { lockSite } from '../publish/lock.ts';
import { makeStateFolder } from '../publish/state-folder.ts';

/**
 * One pull at a time into a repository: a timer's next run, while one takes all night, would bring what is on its way over the same line again.
 * Disks are unpacked beside it.
 *
 * @throws {KhoError} LOCKED at once, naming the other; WRITE, and what `act` throws
 */
export async function holdPull<T>({ root }: SiteConfig, into: string, act: () => Promise<T>): Promise<T> {
  makeStateFolder(root);
  const unlock = await lockSite(root, { of: { pullsInto: into }, waitMs: 0 });
  try {
    return await act();
  } finally {
    unlock();
  }
}
