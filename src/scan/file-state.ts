import type { FileStamp } from '../io/file-stamp.ts';
import { PEOPLES_SIDE_FILES, SIDE_FILE_KINDS } from '../standards/side-files.ts';
import type { FoundFile } from './found-file.ts';

/**
 * Marks of time on a disk are coarse (4 ms and more): a file changed that short before the scan may change again and look
 * the same. Its state then counts as unknown, and the next run reads it once more.
 */
export const SETTLED_MS = 50;

/**
 * All that the scan saw of a file and its side-files, as one text to compare. Leaves out FILE.metadata, which is kho's own.
 *
 * @param now when the scan began, milliseconds since 1970
 * @param isKnown nobody else could change the file itself since, so that its times are believed at once
 */
export function fileState(file: FoundFile, now: number, isKnown = false): string {
  let state = `${file.mode} ${stampText(file.stamp, isKnown ? undefined : now)}${file.busy ? ' busy' : ''}`;
  for (const side of PEOPLES_SIDE_FILES) {
    const stamp = file.sideFiles[side];
    if (stamp) state += ` ${SIDE_FILE_KINDS[side].mark}${stampText(stamp, now)}`;
  }
  return state;
}

/** Whether a file is as it was when it got this state: a change that was believed then is believed however fresh it is. */
export function isInState(file: FoundFile, state: string | undefined, now: number): boolean {
  return state !== undefined && (state === fileState(file, now) || state === fileState(file, now, true));
}

/** Whether a file, or its stamp, may be as it was: where its last change was too fresh to count, the rest tells. @param known undefined for a file that is new */
export function mayBeSameState(known: string | undefined, state: string): boolean {
  return known === state || (known?.includes(':?:') === true && withoutChange(known) === withoutChange(state));
}

/** The same without times of the last change, which are not known from the first. */
export function withoutChange(state: string): string {
  return state.replace(/(:[\d.]+):[\d.?]+(:\d+)/g, '$1:?$2');
}

/** @param now when it was seen: a change just before that is left open. Counts as long ago when absent */
export function stampText(stamp: FileStamp, now = Number.POSITIVE_INFINITY): string {
  const settled = now - stamp.changedMs > SETTLED_MS || stamp.changedMs > now + SETTLED_MS;
  return `${stamp.size}:${stamp.modifiedMs}:${settled ? stamp.changedMs : '?'}:${stamp.inode}`;
}
