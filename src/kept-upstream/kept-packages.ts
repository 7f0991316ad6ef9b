/** Files of other indexes that are kept. Others may write there, and put anything. */
import { KhoError } from '../errors.ts';
import { listFolder } from '../io/open-file.ts';
import type { NormalizedName } from '../standards/name.ts';
import { keptPackagesFolder, keptProjectFolder, type UpstreamPlace } from './kept-places.ts';

/** Projects of which something may be kept, sorted. @throws {KhoError} READ, SITE */
export function keptProjects(root: string, upstream: string): NormalizedName[] {
  const entries = entriesOf(keptPackagesFolder(root, upstream));
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name as NormalizedName] : [])).sort();
}

/** Names of what is kept of one, sorted. @throws {KhoError} READ, SITE */
export function keptFiles(root: string, place: UpstreamPlace): string[] {
  const entries = entriesOf(keptProjectFolder(root, place));
  return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
}

/** As `keptFiles`, for who only tells of it: what cannot be listed is not here. */
export function keptFilesOrNone(root: string, place: UpstreamPlace): string[] {
  try {
    return keptFiles(root, place);
  } catch (error) {
    if (error instanceof KhoError) return [];
    throw error;
  }
}

function entriesOf(folder: string): ReturnType<typeof listFolder> {
  try {
    return listFolder(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof KhoError) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return [];
    throw new KhoError('READ', `Cannot list "${folder}"`, { cause: error, hint: 'let the user that runs kho read it' });
  }
}
