import type { Stats } from 'node:fs';
import { join } from 'node:path';
import type { RepositoryConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import { removeFile } from '../io/disk.ts';
import { type FileStamp, fileStamp } from '../io/file-stamp.ts';
import { look } from '../io/open-file.ts';
import { isLeftClaim } from '../io/take-name.ts';
import type { NamedFile } from '../standards/file-identity.ts';
import { planRetag, type RetagPlan } from '../standards/platforms/retag-name.ts';
import type { WholeFile } from './inspect-incoming.ts';
import { checkOriginalsFolder, freeName, keptNames, originalsFolder, originalsPath } from './originals.ts';
import type { OwnFolders } from './own-folders.ts';
import type { PackageFile } from './packages-folder.ts';
import { findSameBytes, type PackagesFolder } from './packages-folder.ts';
import type { WholeSource } from './place-whole.ts';
import { isTombstoned } from './tombstones.ts';
import { writeRetagged } from './write-retagged.ts';

/** Where one file from incoming/ belongs in one repository, and what stands there. */
export interface Destination {
  published: PackagesFolder;
  /** Under its name there. */
  place: PackageFile;
  /** Its bytes are there already. */
  isThere: boolean;
  mayReplace: boolean;
  /** Files with other bytes under its name, or under one that stands for the same file, which must not be replaced. */
  inTheWay: readonly PackageFile[];
  /** These have names that are spelled otherwise. */
  isTwin?: true;
  /** Other bytes were removed under its name: it must not come there either. */
  isTombstoned?: true;
  /** Where the file itself is kept, when it has another name there. */
  original?: PackageFile;
  retagged?: Retagged;
}

/** The file under its true name, which the repository gets in its place. */
export interface Retagged {
  filename: string;
  assumedMusl?: string;
  /** Written and flushed, under a name of kho's own; absent when the same bytes stand there. */
  made?: WholeSource;
  /** In bytes. */
  size: number;
  originalIsThere: boolean;
}

/**
 * Look what a file meets in a repository. Where wheels are retagged, the new one is written into a folder of kho's own.
 *
 * @throws {FormatError}; {KhoError} WRITE
 */
export async function findDestination(
  file: WholeFile,
  published: PackagesFolder,
  root: string,
  folders: OwnFolders,
): Promise<Destination> {
  const { repository } = published;
  const { original, originalIsThere, isOnly } = await placeOfOriginal(root, repository, file);
  const sameNamed = published.named(file.name);
  const plan = planFor(file, repository);
  const [exact] = plan?.is === 'new name' ? published.named(plan.filename) : [];
  const trueFile = originalIsThere && (exact ?? (isOnly ? published.renamed(file.name) : undefined));
  if (trueFile) return { published, place: trueFile, isThere: true, mayReplace: false, inTheWay: [], original };
  if (plan?.is !== 'new name' || sameNamed.length > 0) {
    return meet(root, published, { ...file.facts, filename: file.name }, sameNamed);
  }
  const path = folders.pathFor(published.placeFor(plan.filename).full);
  const made = await makeRetagged(join(file.folder, file.name), file.stamp, path, plan.filename);
  try {
    const { sha256 } = made;
    const { size } = made.stamp;
    const renamed = { ...file.facts, filename: plan.filename, size, sha256 };
    const destination = await meet(root, published, renamed, published.named(plan.filename));
    const { assumedMusl } = plan;
    destination.original = original;
    destination.retagged = {
      filename: plan.filename,
      size,
      originalIsThere,
      ...(assumedMusl !== undefined && { assumedMusl }),
    };
    if (destination.isThere || mustNotCome(destination)) removeFile(path);
    else destination.retagged.made = made;
    return destination;
  } catch (error) {
    removeFile(path);
    throw error;
  }
}

/** Write a wheel under its true name into a folder of kho's own. @throws as `writeRetagged` */
export async function makeRetagged(
  from: string,
  seen: FileStamp,
  path: string,
  filename: string,
): Promise<WholeSource> {
  await writeRetagged(from, seen, path, filename);
  return { path, stamp: fileStamp(look(path) as Stats), sha256: await hashFile(path), isPrivate: true };
}

/** Undefined where names are left as they are. */
export function planFor({ name, facts }: WholeFile, repository: RepositoryConfig): RetagPlan | undefined {
  return repository.retag && facts.kind === 'wheel' ? planRetag(name, facts.binaries) : undefined;
}

/** Whether something, there or removed, forbids it. */
export function mustNotCome({ inTheWay, isTombstoned }: Destination): boolean {
  return inTheWay.length > 0 || isTombstoned === true;
}

async function meet(
  root: string,
  published: PackagesFolder,
  file: NamedFile & { size: number; sha256: string },
  sameNamed: readonly PackageFile[],
): Promise<Destination> {
  const { filename, size, sha256 } = file;
  const same = await findSameBytes(sameNamed, size, sha256);
  const mayReplace = published.repository.overwrite === true && sameNamed.length <= 1;
  const place = same ?? sameNamed[0] ?? published.placeFor(filename);
  if (sameNamed.length === 0) {
    refuseToHide(place);
    const twins = published.twins(file);
    const isSame = twins.length > 0 && (await findSameBytes(twins, size, sha256)) !== undefined;
    if (twins.length > 0 && !isSame)
      return { published, place, isThere: false, mayReplace: false, inTheWay: twins, isTwin: true };
    const { name, overwrite } = published.repository;
    if (!overwrite && isTombstoned(root, filename, sha256, name))
      return { published, place, isThere: false, mayReplace: false, inTheWay: [], isTombstoned: true };
  }
  return { published, place, isThere: same !== undefined, mayReplace, inTheWay: same || mayReplace ? [] : sameNamed };
}

/** Where the file itself is kept, or can be: beside others of its name, since build machines of two kinds name different wheels alike. */
async function placeOfOriginal(
  root: string,
  { name: repository }: RepositoryConfig,
  { name, facts }: WholeFile,
): Promise<{ original: PackageFile; originalIsThere: boolean; isOnly: boolean }> {
  const folder = originalsFolder(root, repository);
  const isFolder = checkOriginalsFolder(root, repository);
  const place = (kept: string): PackageFile => {
    const full = join(folder, kept);
    return { file: originalsPath(repository, kept), full, size: (isFolder && look(full)?.size) || 0 };
  };
  if (!isFolder) return { original: place(name), originalIsThere: false, isOnly: false };
  const kept = keptNames(folder, name);
  const same = await findSameBytes(kept.map(place), facts.size, facts.sha256);
  const original = same ?? place(freeName(folder, name));
  return { original, originalIsThere: same !== undefined, isOnly: kept.length === 1 };
}

/** @throws {KhoError} WRITE when something stands there that is no package: a link, a folder */
export function refuseToHide({ full }: PackageFile): void {
  if (look(full) === undefined || isLeftClaim(full)) return;
  throw new KhoError('WRITE', `Cannot move it to "${full}": something else is there`, { hint: 'move that away' });
}
