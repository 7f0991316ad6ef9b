import type { Survey } from '../build-site.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { packagesOf, type StoredPackage } from '../housekeeping/find-packages.ts';
import { type Doer, housekeep } from '../housekeeping/housekeeping.ts';
import { toTrash } from '../housekeeping/remove.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import { FormatError } from '../problems.ts';
import { readMirrored } from './mirrored-files.ts';

/** Of what was brought into these, the files whose bytes are others by now, or cannot be read. @throws {KhoError} SITE, READ */
export async function findDamaged(
  repositories: readonly RepositoryConfig[],
  config: SiteConfig,
): Promise<StoredPackage[]> {
  const damaged: StoredPackage[] = [];
  for (const repository of repositories) {
    const mirrored = readMirrored(config.root, repository.name);
    for (const file of packagesOf(repository, config)) {
      const record = mirrored.get(file.filename);
      if (record !== undefined && (await hashOf(file)) !== record.sha256) damaged.push(file);
    }
  }
  return damaged;
}

/** As if they were not there: they say nothing of whose a name is. */
export function withoutDamaged(filesOf: Survey['filesOf'], damaged: readonly StoredPackage[]): Survey['filesOf'] {
  const paths = new Set(damaged.map(({ file }) => file));
  return (name) => filesOf(name).filter((file) => !paths.has(sitePath(file)));
}

async function hashOf({ full }: StoredPackage): Promise<string | undefined> {
  try {
    return await hashFile(full);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** To the trash, from where nothing keeps the right bytes from coming again. @throws {KhoError} LOCKED, WRITE */
export async function takeDamagedAway(config: SiteConfig, files: readonly StoredPackage[], doer: Doer): Promise<void> {
  const reasonOf = () => 'kho mirror --verify: its bytes are not what was brought';
  await housekeep(config, doer, async (placing) => {
    await toTrash(config, placing, files, { ...doer, event: 'prune', reasonOf, mayReturn: true });
  });
}
