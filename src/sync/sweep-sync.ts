import { join } from 'node:path';
import { listFolder, look } from '../io/open-file.ts';
import { fromRoot, type Target } from '../publish/target.ts';
import { isSyncName, SYNC_FOLDER } from '../sync-format/sync-names.ts';

/** What a newer catalogue took the place of stays for so long, for who is in the middle of it. */
const KEPT_DAYS = 30;
const KEPT_MS = KEPT_DAYS * 24 * 60 * 60 * 1000;

/** Names of kho's own files in `REPO/sync/`; none where there is no such folder. */
export function syncNames(target: Target, repository: string): string[] {
  const folder = join(target.folderOf(repository), SYNC_FOLDER);
  if (!look(folder)?.isDirectory()) return [];
  return listFolder(folder).flatMap((entry) => (entry.isFile() && isSyncName(entry.name) ? [entry.name] : []));
}

/**
 * What is old enough to go, from the site's root.
 *
 * @param wanted hashes of catalogues and heads that are needed, however old they are
 */
export function oldSyncFiles(target: Target, repository: string, wanted: ReadonlySet<string>, now: number): string[] {
  const folder = join(target.folderOf(repository), SYNC_FOLDER);
  return syncNames(target, repository)
    .filter((name) => name !== 'head.json' && !wanted.has(name.slice(0, name.indexOf('.'))))
    .filter((name) => now - (look(join(folder, name))?.mtimeMs ?? now) > KEPT_MS)
    .map((name) => fromRoot(repository, `${SYNC_FOLDER}/${name}`));
}
