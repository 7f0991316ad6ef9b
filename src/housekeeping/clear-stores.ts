/** The only way in which kho deletes what it has put aside: by limits in kho.toml, and when somebody empties the trash. The lock is held. */
import { dirname } from 'node:path';
import { LIMITED_STORES, type LimitedStore, type SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { removeEmptyFolders, removeFile } from '../io/disk.ts';
import { systemCode } from '../io/disk-lacks.ts';
import { anchor } from '../io/reach.ts';
import { appendEvent } from '../log/append-event.ts';
import { groupsIn, type StoredGroup, storeSize } from './stores.ts';
import { trashDays, trashFolder } from './trash.ts';

/** Of the log, where kho.toml says nothing: some million lines. In bytes. */
const DEFAULT_LOG = 256 * 1024 * 1024;

/** In bytes; undefined: it grows until somebody removes something. */
export function limitOf({ limits }: SiteConfig, store: LimitedStore): number | undefined {
  return limits?.[store] ?? (store === 'log' ? DEFAULT_LOG : undefined);
}

/** What has to go, the oldest first, so that the rest fits. @throws as `groupsIn` */
export function overLimit(config: SiteConfig, store: LimitedStore): StoredGroup[] {
  const limit = limitOf(config, store);
  let size = limit === undefined ? 0 : storeSize(config, store);
  if (limit === undefined || size <= limit) return [];
  const going: StoredGroup[] = [];
  for (const group of groupsIn(config, store)) {
    if (size <= limit) break;
    going.push(group);
    size -= group.size;
  }
  return going;
}

export function isOverLimit(config: SiteConfig): boolean {
  return LIMITED_STORES.some((store) => isKnown(() => overLimit(config, store)).length > 0);
}

/** What kho may not delete stays, and keeps nobody from publishing: `kho status` tells of it. */
export function keepLimits(config: SiteConfig, now: number): void {
  for (const store of LIMITED_STORES) {
    const going = isKnown(() => overLimit(config, store));
    if (going.length > 0) isKnown(() => clear(config, store, going, { now, why: `over limits.${store} of kho.toml` }));
  }
}

/**
 * Delete for good.
 *
 * @param why for the record, which tells of it first; where there is no room for that, afterwards: to delete is what makes room
 * @throws {KhoError} WRITE
 */
export function clear(
  config: SiteConfig,
  store: LimitedStore,
  groups: readonly StoredGroup[],
  { who, now, why }: { who?: string; now: number; why: string },
): void {
  const bytes = groups.reduce((sum, { size }) => sum + size, 0);
  const files = groups.length === 1 ? 'a file' : `${groups.length} files`;
  const reason = `${files} of ${store}, the oldest: ${why}`;
  const tell = () =>
    appendEvent(config.root, { event: 'cleared', ...(who !== undefined && { who }), bytes, reason }, now);
  const isTold = hasRoom(tell);
  anchor(config.root, 'own');
  for (const { paths } of groups) for (const path of paths) removeFile(path);
  if (store === 'trash') {
    for (const folder of new Set(groups.flatMap(({ paths }) => paths.map(dirname)))) removeEmptyFolders(folder);
    for (const day of trashDays(config.root)) removeEmptyFolders(`${trashFolder(config.root)}/${day}`);
  }
  if (!isTold) tell();
}

function hasRoom(tell: () => void): boolean {
  try {
    tell();
    return true;
  } catch (error) {
    if (error instanceof KhoError && ['ENOSPC', 'EDQUOT'].includes(systemCode(error) ?? '')) return false;
    throw error;
  }
}

/** Nothing, where kho may not look or write. */
function isKnown<T>(ask: () => T): T | readonly never[] {
  try {
    return ask();
  } catch (error) {
    if (error instanceof KhoError || (error as NodeJS.ErrnoException).code !== undefined) return [];
    throw error;
  }
}
