/** Files of other indexes that are kept: SITE/upstream/NAME/packages/PROJECT/FILE. Others may write there, and put anything. */
import { join } from 'node:path';
import { UPSTREAM_FOLDER } from '../config/repository-name.ts';
import { KhoError } from '../errors.ts';
import { listFolder } from '../io/open-file.ts';
import { FormatError } from '../problems.ts';
import type { NormalizedName } from '../standards/name.ts';
import { sdistVersionFor } from '../standards/sdist-filename.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';

/** From the site's root. */
export function keptPackagesPath(upstream: string): string {
  return `${UPSTREAM_FOLDER}/${upstream}/packages`;
}

/** Projects of which something may be kept, sorted. @throws {KhoError} READ, SITE */
export function keptProjects(root: string, upstream: string): NormalizedName[] {
  const entries = entriesOf(join(root, keptPackagesPath(upstream)));
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name as NormalizedName] : [])).sort();
}

/** Names of what is kept of one, sorted. @throws {KhoError} READ, SITE */
export function keptFiles(root: string, upstream: string, project: NormalizedName): string[] {
  const entries = entriesOf(join(root, keptPackagesPath(upstream), project));
  return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
}

/** Of a package; undefined where its name does not tell. */
export function versionOf(filename: string, project: NormalizedName): string | undefined {
  try {
    return filename.endsWith('.whl') ? parseWheelFilename(filename).version : sdistVersionFor(filename, project);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
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
