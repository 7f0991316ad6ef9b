import { join } from 'node:path';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import type { FileStamp } from '../io/file-stamp.ts';
import { scanPackages } from '../scan/scan-packages.ts';
import { PEOPLES_SIDE_FILES, type PeoplesSideFile } from '../standards/side-files.ts';
import { checkRepository, isSelected, projectOf, readingsOf, type Selection } from './selection.ts';

/** A file in packages/, listed or held. */
export interface StoredPackage {
  repository: string;
  /** From the site's root. */
  file: string;
  /** Absolute. */
  full: string;
  filename: string;
  stamp: FileStamp;
  /** What people put beside it. */
  sides: readonly { side: PeoplesSideFile; stamp: FileStamp }[];
  /** As far as its name tells. */
  project?: string;
  version?: string;
}

/** Of who asks over HTTP. */
export interface Bounds {
  /** Repositories that he may know of; absent: all. */
  sees?: ReadonlySet<string>;
  /** Asked of each file that is meant, before anything is done. @throws where that may not be */
  permit?: (file: Pick<StoredPackage, 'repository' | 'filename'>) => void;
}

/** All that a repository holds itself. @throws {KhoError} READ */
export function packagesOf({ name, packages }: RepositoryConfig, { ignore }: SiteConfig): StoredPackage[] {
  if (packages === undefined) return [];
  const { files } = scanPackages(name, packages, { ...(ignore && { ignored: ignore }) });
  return files.map((file): StoredPackage => {
    const filename = file.path.slice(file.path.lastIndexOf('/') + 1);
    const [reading] = readingsOf(filename);
    const sides = PEOPLES_SIDE_FILES.flatMap((side) => {
      const stamp = file.sideFiles[side];
      return stamp ? [{ side, stamp }] : [];
    });
    const { repository, path, stamp } = file;
    return { ...{ repository, filename, stamp, sides }, file: sitePath(file), full: join(packages, path), ...reading };
  });
}

/** The site as somebody may know it. */
export function asSeen(config: SiteConfig, sees: ReadonlySet<string> | undefined): SiteConfig {
  return sees ? { ...config, repositories: config.repositories.filter(({ name }) => sees.has(name)) } : config;
}

/** The files that are meant, of those that who asks may know of. @throws {KhoError} as `findPackages`; what `permit` throws */
export function findMeant(
  config: SiteConfig,
  selections: readonly Selection[],
  { only, sees, permit }: { only?: string | undefined } & Bounds,
): StoredPackage[] {
  const found = findPackages(asSeen(config, sees), selections, only);
  if (permit) found.forEach(permit);
  return found;
}

/**
 * The files that are meant, in all repositories that have some.
 *
 * @param only this repository
 * @throws {KhoError} USAGE where there is none
 */
export function findPackages(config: SiteConfig, selections: readonly Selection[], only?: string): StoredPackage[] {
  if (only !== undefined) checkRepository(config, only);
  const all = config.repositories
    .filter(({ name }) => only === undefined || name === only)
    .flatMap((repository) => packagesOf(repository, config));
  const found = selections.flatMap((selection) => {
    const files = all.filter(({ full }) => isSelected(selection, full));
    if (files.length === 0) throw notThere(selection, all, only);
    return files.map((file): StoredPackage => {
      const project = projectOf(file.filename, selection);
      return { ...file, ...(project !== undefined && { project }) };
    });
  });
  return [...new Map(found.map((file) => [file.full, file])).values()];
}

function notThere(selection: Selection, all: readonly StoredPackage[], only: string | undefined): KhoError {
  const where = only === undefined ? '' : ` in "${only}"`;
  const versions = [
    ...new Set(
      all.flatMap((file) =>
        selection.is === 'release' && file.project === selection.project && file.version ? [file.version] : [],
      ),
    ),
  ];
  const hint =
    versions.length > 0
      ? `of ${(selection as { project: string }).project} there are ${versions.slice(0, 10).join(', ')}`
      : '"kho list" shows what there is; "kho restore --list" what was removed';
  return new KhoError('USAGE', `Cannot find "${selection.text}"${where}`, { hint });
}
