import { fileStamp } from '../io/file-stamp.ts';
import { look } from '../io/open-file.ts';
import { SIDE_FILES } from '../standards/side-files.ts';
import type { FoundFile } from './found-file.ts';

/**
 * One package as a scan of its folder would see it. Reads no file.
 *
 * @param folder the packages/ of `repository`, absolute
 * @param path from there
 * @returns undefined when nothing is there; `link` for one, whose way only a scan goes
 * @throws an error of Node where it cannot be looked at
 */
export function lookAtPackage(repository: string, folder: string, path: string): FoundFile | 'link' | undefined {
  const full = `${folder}/${path}`;
  const stats = look(full);
  if (stats?.isSymbolicLink()) return 'link';
  if (!stats?.isFile()) return undefined;
  const found: FoundFile = { repository, path, mode: stats.mode & 0o777, stamp: fileStamp(stats), sideFiles: {} };
  for (const side of SIDE_FILES) {
    const beside = look(`${full}.${side}`);
    if (beside?.isSymbolicLink()) return 'link';
    if (beside?.isFile()) found.sideFiles[side] = fileStamp(beside);
  }
  return found;
}
