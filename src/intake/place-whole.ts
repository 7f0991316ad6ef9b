import type { Stats } from 'node:fs';
import { hashFile, WENT_AWAY } from '../inspect/inspect-file.ts';
import { copyWhole } from '../io/copy-whole.ts';
import { flushPath, linkFile, removeFile, rename } from '../io/disk.ts';
import { knowsNoLinks, systemCode } from '../io/disk-lacks.ts';
import { setMode } from '../io/file-attributes.ts';
import { type FileStamp, fileStamp } from '../io/file-stamp.ts';
import { isSameState } from '../io/is-unchanged.ts';
import { look } from '../io/open-file.ts';
import { takeName } from '../io/take-name.ts';
import { FormatError } from '../problems.ts';
import type { OwnFolders } from './own-folders.ts';

/** A file that is whole, and whose hash is known. */
export interface WholeSource {
  /** Absolute. */
  path: string;
  /** What was seen of it when it was hashed. */
  stamp: FileStamp;
  /** Hexadecimal. */
  sha256: string;
  /** It was made by kho, flushed, and lies where nobody else may write. */
  isPrivate?: true;
  /** Its content is on the disk already. */
  isFlushed?: true;
}

export interface PlaceOptions {
  /** What has the name already, and other bytes, may be replaced. */
  mayReplace?: boolean;
  /** It gets an inode of its own, since the source is to have more places. */
  isApart?: boolean;
  /** Told of the file that is about to get the name. */
  onReady?: (file: FileStamp) => void;
}

export type Placed = 'placed' | 'same bytes there' | 'other bytes there';

/** Anybody may read: a web server runs as somebody else. */
const MODE = 0o644;
const PERMISSIONS = 0o7777;
const OTHERS_WRITE = 0o022;

/**
 * The one way into packages/. In one step there is a whole file at `to`: the bytes that have this hash, flushed, with the time of the
 * source, to be read by all. What has the name already is never written over, also when it comes at this very moment.
 *
 * A file of kho's own user gets a second name; that of anybody else, who may go on writing to it, is copied (as a clone, where the disk
 * can). The name is not flushed yet, and the source is still there: see `Placing`. The lock must be held.
 *
 * @throws {FormatError} `changed-while-reading` when the source is not what was seen; {KhoError} WRITE
 */
export async function placeWhole(
  source: WholeSource,
  to: string,
  folders: OwnFolders,
  { mayReplace = false, isApart = false, onReady }: PlaceOptions = {},
): Promise<Placed> {
  let ready = isApart ? undefined : source.isPrivate ? source.path : linked(source, folders.pathFor(to));
  ready ??= await copied(source, folders.pathFor(to));
  const giveReady = (file: string) => {
    onReady?.(file === source.path ? source.stamp : fileStamp(look(file) as Stats));
    return give(file, to, source, mayReplace);
  };
  try {
    return await giveReady(ready);
  } catch (error) {
    if (systemCode(error) !== 'EXDEV') throw error;
    return await giveReady(await copied(source, folders.pathFor(to, true)));
  } finally {
    if (ready !== source.path) removeFile(ready);
  }
}

/**
 * A second name for the source, in a folder of kho's own: there nobody can swap it between looking and using.
 *
 * @returns undefined when it has to be copied: it is somebody else's, or others may have it open for writing, or have a name of it, or
 *   the disk is another, or knows no such names
 */
function linked(source: WholeSource, to: string): string | undefined {
  const { path, stamp } = source;
  const before = look(path);
  if (!before || !isOursAlone(before) || before.nlink !== 1) return undefined;
  try {
    linkFile(path, to);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EXDEV' || knowsNoLinks(error)) return undefined;
    throw WENT_AWAY.has(code ?? '') ? isChanging() : error;
  }
  try {
    const stats = look(to);
    if (!isSameState(stats, stamp) || !isOursAlone(stats)) throw isChanging();
    if ((stats.mode & PERMISSIONS) !== MODE) setMode(to, MODE, stamp);
    if (!source.isFlushed) flushPath(to);
    return to;
  } catch (error) {
    removeFile(to);
    throw error;
  }
}

async function copied({ path, stamp, sha256 }: WholeSource, to: string): Promise<string> {
  try {
    const written = copyWhole(path, to, { modifiedMs: stamp.modifiedMs, seen: stamp });
    if ((written ?? (await hashFile(to))) !== sha256) throw isChanging();
    flushPath(to);
    return to;
  } catch (error) {
    removeFile(to);
    throw WENT_AWAY.has(systemCode(error) ?? '') ? isChanging() : error;
  }
}

async function give(ready: string, to: string, { stamp, sha256 }: WholeSource, mayReplace: boolean): Promise<Placed> {
  if (takeName(ready, to)) return 'placed';
  const statsThere = look(to);
  if (statsThere?.isFile() && statsThere.size === stamp.size) {
    if ((await hashFile(to, fileStamp(statsThere))) === sha256) return 'same bytes there';
  }
  if (!mayReplace || !(statsThere?.isFile() || statsThere?.isSymbolicLink())) return 'other bytes there';
  rename(ready, to);
  return 'placed';
}

/** Whether nobody else can write to it, nor have it open for writing. */
function isOursAlone({ uid, mode }: Stats): boolean {
  return (process.geteuid === undefined || uid === process.geteuid()) && (mode & OTHERS_WRITE) === 0;
}

function isChanging(): FormatError {
  return new FormatError('changed-while-reading', 'is being written right now');
}
