import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename } from 'node:path';

/** A folder that is watched, and which one it was. */
interface Watch {
  watcher: FSWatcher;
  /** Device and inode: another folder may bear the path by now, and the kernel goes on watching the one of before. */
  identity: string;
}

/**
 * Watches folders, not the files in them: one inotify watch each, however many packages they hold. A folder's events
 * tell of everything that happens to a file in it: made, written to, moved, its mode changed, removed.
 */
export class FolderWatcher {
  readonly #watches = new Map<string, Watch>();
  readonly #onEvent: (folder: string, name: string) => void;
  readonly #onFault: (folder: string, error: Error) => void;

  /** @param onFault a folder cannot be watched (the kernel's limit is reached, or it is gone): a rescan has to do */
  constructor(onEvent: (folder: string, name: string) => void, onFault: (folder: string, error: Error) => void) {
    this.#onEvent = onEvent;
    this.#onFault = onFault;
  }

  /**
   * Watch the folders that bear these paths now, and no others. Absolute paths.
   *
   * @returns whether any was not watched before: what happened in it until now is unknown
   */
  set(folders: Iterable<string>): boolean {
    const wanted = new Set(folders);
    for (const [folder, { identity }] of this.#watches) {
      if (!wanted.has(folder) || identity !== identityOf(folder)) this.#drop(folder);
    }
    let isNew = false;
    for (const folder of wanted) {
      if (this.#watches.has(folder)) continue;
      isNew = this.#add(folder) || isNew;
    }
    return isNew;
  }

  close(): void {
    for (const folder of [...this.#watches.keys()]) this.#drop(folder);
  }

  #add(folder: string): boolean {
    try {
      const identity = identityOf(folder); // before: a folder that is swapped meanwhile is found out by the next call
      const watcher = watch(folder, { persistent: true }, (_event, name) => this.#tell(folder, watcher, name ?? ''));
      watcher.on('error', (error) => {
        this.#drop(folder);
        this.#onFault(folder, error as Error);
      });
      this.#watches.set(folder, { watcher, identity });
      return true;
    } catch (error) {
      this.#onFault(folder, error as Error);
      return false;
    }
  }

  /**
   * Of the folder itself the kernel tells under its own name: it was moved or removed, or its mode changed. A new one may have the inode
   * of the one that is gone, so it is watched anew in any case, and looked through.
   */
  #tell(folder: string, watcher: FSWatcher, name: string): void {
    const watched = this.#watches.get(folder);
    const isOfItself = name === basename(folder) && watched?.watcher === watcher;
    if (isOfItself) watched.identity = '';
    this.#onEvent(folder, isOfItself ? '' : name);
  }

  #drop(folder: string): void {
    this.#watches.get(folder)?.watcher.close();
    this.#watches.delete(folder);
  }
}

/** Empty where there is no such folder. */
function identityOf(folder: string): string {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats ? `${stats.dev}:${stats.ino}` : '';
}
