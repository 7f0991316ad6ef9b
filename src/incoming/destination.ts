import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { RepositoryConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import { removeFile } from '../io/disk.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { freeName, keptNames, originalsFolder, originalsPath } from '../retag/originals.ts';
import { writeRetagged } from '../retag/write-retagged.ts';
import { planRetag, type RetagPlan } from '../standards/platforms/retag-name.ts';
import type { WholeFile } from './inspect-incoming.ts';
import { findSameBytes, type PublishedFile, type PublishedFiles } from './published-files.ts';

/** Where one file from incoming/ belongs in one repository, and what stands there. */
export interface Destination {
  published: PublishedFiles;
  /** Under its name there. */
  place: PublishedFile;
  /** Its bytes are there already. */
  isThere: boolean;
  mayReplace: boolean;
  /** Files with other bytes under its name, which must not be replaced. */
  inTheWay: readonly PublishedFile[];
  /** Where the file itself is kept, when it has another name there. */
  original?: PublishedFile;
  retagged?: Retagged;
}

/** The file under its true name, which the repository gets in its place. */
export interface Retagged {
  filename: string;
  assumedMusl?: string;
  /** Written and flushed, absolute; absent when the same bytes stand there. */
  temporary?: string;
  /** In bytes. */
  size: number;
  originalIsThere: boolean;
}

/**
 * Look what a file meets in a repository. Where wheels are retagged, the new one is written under a temporary name, which is the
 * caller's to use or remove.
 *
 * @throws {FormatError}; {KhoError} WRITE
 */
export async function findDestination(file: WholeFile, published: PublishedFiles, root: string): Promise<Destination> {
  const { repository } = published;
  const { original, originalIsThere, isOnly } = await placeOfOriginal(root, repository, file);
  const there = published.named(file.name);
  const plan = planFor(file, repository);
  const [exact] = plan?.is === 'new name' ? published.named(plan.filename) : [];
  const known = originalIsThere && (exact ?? (isOnly ? published.renamed(file.name) : undefined));
  if (known) return { published, place: known, isThere: true, mayReplace: false, inTheWay: [], original };
  if (plan?.is !== 'new name' || there.length > 0) {
    return meet(published, file.name, there, file.facts.size, file.facts.sha256);
  }
  const temporary = join(published.packages, temporaryName());
  await writeRetagged(join(file.folder, file.name), file.facts.size, temporary, plan.filename);
  try {
    const size = lstatSync(temporary).size;
    const sha256 = await hashFile(temporary);
    const destination = await meet(published, plan.filename, published.named(plan.filename), size, sha256);
    const { assumedMusl } = plan;
    destination.original = original;
    destination.retagged = {
      filename: plan.filename,
      size,
      originalIsThere,
      ...(assumedMusl !== undefined && { assumedMusl }),
    };
    if (destination.isThere || destination.inTheWay.length > 0) removeFile(temporary);
    else destination.retagged.temporary = temporary;
    return destination;
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
}

/** Undefined where names are left as they are. */
export function planFor({ name, facts }: WholeFile, repository: RepositoryConfig): RetagPlan | undefined {
  return repository.retag && facts.kind === 'wheel' ? planRetag(name, facts.binaries) : undefined;
}

async function meet(
  published: PublishedFiles,
  name: string,
  there: readonly PublishedFile[],
  size: number,
  sha256: string,
): Promise<Destination> {
  const same = await findSameBytes(there, size, sha256);
  const mayReplace = published.repository.overwrite === true && there.length <= 1;
  const place = same ?? there[0] ?? published.placeFor(name);
  if (there.length === 0) refuseToHide(place);
  return { published, place, isThere: same !== undefined, mayReplace, inTheWay: same || mayReplace ? [] : there };
}

/** Where the file itself is kept, or can be: beside others of its name, since build machines of two kinds name different wheels alike. */
async function placeOfOriginal(
  root: string,
  { name: repository }: RepositoryConfig,
  { name, facts }: WholeFile,
): Promise<{ original: PublishedFile; originalIsThere: boolean; isOnly: boolean }> {
  const folder = originalsFolder(root, repository);
  const place = (kept: string): PublishedFile => {
    const full = join(folder, kept);
    return { file: originalsPath(repository, kept), full, size: lstatSync(full, { throwIfNoEntry: false })?.size ?? 0 };
  };
  const kept = keptNames(folder, name);
  const same = await findSameBytes(kept.map(place), facts.size, facts.sha256);
  const original = same ?? place(freeName(folder, name));
  return { original, originalIsThere: same !== undefined, isOnly: kept.length === 1 };
}

/** @throws {KhoError} WRITE when something stands there that is no package: a link, a folder */
export function refuseToHide({ full }: PublishedFile): void {
  if (lstatSync(full, { throwIfNoEntry: false }) === undefined) return;
  throw new KhoError('WRITE', `Cannot move it to "${full}": something else is there`, { hint: 'move that away' });
}
