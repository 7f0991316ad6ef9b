/** The stamps in what a scan wrote down of a file (`fileState`), each by itself. */
import type { Stats } from 'node:fs';
import { fileStamp } from '../io/file-stamp.ts';
import { PEOPLES_SIDE_FILES, type PeoplesSideFile, SIDE_FILE_KINDS } from '../standards/side-files.ts';
import { mayBeSameState, stampText } from './file-state.ts';

export interface PackageStamps {
  file: string;
  sides: { [Side in PeoplesSideFile]?: string };
}

/** What a scan saw of a package and of what people put beside it. @param state as `fileState` wrote it */
export function packageStamps(state: string): PackageStamps {
  const [, file = '', ...others] = state.split(' ');
  const sides: PackageStamps['sides'] = {};
  for (const side of PEOPLES_SIDE_FILES) {
    const mark = SIDE_FILE_KINDS[side].mark ?? '';
    const stamp = others.find((one) => one.startsWith(mark) && one.includes(':'));
    if (stamp !== undefined) sides[side] = stamp.slice(mark.length);
  }
  return { file, sides };
}

/** Whether it is certain that nothing was written to it since: a change just before the scan may have been followed by another. */
export function hasStamp(stats: Stats, stamp: string): boolean {
  return stamp === stampText(fileStamp(stats));
}

/** As `hasStamp`, where such a change is not looked for. */
export function mayHaveStamp(stats: Stats, stamp: string): boolean {
  return mayBeSameState(stamp, stampText(fileStamp(stats)));
}
