import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';

/** Files seen to lie inside, at most so many remembered. */
const REMEMBERED = 20_000;

/** What opening says of a file that a client may not have: it is not there, or behind something that is no folder. */
const NOT_THERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EINVAL', 'ENXIO', 'EISDIR']);

export interface OpenedFile {
  handle: FileHandle;
  stats: Stats;
}

/**
 * Opens files, and only those that lie in the folder they are looked for in, wherever links lead. A pipe or a device
 * is no file, and is not waited for.
 */
export class InsideOpener {
  /** By path: device and inode of the file that was found inside. */
  readonly #known = new Map<string, string>();

  /**
   * @param path absolute
   * @param folder absolute and real
   * @returns undefined when there is no such file; else one that the caller must close
   */
  async open(path: string, folder: string): Promise<OpenedFile | undefined> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      const stats = await handle.stat();
      if (stats.isFile() && (await this.#isInside(path, folder, stats))) return { handle, stats };
    } catch (error) {
      await handle?.close();
      if (error instanceof Error && 'code' in error && NOT_THERE.has(String(error.code))) return undefined;
      throw error;
    }
    await handle.close();
    return undefined;
  }

  async #isInside(path: string, folder: string, opened: Stats): Promise<boolean> {
    const identity = `${opened.dev}:${opened.ino}`;
    if (this.#known.get(path) === identity) return true;
    const real = await realpath(path);
    if (!real.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return false;
    const now = await stat(real); // A link may have been turned round since the file was opened.
    if (`${now.dev}:${now.ino}` !== identity) return false;
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(path, identity);
    return true;
  }
}
