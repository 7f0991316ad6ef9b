import { join } from 'node:path';
import type { RepositoryConfig } from '../config/site-config.ts';
import type { FileFacts } from '../inspect/file-facts.ts';
import { look } from '../io/open-file.ts';
import { PROJECT_RECORDS, recordFinder } from '../publish/manifest.ts';
import type { NormalizedName } from '../standards/name.ts';
import { isPassedOver } from '../standards/passed-over.ts';
import { projectsOfFile } from '../standards/projects-of-file.ts';

/** A file that is to come into a repository. */
export interface ComingFile {
  name: string;
  facts: Pick<FileFacts, 'project'>;
}

/** From packages/, and in bytes. */
export interface PackageSize {
  path: string;
  size: number;
}

/**
 * What packages/ of a repository holds that one file may meet, found without a look at all that is in it: what stands under its name, and
 * what the manifest knows of its project. What somebody else put there since the last build, under a name that stands for the same file, is
 * not among it: the build that lists both holds one of them.
 *
 * @param root of the site
 * @param find reads the manifest: one for all files of a run that holds the lock
 * @returns undefined where only a look at the whole folder can tell
 */
export function relatedPackages(
  root: string,
  { name: repository, packages }: RepositoryConfig,
  { name, facts: { project } }: ComingFile,
  ignored: readonly string[] = [],
  find = recordFinder(root),
): PackageSize[] | undefined {
  const folder = packages as string;
  const paths = new Set(isPassedOver(name, ignored) ? [] : [name]);
  for (const each of new Set<NormalizedName>([project, ...projectsOfFile(name)])) {
    const found = find(each);
    const disk = found?.disks[repository];
    if (!found || (disk?.files && disk.device !== look(folder)?.dev)) return undefined; // perhaps it is not mounted
    const record = found.line === undefined ? undefined : PROJECT_RECORDS.parse(found.line);
    if (found.line !== undefined && !record) return undefined;
    for (const file of record?.files ?? []) {
      if (file.unseen) return undefined;
      if (file.repository === repository) paths.add(file.path);
    }
  }
  const found: PackageSize[] = [];
  for (const path of paths) {
    const stats = look(join(folder, path));
    if (stats?.isSymbolicLink()) return undefined;
    if (stats?.isFile()) found.push({ path, size: stats.size });
  }
  return found;
}
