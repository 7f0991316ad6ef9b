import type { Stats } from 'node:fs';
import type { SiteConfig } from '../config/site-config.ts';
import { removeFolder } from '../io/disk.ts';
import { look } from '../io/open-file.ts';
import { ownLeftovers } from '../io/own-leftover.ts';
import { isOwn } from '../io/trusted-owners.ts';
import { originalsFolders } from './originals.ts';

const OTHERS = 0o077;

/** What runs that died left directly in these folders, absolute. A name alone is no proof, since uploaders can give one. */
export function leftoversIn(folders: readonly string[]): string[] {
  return folders.flatMap(ownLeftovers).filter((path) => mayGo(look(path)));
}

/** The same, of originals/; those in packages/ are found by the scan of each build. */
export function leftoversInOriginals(config: SiteConfig): string[] {
  return leftoversIn(originalsFolders(config));
}

/** The lock must be held. */
export function removeLeftovers(paths: readonly string[]): void {
  for (const path of paths) removeFolder(path, mayGo);
}

/** Of folders only those that kho makes on its way: a user may have put another one of kho's under such a name. */
function mayGo(stats: Stats | undefined): boolean {
  return stats !== undefined && (!stats.isDirectory() || (isOwn(stats.uid) && (stats.mode & OTHERS) === 0));
}
