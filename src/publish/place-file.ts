import { hashFile } from '../inspect/inspect-file.ts';
import { makeFolder, removeFile, rename } from '../io/disk.ts';
import { look } from '../io/open-file.ts';
import { type PageStamp, readPageStamp } from '../io/page-stamp.ts';
import { temporaryName } from '../io/temporary-name.ts';
import type { PublishedPage } from './manifest.ts';
import { addWritten, type Staged } from './stage.ts';
import { locate, type Target } from './target.ts';

/** A file that belongs beside a package: its metadata, or (with --out) the package and its side-files themselves. */
export interface CompanionFile {
  /** From the site's root. */
  path: string;
  /** Hexadecimal; of what it holds, or has to hold. */
  sha256: string;
  /** What the scan saw there, where it has looked: undefined when nothing is. */
  stampNow?: PageStamp | undefined;
  /** No page can name it yet: then it needs no temporary name, though a run that is killed may leave a part of it. */
  isUnseen?: boolean;
  /** Writes it under a name that nothing has, absolute, and says its stamp. */
  write(path: string): PageStamp | Promise<PageStamp>;
}

/**
 * Make sure that `file` is published with the bytes it has to have. One that is not there yet gets its name at once, since
 * no page names it; one that replaces another waits with the pages.
 */
export async function placeFile(
  target: Target,
  file: CompanionFile,
  before: PublishedPage | undefined,
  into: Staged,
): Promise<void> {
  const path = locate(target, file.path);
  const stamp = 'stampNow' in file ? file.stampNow : readPageStamp(path);
  if (stamp !== undefined) {
    const same = before?.[0] === stamp ? before[1] === file.sha256 : (await hashFile(path)) === file.sha256;
    if (same) {
      into.published.set(file.path, [stamp, file.sha256]);
      into.unchanged++;
      return;
    }
  }
  const folder = path.slice(0, path.lastIndexOf('/'));
  if (target.copies && !look(folder)) makeFolder(folder);
  if (stamp === undefined && file.isUnseen) {
    const written = await unlessThere(() => file.write(path));
    if (written !== undefined) {
      into.published.set(file.path, [written, file.sha256]);
      addWritten(into, path);
      return;
    }
  }
  const temporary = `${folder}/${temporaryName()}`;
  into.published.set(file.path, [await file.write(temporary), file.sha256]);
  if (stamp === undefined) {
    try {
      rename(temporary, path);
    } catch (error) {
      removeFile(temporary);
      throw error;
    }
    addWritten(into, path);
  } else {
    addWritten(into, temporary);
    into.moves.push({ from: temporary, to: file.path });
  }
}

/** Undefined when something has the name already: another run is quicker. */
async function unlessThere(write: () => PageStamp | Promise<PageStamp>): Promise<PageStamp | undefined> {
  try {
    return await write();
  } catch (error) {
    const { cause } = error as Error;
    if ((cause as NodeJS.ErrnoException | undefined)?.code === 'EEXIST') return undefined;
    throw error;
  }
}
