import { lstatSync, mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { reach } from './reach.ts';
import { temporaryName } from './temporary-name.ts';

/** The way out where that keeps kho from working. */
export const HOW_TO_MOUNT =
  'its disk keeps no permissions: mount it so that only the user that runs kho may write there (options uid=USER,umask=022; of SMB uid=USER,dir_mode=0755,file_mode=0644)';

/**
 * Whether the disk of a folder keeps who may write: a folder is made in it, which nobody else should be able to write in, and removed.
 * vfat, exFAT and many network disks give all files the mode that they were mounted with.
 *
 * @throws an error of Node
 */
export function knowsModes(folder: string): boolean {
  const probe = join(folder, temporaryName());
  mkdirSync(reach(probe), 0o700);
  const { mode } = lstatSync(reach(probe));
  rmdirSync(reach(probe));
  return (mode & 0o022) === 0;
}
