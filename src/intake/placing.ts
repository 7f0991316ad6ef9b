import { dirname } from 'node:path';
import { flushFolder, flushPath, removeFile, rename, writeNewFile } from '../io/disk.ts';
import { type FileStamp, fileStamp } from '../io/file-stamp.ts';
import { isSameState, isUnchanged } from '../io/is-unchanged.ts';
import { look } from '../io/open-file.ts';
import { OwnFolders } from './own-folders.ts';
import { type Placed, type PlaceOptions, placeWhole, type WholeSource } from './place-whole.ts';

/**
 * What one run brings to its places, under the lock. The order is what keeps all of it through a power cut: content, name, the folder that
 * holds the name; only then the source goes. So may a run be stopped anywhere: the next one finds source and place, and goes on.
 */
export class Placing {
  readonly folders: OwnFolders;
  readonly #toFlush = new Set<string>();
  readonly #sources: Pick<WholeSource, 'path' | 'stamp'>[] = [];
  /** By path what got its name in this run. */
  readonly #placed = new Map<string, FileStamp>();

  /** @param tops see `OwnFolders` */
  constructor(tops: readonly string[]) {
    this.folders = new OwnFolders(tops);
  }

  /** As `placeWhole`. */
  async place(source: WholeSource, to: string, options?: PlaceOptions): Promise<Placed> {
    let ready: FileStamp | undefined;
    const onReady = (file: FileStamp) => {
      ready = file;
    };
    const placed = await placeWhole(source, to, this.folders, { ...options, onReady });
    this.#toFlush.add(dirname(to));
    if (placed === 'placed' && ready) this.#placed.set(to, ready);
    return placed;
  }

  /** What stands at a path, if that is what was placed there: another may have come there since. To be asked when all is finished. */
  stampOf(path: string): FileStamp | undefined {
    const ready = this.#placed.get(path);
    const stats = ready && look(path);
    return ready && isSameState(stats, ready) ? fileStamp(stats) : undefined;
  }

  /** Put a text of kho's own there, over another of that name. */
  placeText(text: string, to: string): void {
    const own = this.folders.pathFor(to);
    writeNewFile(own, text);
    flushPath(own);
    rename(own, to);
    this.#toFlush.add(dirname(to));
  }

  /** The bytes of this source stand in `to` too. It goes at the end, if it is still what was seen. */
  drop(source: Pick<WholeSource, 'path' | 'stamp'>, to: string): void {
    this.#toFlush.add(dirname(to));
    this.#sources.push(source);
  }

  /** Folders whose names are not flushed yet. */
  get unflushed(): readonly string[] {
    return [...this.#toFlush];
  }

  /** Somebody else flushed them. */
  wasFlushed(): void {
    this.#toFlush.clear();
  }

  /**
   * Flush the names that were given, then remove what was dropped.
   *
   * @param remove called with each source
   */
  async finish(remove: RemoveSource = removeSource): Promise<void> {
    this.flush();
    await this.removeSources(remove);
  }

  /** The names that were given. */
  flush(): void {
    for (const folder of this.#toFlush) flushFolder(folder);
    this.#toFlush.clear();
  }

  /** The second half of `finish`. */
  async removeSources(remove: RemoveSource): Promise<void> {
    for (const source of this.#sources.splice(0)) await remove(source);
  }

  /** To be called last, whatever happened. */
  close(): void {
    this.folders.remove();
  }
}

type RemoveSource = (source: Pick<WholeSource, 'path' | 'stamp'>) => Promise<void> | void;

function removeSource({ path, stamp }: Pick<WholeSource, 'path' | 'stamp'>): void {
  if (isUnchanged(path, stamp)) removeFile(path);
}
