import { type FSWatcher, watch } from 'node:fs';

/**
 * Watches folders, not the files in them: one inotify watch each, however many packages they hold. A folder's events
 * tell of everything that happens to a file in it: made, written to, moved, its mode changed, removed.
 */
export class FolderWatcher {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #onEvent: (folder: string, name: string) => void;
  readonly #onFault: (folder: string, error: Error) => void;

  /** @param onFault a folder cannot be watched (the kernel's limit is reached, or it is gone): a rescan has to do */
  constructor(onEvent: (folder: string, name: string) => void, onFault: (folder: string, error: Error) => void) {
    this.#onEvent = onEvent;
    this.#onFault = onFault;
  }

  /** Watch these folders and no others. Absolute paths. Returns whether any was not watched before. */
  set(folders: Iterable<string>): boolean {
    const wanted = new Set(folders);
    for (const folder of this.#watchers.keys()) if (!wanted.has(folder)) this.#drop(folder);
    let isNew = false;
    for (const folder of wanted) {
      if (this.#watchers.has(folder)) continue;
      isNew = this.#add(folder) || isNew;
    }
    return isNew;
  }

  close(): void {
    for (const folder of [...this.#watchers.keys()]) this.#drop(folder);
  }

  #add(folder: string): boolean {
    try {
      const watcher = watch(folder, { persistent: true }, (_event, name) => this.#onEvent(folder, name ?? ''));
      watcher.on('error', (error) => {
        this.#drop(folder);
        this.#onFault(folder, error as Error);
      });
      this.#watchers.set(folder, watcher);
      return true;
    } catch (error) {
      this.#onFault(folder, error as Error);
      return false;
    }
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
