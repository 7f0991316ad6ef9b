import { dirname, join } from 'node:path';
import { flushFolder, flushPath, removeFile, rename, writeNewFile } from './disk.ts';
import { temporaryName } from './temporary-name.ts';

/**
 * Replace the file at `path`. A reader sees the old file or the new one, never a part; once this returns, the new one
 * survives a power cut. The folder must exist.
 *
 * The order is what makes that true: the data to disk, then the name, then the folder holding the name.
 *
 * @throws {KhoError} WRITE. The temporary file is gone by then.
 */
export function writeFileAtomic(path: string, content: string | Iterable<string>): void {
  replace(path, content, flushPath);
  flushFolder(dirname(path));
}

/** As `writeFileAtomic`, but that after a power cut there may be an empty file, or the old one, until the caller has flushed it and its folder. */
export function putFile(path: string, content: string | Uint8Array | Iterable<string>): void {
  replace(path, content, () => {});
}

function replace(path: string, content: string | Uint8Array | Iterable<string>, flush: (path: string) => void): void {
  const temporary = join(dirname(path), temporaryName()); // beside its target: rename cannot cross disks
  writeNewFile(temporary, content);
  try {
    flush(temporary);
    rename(temporary, path);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
}
