/**
 * The way to whatever lies in folders that others may write. A path is a promise that holds at one moment only: before it is used,
 * any folder in it may be swapped for a link to somewhere else. So a folder is opened once, without following a link, and what is
 * in it is reached through its descriptor (`/proc/self/fd/N/NAME`; Node has no openat). All of io/ goes through here.
 *
 * Some folders are known from the start ("anchors"): the site and its repositories, whose owner may make them links, and packages/
 * of each. What lies below an anchor is opened a folder at a time. Paths that lie below none are used as they are: a user named them.
 */
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, realpathSync } from 'node:fs';
import { KhoError } from '../errors.ts';
import { checkPrivate } from './private-folder.ts';

/** Where the kernel shows the descriptors of this process. Linux only. */
const DESCRIPTORS = '/proc/self/fd';

const FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** So many folders are held open besides anchors; the one opened first goes first. A rename needs two of them at once. */
const MOST_OPEN = 128;

/**
 * - `own`: kho made what is in it, and follows no link there.
 * - `shared`: others write in it. Links that stay inside are followed: their way is looked up first, then gone without following.
 * - `private`: made in this run, and nobody else may write in it: what is in it is reached through its descriptor at any depth.
 */
type AnchorKind = 'own' | 'shared' | 'private';

interface Anchor {
  path: string;
  kind: AnchorKind;
}

const anchors = new Map<string, Anchor>();
let privates: string[] = [];
/** Those of them that belong to the site, and are not removed again. */
const lasting = new Set<string>();
/** By absolute path: descriptors of folders, in the order of their opening. */
const open = new Map<string, number>();
/** Those that are no anchors. */
const passing = new Set<string>();
/** For messages. */
const pathOf = new Map<number, string>();
/** Not so on other systems than Linux, and in some sandboxes. */
export const hasDescriptors = existsSync(DESCRIPTORS);

/** @param path absolute and real. One that is known keeps its first kind. */
export function anchor(path: string, kind: AnchorKind): void {
  if (anchors.has(path)) return;
  anchors.set(path, { path, kind });
  passing.delete(path);
  if (kind === 'private') privates.push(path);
}

/**
 * Another run begins, or one is over: folders may have been moved since, are opened anew, and keep no disk from being unmounted. Those that a
 * run made for itself stay until they are removed.
 *
 * @param below that folder, and in it
 */
export function closeFolders(below = ''): void {
  for (const path of lasting) if (path.startsWith(`${below}/`)) forgetFolder(path);
  for (const path of [...open.keys()]) {
    if (anchors.get(path)?.kind !== 'private' && (path === below || path.startsWith(`${below}/`))) close(path);
  }
}

/** A folder is gone, or bears another name: so does what is below it. */
export function forgetFolder(path: string): void {
  const isBelow = (folder: string) => folder === path || folder.startsWith(`${path}/`);
  for (const folder of [...open.keys()]) if (isBelow(folder)) close(folder);
  for (const top of privates.filter(isBelow)) anchors.delete(top);
  privates = privates.filter((top) => !isBelow(top));
  for (const each of lasting) if (isBelow(each)) lasting.delete(each);
}

/**
 * A folder that is held open from run to run may have been moved away, or put back from a backup: what is written into it then is lost.
 *
 * @param now what stands under that path; undefined for nothing
 */
export function forgetReplaced(path: string, now: { dev: number; ino: number } | undefined): void {
  const descriptor = open.get(path);
  if (descriptor === undefined) return;
  const { dev, ino } = fstatSync(descriptor);
  if (dev !== now?.dev || ino !== now.ino) forgetFolder(path);
}

/**
 * The path by which to act on the entry `path` (which need not be there) and on no other: its last part is not followed by `lstat`,
 * `unlink`, `rename` and their like, nor by `open` with O_NOFOLLOW. Use it at once.
 *
 * @throws {KhoError} SITE where a link stands in kho's own folders; an error of Node where a folder cannot be opened
 */
export function reach(path: string): string {
  for (const top of privates) {
    if (path.startsWith(top) && path.charCodeAt(top.length) === SLASH) {
      return `${DESCRIPTORS}/${opened(top)}${path.slice(top.length)}`;
    }
  }
  const slash = path.lastIndexOf('/');
  const folder = path.slice(0, slash);
  const descriptor = open.get(folder) ?? openBelowAnchor(folder);
  return descriptor === undefined ? path : `${DESCRIPTORS}/${descriptor}${path.slice(slash)}`;
}

const SLASH = 47;

/** As `reach`, for the folder itself that is at `path`. */
export function reachFolder(path: string): string {
  const descriptor = open.get(path) ?? openBelowAnchor(path);
  return descriptor === undefined ? path : `${DESCRIPTORS}/${descriptor}`;
}

/** Where a link below a shared folder leads, or what lies behind one; undefined when that is nowhere. Only looks. */
export function followLink(path: string): { real: string; isInside: boolean } | undefined {
  const around = anchorAround(path);
  try {
    const real = realpathSync.native(path);
    const isInside = around?.kind === 'shared' && (real === around.path || real.startsWith(`${around.path}/`));
    return { real, isInside };
  } catch {
    return undefined;
  }
}

/** The real path of what lies behind a link below a shared folder; undefined when it leads out of it, or nowhere. */
export function wayInside(path: string): string | undefined {
  const way = followLink(path);
  return way?.isInside ? way.real : undefined;
}

/** Words of Node with paths that people know. */
export function inPlainPaths(message: string): string {
  return message.replace(/\/proc\/self\/fd\/(\d+)/g, (whole, number) => pathOf.get(Number(number)) ?? whole);
}

function anchorAround(path: string): Anchor | undefined {
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = anchors.get(at);
    if (found) return found;
  }
  return undefined;
}

/** Undefined when no anchor is around it, or the system shows no descriptors: then nobody else may write there. */
function openBelowAnchor(path: string): number | undefined {
  const around = anchorAround(path);
  if (!around) return undefined;
  if (!hasDescriptors) return checkPrivate(path, around.path);
  if (path === around.path) return opened(path);
  const descriptor = walkDown(path, around.path);
  if (descriptor !== undefined) return remember(path, descriptor);
  const real = wayInside(path); // there is a link on the way
  const realDescriptor = real === undefined ? undefined : open.get(real);
  if (realDescriptor !== undefined) return realDescriptor;
  const again = real === undefined ? undefined : walkDown(real, around.path);
  if (again === undefined) throw linkOnTheWay(path, around);
  return remember(real as string, again);
}

/** An anchor's own folder. What lies around it may be an anchor too, and is believed more than the path. */
function opened(path: string): number {
  const openedBefore = open.get(path);
  if (openedBefore !== undefined) return openedBefore;
  const outer = anchorAround(path.slice(0, path.lastIndexOf('/')));
  const descriptor = outer ? walkDown(path, outer.path) : openSync(path, FOLDER);
  if (descriptor === undefined) throw linkOnTheWay(path, { path, kind: 'own' });
  return remember(path, descriptor);
}

/** Undefined when a part of the way is a link. */
function walkDown(path: string, top: string): number | undefined {
  let from = path;
  while (!open.has(from) && from !== top) from = from.slice(0, from.lastIndexOf('/'));
  let at = opened(from);
  for (let start = from.length; start < path.length; ) {
    const next = path.indexOf('/', start + 1);
    const end = next < 0 ? path.length : next;
    const before = at;
    const way = `${DESCRIPTORS}/${before}${path.slice(start, end)}`;
    try {
      at = openSync(way, FOLDER);
    } catch (error) {
      if (isLink(way)) return undefined;
      throw error;
    } finally {
      if (start > from.length) closeSync(before);
    }
    start = end;
  }
  return at;
}

function isLink(way: string): boolean {
  try {
    return lstatSync(way).isSymbolicLink();
  } catch {
    return false;
  }
}

function remember(path: string, descriptor: number): number {
  for (const oldest of passing) {
    if (passing.size < MOST_OPEN) break;
    close(oldest);
  }
  open.set(path, descriptor);
  if (!anchors.has(path)) passing.add(path);
  pathOf.set(descriptor, path);
  return descriptor;
}

function close(path: string): void {
  const descriptor = open.get(path) as number;
  closeSync(descriptor);
  open.delete(path);
  passing.delete(path);
  pathOf.delete(descriptor);
}

function linkOnTheWay(path: string, around: Anchor): Error {
  if (around.kind === 'shared') {
    return Object.assign(new Error(`ELOOP: a link leads out of "${around.path}"`), { code: 'ELOOP' });
  }
  return new KhoError('SITE', `Cannot use "${path}": it is a link, or behind one, and kho owns this folder wholly`, {
    hint: 'put the folder itself there; to keep it on another disk, mount that there, or let the repository itself be a link',
  });
}

/**
 * Reach what is in a folder through its descriptor, at any depth, if only who runs this may write in it.
 *
 * @param isAsMade whether it was made a moment ago, or its disk knows no owners or modes (vfat, SMB): where others may write in it all
 *   the same, it is gone down to a folder at a time, as others are
 * @param lasts it belongs to the site, and stays when the run is over
 * @throws {KhoError} WRITE for one that others may write in
 */
export function anchorPrivate(path: string, isAsMade: () => boolean, lasts = false): void {
  if (!hasDescriptors) return;
  const descriptor = openSync(reach(path), FOLDER);
  const { uid, mode } = fstatSync(descriptor);
  if (uid !== process.geteuid?.() || (mode & 0o022) !== 0) {
    closeSync(descriptor);
    if (isAsMade()) return;
    throw new KhoError('WRITE', `Cannot write into "${path}": somebody else may write there too`, {
      hint: 'remove that folder, and run kho again',
    });
  }
  if (open.has(path)) close(path); // of another folder of that name, or of the same
  remember(path, descriptor);
  anchor(path, 'private');
  if (lasts) lasting.add(path);
}
