import { dirname, join } from 'node:path';
import { removeEmptyFolder, removeFile, removeFolder } from '../io/disk.ts';
import { namesIn } from '../io/open-file.ts';
import { walkFiles } from '../io/walk-files.ts';
import { fromRoot, locate, type Target } from './target.ts';

/** Folders that kho owns wholly, and what belongs in them. All paths are from the site's root. */
export interface OwnedFolders {
  target: Target;
  repositories: Iterable<string>;
  /** Names of the folders in each repository. Each holds a folder for every project, and roots. */
  folders: readonly string[];
  isRoot(path: string): boolean;
  /** Whether the repository shows pages of a project. */
  lists(repository: string, project: string): boolean;
  /** Of a project in all repositories. */
  published(project: string): ReadonlyMap<string, unknown> | undefined;
  /** Projects whose folders may hold more than is known: after a crash, or all of them. */
  unsure: ReadonlySet<string> | 'all';
  /** Folders that were made whole in this run, and so hold nothing else. */
  isNew(path: string): boolean;
}

/**
 * Remove what the folders hold and nobody published: pages of a run that died, or of another tool.
 *
 * @returns how many files and folders were removed
 * @throws {KhoError} WRITE
 */
export function sweepFolders({ target, folders, isRoot, lists, published, unsure, ...owned }: OwnedFolders): number {
  let removed = 0;
  for (const repository of owned.repositories) {
    for (const folder of folders) {
      const top = join(target.folderOf(repository), folder);
      for (const name of namesIn(top)) {
        const path = fromRoot(repository, `${folder}/${name}`);
        const isListed = lists(repository, name);
        if (!isListed && !isRoot(path)) {
          removeFolder(join(top, name));
          removed++;
        } else if (isListed && !owned.isNew(path) && (unsure === 'all' || unsure.has(name))) {
          const known = published(name);
          walkFiles(join(top, name), (file) => {
            const filePath = `${path}${file.slice(join(top, name).length)}`;
            if (known?.has(filePath)) return;
            removeFile(file);
            removeEmptyParents(target, filePath);
            removed++;
          });
        }
      }
    }
  }
  return removed;
}

/** After a page is gone: the folders that it was in, up to `simple`, `pypi` or `project`, as far as they are empty by now. */
export function removeEmptyParents(target: Target, path: string): void {
  for (let folder = dirname(path); /(?:^|\/)(?:simple|pypi|project)\/./.test(folder); folder = dirname(folder)) {
    if (!removeEmptyFolder(locate(target, folder))) return;
  }
}
