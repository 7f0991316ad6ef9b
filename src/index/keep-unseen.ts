import { join } from 'node:path';
import { sitePath } from '../catalog/resolve-listing.ts';
import { KhoError } from '../errors.ts';
import { look, readText } from '../io/open-file.ts';
import { openingHint } from '../io/opening-line.ts';
import type { FileRecord, Manifest } from '../publish/manifest.ts';
import type { Target } from '../publish/target.ts';
import type { FoundFile } from '../scan/found-file.ts';
import type { Unseen } from '../scan/scan-packages.ts';
import type { NormalizedName } from '../standards/name.ts';
import { addFile, type SiteScan, sortFiles } from './scan-site.ts';

/** Of a file that cannot be looked at. */
const NO_STAMP = { size: 0, modifiedMs: 0, changedMs: 0, inode: 0, device: 0 };

/**
 * Where kho cannot look, what the last run knew is as good as anything: it goes on being listed until somebody opens the folder, or the
 * disk answers again. A colleague's `mkdir` must not take what others use out of the index, nor keep the rest from being published.
 *
 * @param target where the site is published
 * @throws {KhoError} READ where that knowledge is lost, and something of it is published: it would leave the index
 */
export function keepUnseen(scan: SiteScan, manifestBefore: Manifest, target: Target): void {
  if (scan.unseen.length === 0) return;
  const isLost = manifestBefore.generation === '' || manifestBefore.isDamaged === true;
  const closed = isLost ? scan.unseen.find((place) => isPublished(place, target)) : undefined;
  if (closed) throw cannotTell(closed);
  const texts = scan.unseen.map(({ path }) => JSON.stringify(path).slice(1, -1));
  for (const name of manifestBefore.projects.names() as Iterable<NormalizedName>) {
    const line = manifestBefore.projects.line(name);
    if (!texts.some((text) => line?.includes(text))) continue; // to parse all would take long
    const files = manifestBefore.projects.get(name)?.files.filter((record) => scan.unseen.some(covers(record))) ?? [];
    for (const { repository, path } of files) {
      addFile(scan.projects, name, unseenFile(repository, path));
      const disk = scan.disks[repository];
      if (disk) disk.files++;
    }
    if (files.length > 0) sortFiles(scan.projects.get(name) as FoundFile[]);
  }
}

function covers({ repository, path }: FileRecord) {
  return (place: Unseen): boolean =>
    place.repository === repository && (place.path.endsWith('/') ? path.startsWith(place.path) : path === place.path);
}

function unseenFile(repository: string, path: string): FoundFile {
  return { repository, path, mode: 0, stamp: NO_STAMP, sideFiles: {}, unseen: true };
}

/** Each repository's own files are in its SHA256SUMS. */
function isPublished({ repository, path }: Unseen, target: Target): boolean {
  const folder = target.folderOf(repository);
  try {
    return readText(join(folder, 'SHA256SUMS')).includes(` packages/${path}`);
  } catch {
    return look(join(folder, 'simple')) !== undefined; // it may well be
  }
}

function cannotTell({ full, errno }: Unseen): KhoError {
  return new KhoError('READ', `Cannot look into "${full}" (${errno}), and what kho knew of it is lost`, {
    hint: `nothing was changed, since what is published of it would be listed no longer; ${openingHint(full, errno)}`,
  });
}

/** What is published beside files that cannot be seen, and cannot be looked at either: from the site's root. */
export function besideUnseen(files: readonly FoundFile[]): ReadonlySet<string> {
  return new Set(files.filter(({ unseen }) => unseen).map((file) => `${sitePath(file)}.metadata`));
}
