import { FormatError } from '../problems.ts';

/** One entry of an archive's table of contents. */
export interface Member {
  /** As the archive spells it, without a slash at the end or `./` in front. */
  path: string;
  /** Unpacked, in bytes. */
  size: number;
  kind: 'file' | 'folder' | 'link';
}

/** Ten times what the biggest packages hold. Their paths together are bounded too, so that the list fits in memory. */
export const MEMBER_COUNT_LIMIT = 250_000;
/** In bytes, of all paths (in a zip: of its whole directory). */
export const MEMBER_NAMES_LIMIT = 64 * 1024 * 1024;

/** @throws {FormatError} `unsafe-member` for a path that may lead out of the folder it is unpacked in, on any system. */
export function checkMemberPath(path: string): void {
  if (/^[/\\]/.test(path) || /^[A-Za-z]:/.test(path)) throw unsafe(path, 'whose path is absolute');
  if (path.includes('\0')) throw unsafe(path, 'whose path has a NUL character');
  if (climbsOut(path)) throw unsafe(path, 'whose path climbs out of the folder it is unpacked in');
}

/**
 * Links as pip judges them (the `data` filter of Python's tarfile, PEP 706): to a relative path, inside the archive.
 *
 * @param target as the archive gives it: from the link's folder, or for a hard link from the archive's root
 * @throws {FormatError} `unsafe-member`
 */
export function checkLinkTarget(path: string, target: string, hard: boolean): void {
  if (/^[/\\]/.test(target) || /^[A-Za-z]:/.test(target))
    throw unsafe(path, `a link to the absolute path ${shownPath(target)}`);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  if (climbsOut(hard ? target : folder + target))
    throw unsafe(path, `a link to ${shownPath(target)}, outside of the archive`);
}

/** Whether `..` leads above the start, at any point. A backslash counts as slash: on Windows it is one. */
function climbsOut(path: string): boolean {
  if (!path.includes('..')) return false;
  let depth = 0;
  for (const part of path.split(/[/\\]/)) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

function unsafe(path: string, why: string): FormatError {
  return new FormatError('unsafe-member', `holds ${shownPath(path)}, ${why}`);
}

/** A path for a message: quoted, on one line, not too long. */
export function shownPath(path: string): string {
  const start = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  return JSON.stringify(start).replace(
    /[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
