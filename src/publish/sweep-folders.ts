import { dirname, join } from 'node:path';
import { KhoError } from '../errors.ts';
import { removeEmptyFolder } from '../io/disk.ts';
import { listFolder, look } from '../io/open-file.ts';
import { isForeignName } from '../standards/passed-over.ts';
import { namePaths } from './check-folders.ts';
import { isOwnFile, type OwnedFolder, walkOwned } from './own-files.ts';
import { fromRoot, locate, type Target } from './target.ts';

/** A few files of others are left alone; so many stop the run: something else lives there. */
const MOST_FOREIGN = 20;

/** Folders that kho owns wholly, and what belongs in them. All paths are from the site's root. */
export interface OwnedFolders {
  target: Target;
  repositories: Iterable<string>;
  /** Names of the folders in each repository. Each holds a folder for every project, and roots. */
  folders: readonly OwnedFolder[];
  isRoot(path: string): boolean;
  /** Whether the repository shows pages of a project. */
  lists(repository: string, project: string): boolean;
  /** Of a project in all repositories. */
  published(project: string): ReadonlyMap<string, unknown> | undefined;
  /** Projects whose folders may hold more than is known: after a crash, or all of them. */
  unsure: ReadonlySet<string> | 'all';
}

/** What there is to sweep. Paths from the site's root. */
export interface Sweep {
  /** Pages that nobody published: of a run that died, or of another tool. */
  pages: string[];
  /** Folders that may be empty then. */
  folders: string[];
  /** Files that are no pages, and stay. */
  foreign: string[];
}

/**
 * Look for what the folders hold and nobody published. Nothing is changed yet.
 *
 * @throws {KhoError} SITE when much of it is no page: then something else lives there
 */
export function planSweep({ target, folders, isRoot, lists, published, unsure, ...owned }: OwnedFolders): Sweep {
  const sweep: Sweep = { pages: [], folders: [], foreign: [] };
  for (const repository of owned.repositories) {
    for (const folder of folders) {
      const top = join(target.folderOf(repository), folder);
      for (const entry of look(top)?.isDirectory() ? listFolder(top) : []) {
        const { name } = entry;
        if (isForeignName(name)) continue;
        const path = fromRoot(repository, `${folder}/${name}`);
        const isListed = lists(repository, name);
        if (isListed ? unsure !== 'all' && !unsure.has(name) : isRoot(path)) continue;
        const full = join(top, name);
        if (!entry.isDirectory()) {
          (isOwnFile(folder, full, name) ? sweep.pages : sweep.foreign).push(path);
          continue;
        }
        const ownPages = isListed ? published(name) : undefined;
        walkOwned(folder, full, (file, isOwn) => {
          const filePath = `${path}${file.slice(full.length)}`;
          if (!ownPages?.has(filePath)) (isOwn ? sweep.pages : sweep.foreign).push(filePath);
        });
        sweep.folders.push(path);
      }
    }
  }
  if (sweep.foreign.length > MOST_FOREIGN) {
    throw new KhoError('SITE', `Cannot publish into "${target.root}": kho did not write ${namePaths(sweep.foreign)}`, {
      hint: `kho owns ${folders.map((name) => `${name}/`).join(' and ')} of a repository wholly: move what is in it away`,
    });
  }
  return sweep;
}

/** After a page is gone: the folders that it was in, up to `simple`, `pypi` or `project`, as far as they are empty by now. */
export function removeEmptyParents(target: Target, path: string): void {
  for (let folder = dirname(path); /(?:^|\/)(?:simple|pypi|project)\/./.test(folder); folder = dirname(folder)) {
    if (!removeEmptyFolder(locate(target, folder))) return;
  }
}
