/** What no kept closure needs goes, for good: the centre has it, and small disks have no room for a trash. */
import { dirname, join } from 'node:path';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { packagesOf } from '../housekeeping/find-packages.ts';
import { type Doer, housekeep, record } from '../housekeeping/housekeeping.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import { flushFolder, removeFile } from '../io/disk.ts';
import { look } from '../io/open-file.ts';
import { type PulledFile, tidyPulled } from './pulled-files.ts';

/**
 * Only files that still have the bytes that were brought.
 *
 * @returns names of files that went. @throws {KhoError} LOCKED, WRITE
 */
export async function removePulled(
  repository: RepositoryConfig,
  files: readonly Pick<PulledFile, 'filename' | 'sha256'>[],
  why: string,
  { config, doer }: { config: SiteConfig; doer: Doer },
): Promise<string[]> {
  const hashes = new Map(files.map(({ filename, sha256 }) => [filename, sha256]));
  const gone: string[] = [];
  await housekeep(config, doer, async () => {
    const folders = new Set<string>();
    for (const stored of packagesOf(repository, config)) {
      const sha256 = hashes.get(stored.filename);
      if (sha256 === undefined || (await hashFile(stored.full, stored.stamp)) !== sha256) continue;
      record(config, doer, 'prune', stored, { sha256, reason: `kho pull: ${why}` });
      removeFile(stored.full);
      for (const { side } of stored.sides) removeFile(`${stored.full}.${side}`);
      folders.add(dirname(stored.full));
      gone.push(stored.filename);
    }
    for (const folder of folders) flushFolder(folder);
    const { name, packages } = repository;
    tidyPulled(config.root, name, ({ filename }) => look(join(packages ?? '', filename)) !== undefined);
  });
  return gone.sort();
}
