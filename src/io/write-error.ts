import { KhoError } from '../errors.ts';
import { knowsNoLinks } from './disk-lacks.ts';
import { inPlainPaths } from './reach.ts';

const VERBS = {
  folder: 'make folder',
  file: 'write',
  rename: 'write',
  link: 'write',
  remove: 'remove',
  copy: 'copy to',
  flush: 'flush',
  sync: 'flush',
  mode: 'change the mode of',
};

/** Ways to change a disk. */
export type WriteKind = keyof typeof VERBS;

const HINTS: Record<string, string> = {
  ENOSPC: 'free some space on this disk and run kho again; what was published before still stands',
  EDQUOT: 'free some space in your quota and run kho again; what was published before still stands',
  EACCES: 'let the user that runs kho write here, or run kho as the owner of the folder',
  EPERM: 'let the user that runs kho write here, or run kho as the owner of the folder',
  EROFS: 'this disk is mounted read-only: publish elsewhere with --out DIR',
  ENOTDIR: 'a file is where kho needs a folder: move it away',
  EEXIST: 'something else has this name: move it away',
  ELOOP: 'a link is where kho needs a file or folder of its own: move it away',
  EISDIR: 'a folder is where kho needs a file: move it away',
  ENAMETOOLONG: 'the name is longer than this disk allows',
};

const NO_LINKS = 'this disk knows no second names of a file, or it is another disk: leave out --link';

/** What Node said of a change that could not be made, with the way out. Anything but an error of the system is returned as it is. */
export function writeError(kind: WriteKind, path: string, cause: unknown): Error {
  if (cause instanceof KhoError) return cause;
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === undefined || !(cause instanceof Error)) return cause as Error;
  cause.message = inPlainPaths(cause.message);
  const hint = kind === 'link' && (code === 'EXDEV' || knowsNoLinks(cause)) ? NO_LINKS : HINTS[code];
  return new KhoError('WRITE', `Cannot ${VERBS[kind]} "${path}"`, { ...(hint && { hint }), cause });
}
