/** What was followed once, and is so no longer. */
import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { removeEmptyFolder } from '../io/disk.ts';
import { applyPlan } from '../publish/apply.ts';
import { Journal } from '../publish/journal.ts';
import { type LockOptions, lockSite } from '../publish/lock.ts';
import { fromRoot, type Target } from '../publish/target.ts';
import { HEAD_PATH } from '../sync-format/head.ts';
import { SYNC_FOLDER } from '../sync-format/sync-names.ts';
import { forgetWaiting } from './heads-on-disk.ts';
import { syncNames } from './sweep-sync.ts';

/** Repositories that have files of kho's in `sync/`, and are to have none. */
export function unwantedSync({ repositories }: SiteConfig, target: Target): string[] {
  return repositories
    .filter(({ sync, name }) => sync === undefined && syncNames(target, name).length > 0)
    .map(({ name }) => name);
}

/** The head goes first: what it names is there as long as it is. @returns how many files @throws {KhoError} SITE, WRITE, LOCKED */
export async function removeSync(
  repositories: readonly string[],
  target: Target,
  options: LockOptions = {},
): Promise<number> {
  const unlock = await lockSite(target.root, options);
  try {
    const paths = repositories.flatMap((repository) =>
      syncNames(target, repository).map((name) => fromRoot(repository, `${SYNC_FOLDER}/${name}`)),
    );
    const isHead = (path: string) => Number(path.endsWith(HEAD_PATH));
    const { removed } = await applyPlan({
      ...{ target, journal: new Journal(target.root, 'sync-journal'), changing: repositories },
      ...{ toFlush: [], moves: [], folders: repositories.map((name) => target.folderOf(name)) },
      removals: paths.sort((a, b) => isHead(b) - isHead(a)),
      remember: () => {
        for (const repository of repositories) {
          removeEmptyFolder(join(target.folderOf(repository), SYNC_FOLDER));
          forgetWaiting(target.root, repository);
        }
      },
    });
    return removed;
  } finally {
    unlock();
  }
}
