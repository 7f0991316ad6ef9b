import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { type FileIdentity, fileStamp, isSameFile } from '../io/file-stamp.ts';

/** Files seen to lie inside, at most so many remembered. */
const REMEMBERED = 20_000;

/** A pipe or a device opens at once, and a link at the end of the path is looked at first. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** What opening says of a file that a client may not have: it is not there, or behind something that is no folder. */
const NOT_THERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EINVAL', 'ENXIO', 'EISDIR']);

/** So often a file is opened anew that was replaced by another while it was looked at, as pages are when they are published. */
const MOST_ATTEMPTS = 10;

export interface OpenedFile {
  handle: FileHandle;
  stats: Stats;
}

/**
 * Opens files, and only those that lie in the folder they are looked for in, wherever links lead. A pipe or a device
 * is no file, and is not waited for.
 */
export class InsideOpener {
  /** By path: the file that was found inside. */
  readonly #checkedFiles = new Map<string, FileIdentity>();

  /**
   * @param path absolute
   * @param folder absolute and real
   * @returns undefined when there is no such file; else one that the caller must close
   */
  async open(path: string, folder: string): Promise<OpenedFile | undefined> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const opened = await this.#openOnce(path, folder);
      if (opened !== 'replaced') return opened;
    }
    return undefined;
  }

  async #openOnce(path: string, folder: string): Promise<OpenedFile | 'replaced' | undefined> {
    let handle: FileHandle | undefined;
    let found: 'inside' | 'outside' | 'replaced' = 'outside';
    try {
      handle = await open(path, READ).catch((error) => openBehindLink(path, folder, error));
      const stats = await handle.stat();
      if (stats.isFile()) found = await this.#whereIs(path, folder, stats);
      if (found === 'inside') return { handle, stats };
    } catch (error) {
      await handle?.close();
      if (error instanceof Error && 'code' in error && NOT_THERE.has(String(error.code))) return undefined;
      throw error;
    }
    await handle.close();
    return found === 'replaced' ? found : undefined;
  }

  async #whereIs(path: string, folder: string, opened: Stats): Promise<'inside' | 'outside' | 'replaced'> {
    const before = this.#checkedFiles.get(path);
    if (before && isSameFile(opened, before)) return 'inside';
    const real = await realpath(path);
    if (!isBelow(real, folder)) return 'outside';
    const now = await stat(real); // A link may have been turned round since the file was opened.
    const identity = fileStamp(opened);
    if (!isSameFile(now, identity)) return 'replaced';
    if (this.#checkedFiles.size >= REMEMBERED) this.#checkedFiles.clear();
    this.#checkedFiles.set(path, identity);
    return 'inside';
  }
}

/** A link in packages/ is followed where it stays there. @throws `cause` where it does not */
async function openBehindLink(path: string, folder: string, cause: unknown): Promise<FileHandle> {
  if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'ELOOP') throw cause;
  const real = await realpath(path);
  if (!isBelow(real, folder)) throw cause;
  return open(real, READ);
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
