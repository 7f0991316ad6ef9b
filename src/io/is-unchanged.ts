import type { Stats } from 'node:fs';
import { type FileStamp, isSameFile, isUntouched } from './file-stamp.ts';
import { look } from './open-file.ts';

/** Whether what is at `path` is what was seen there. */
export function isUnchanged(path: string, stamp: FileStamp): boolean {
  try {
    return isSameState(look(path), stamp);
  } catch {
    return false; // its folder may not be entered any more
  }
}

/** Whether it is a file, and what was seen. */
export function isSameState(now: Stats | undefined, stamp: FileStamp): now is Stats {
  return now?.isFile() === true && isSameFile(now, stamp) && isUntouched(now, stamp);
}
