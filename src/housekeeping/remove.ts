import type { SiteConfig } from '../config/site-config.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import type { Placing } from '../intake/placing.ts';
import { putTombstone } from '../intake/tombstones.ts';
import type { LogEventName } from '../log/log-files.ts';
import { findMeant, type StoredPackage } from './find-packages.ts';
import { type Doer, housekeep, record } from './housekeeping.ts';
import type { Relocation } from './journal.ts';
import { relocate } from './relocate.ts';
import type { Selection } from './selection.ts';
import { freeDay } from './trash.ts';

export interface RemoveResult {
  /** From the site's root. */
  file: string;
  /** Where it is now, from the site's root. */
  to: string;
  /** In bytes. */
  size: number;
}

/**
 * Move files, and what belongs to them, to the trash. Other bytes will never come under their names.
 *
 * @throws {KhoError} USAGE, LOCKED, WRITE
 */
export async function remove(
  config: SiteConfig,
  selections: readonly Selection[],
  { only, reason, ...doer }: Doer & { only?: string; reason?: string },
): Promise<RemoveResult[]> {
  return housekeep(config, doer, async (placing) => {
    const found = findMeant(config, selections, { ...doer, only });
    return toTrash(config, placing, found, { ...doer, event: 'remove', reasonOf: () => reason });
  });
}

/** The lock must be held. `mayReturn`: a file is spoilt, so that other bytes may come under its name. */
export async function toTrash(
  config: SiteConfig,
  placing: Placing,
  files: readonly StoredPackage[],
  {
    event,
    reasonOf,
    mayReturn = false,
    ...doer
  }: Doer & { event: LogEventName; reasonOf: (file: StoredPackage) => string | undefined; mayReturn?: boolean },
): Promise<RemoveResult[]> {
  const day = new Date(doer.now).toISOString().slice(0, 10);
  const parts: { path: string; sha256: string }[] = [];
  const hashes = new Map<StoredPackage, string>();
  for (const file of files) {
    for (const { side, stamp } of file.sides)
      parts.push({ path: `${file.file}.${side}`, sha256: await hashFile(`${file.full}.${side}`, stamp) });
    const sha256 = await hashFile(file.full, file.stamp);
    parts.push({ path: file.file, sha256 });
    hashes.set(file, sha256);
  }
  const folder = await freeDay(config.root, day, parts);
  const relocations = parts.map(({ path, sha256 }): Relocation => ({ from: path, to: `${folder}/${path}`, sha256 }));
  await relocate(config, placing, relocations, () => {
    for (const [file, sha256] of hashes) {
      const reason = reasonOf(file);
      record(config, doer, event, file, { sha256, ...(reason !== undefined && { reason }) });
      const { filename, repository } = file;
      if (!mayReturn)
        putTombstone(config.root, { filename, sha256, repository, removed: new Date(doer.now).toISOString() });
    }
  });
  return files.map(({ file, stamp: { size } }) => ({ file, to: `${folder}/${file}`, size }));
}
