import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { look } from '../io/open-file.ts';
import { type Problem, problemOf } from '../problems.ts';
import type { Manifest } from '../publish/manifest.ts';
import type { FoundFile } from '../scan/found-file.ts';
import { scanPackages, type Unseen } from '../scan/scan-packages.ts';
import type { NormalizedName } from '../standards/name.ts';
import { projectsOfFile } from '../standards/projects-of-file.ts';

/** What lies in the packages/ folders of a site, by the project that each file's name says. */
export interface SiteScan {
  /** Files of each project sorted by path from the site's root. */
  projects: Map<NormalizedName, FoundFile[]>;
  /** Files that are of no project, whatever is in them. */
  problems: Problem[];
  /** All folders of packages, absolute. */
  folders: string[];
  /** By repository: how much its packages/ holds, and on which device. */
  disks: Manifest['disks'];
  /** Absolute; see PackagesScan. */
  orphans: string[];
  abandoned: string[];
  /** Where kho cannot look; see PackagesScan. */
  unseen: Unseen[];
}

/**
 * @param strays projects of files whose names let one guess another, by path from the site's root
 * @param busy paths from the site's root of files that are being written
 * @throws {KhoError} READ
 */
export function scanSite(
  config: SiteConfig,
  strays: Manifest['strays'],
  busy: ReadonlySet<string> = new Set(),
): SiteScan {
  const scan: SiteScan = {
    projects: new Map(),
    problems: [],
    disks: {},
    folders: [],
    orphans: [],
    abandoned: [],
    unseen: [],
  };
  const hasStrays = Object.keys(strays).length > 0; // to look each file up costs more than it seems
  for (const { name: repository, packages } of config.repositories) {
    if (packages === undefined) continue;
    const found = scanPackages(repository, packages, { ignored: config.ignore ?? [] });
    scan.disks[repository] = { device: look(packages)?.dev ?? 0, files: found.files.length };
    scan.problems.push(...found.problems);
    scan.folders.push(...found.folders);
    scan.orphans.push(...found.orphans);
    scan.abandoned.push(...found.abandoned);
    scan.unseen.push(...found.unseen);
    for (const file of found.files) {
      if (busy.size > 0 && busy.has(sitePath(file))) file.busy = true;
      try {
        const stray = hasStrays ? strays[sitePath(file)] : undefined;
        const guess = () => projectsOfFile(file.path.slice(file.path.lastIndexOf('/') + 1))[0]; // its metadata may know better
        addFile(scan.projects, stray ?? guess(), file);
      } catch (error) {
        scan.problems.push(problemOf(error, sitePath(file)));
      }
    }
  }
  for (const files of scan.projects.values()) sortFiles(files);
  return scan;
}

export function addFile(projects: Map<NormalizedName, FoundFile[]>, name: NormalizedName, file: FoundFile): void {
  const files = projects.get(name);
  if (files) files.push(file);
  else projects.set(name, [file]);
}

export function sortFiles(files: FoundFile[]): void {
  if (files.length > 1) files.sort((a, b) => (sitePath(a) < sitePath(b) ? -1 : 1));
}

/**
 * A folder on which a disk is mounted is there, and empty, while the disk is not.
 *
 * @param disksBefore what the last run saw
 * @throws {KhoError} SITE
 */
export function checkMounted(disks: Manifest['disks'], disksBefore: Manifest['disks']): void {
  for (const [repository, { device, files }] of Object.entries(disks)) {
    const before = disksBefore[repository];
    if (files > 0 || !before?.files || before.device === device) continue;
    throw new KhoError(
      'SITE',
      `Cannot find the ${before.files} packages of "${repository}": its folder is empty, and on another disk than before`,
      {
        hint: 'mount its disk again; if it is meant to be empty, remove .kho and run kho again',
      },
    );
  }
}
