import { basename } from 'node:path';
import { judgeFile } from '../catalog/judge-file.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { hashFile, inspectFile } from '../inspect/inspect-file.ts';
import { isTombstoned } from '../intake/tombstones.ts';
import { FormatError } from '../problems.ts';
import { fromRoot } from '../publish/target.ts';
import { isTwin } from '../standards/file-identity.ts';
import { asSeen, findPackages, packagesOf, type StoredPackage } from './find-packages.ts';
import { type Doer, housekeep, record } from './housekeeping.ts';
import { type Relocation, relocate } from './relocate.ts';
import { checkRepository, type Selection } from './selection.ts';

export interface MoveResult {
  /** Both from the site's root. */
  file: string;
  to: string;
}

/**
 * Move files from one repository to another, with what belongs to them: from one for trying to the one for all. The same bytes, and all of
 * them or none.
 *
 * @param to the name of a repository
 * @throws {KhoError} USAGE, LOCKED; WRITE where other bytes have, or had, such a name there
 */
export async function move(
  config: SiteConfig,
  selections: readonly Selection[],
  { to, only, ...doer }: Doer & { to: string; only?: string },
): Promise<MoveResult[]> {
  const seen = asSeen(config, doer.sees);
  checkRepository(seen, to);
  return housekeep(config, doer, async (placing) => {
    const sources = new Set(seen.repositories.map(({ name }) => name).filter((name) => name !== to));
    const found = findPackages(seen, selections, only).filter(({ repository }) => sources.has(repository));
    if (doer.permit) found.forEach(doer.permit);
    if (found.length === 0) {
      throw new KhoError('USAGE', `Cannot move it to "${to}": it is there already`, { hint: 'nothing has to be done' });
    }
    checkOneSource(found);
    const target = config.repositories.find(({ name }) => name === to);
    const there = target ? packagesOf(target, config) : [];
    const relocations: Relocation[] = [];
    const results: MoveResult[] = [];
    const told: (() => void)[] = [];
    for (const file of found) {
      const sha256 = await hashFile(file.full, file.stamp);
      await checkFits(seen, file, to);
      const place = await placeOf(config, file, { to, there, sha256 });
      for (const { side, stamp } of file.sides) {
        const hash = await hashFile(`${file.full}.${side}`, stamp);
        relocations.push({ from: `${file.file}.${side}`, to: `${place}.${side}`, sha256: hash });
      }
      relocations.push({ from: file.file, to: place, sha256 });
      results.push({ file: file.file, to: place });
      told.push(() => record(config, doer, 'move', file, { sha256, repositories: [file.repository, to] }));
    }
    await relocate(config, placing, relocations, () => {
      for (const tell of told) tell();
    });
    return results;
  });
}

/** A file that its new repository would hold would be gone for clients. */
async function checkFits(
  { repositories }: SiteConfig,
  { full, filename, stamp }: StoredPackage,
  to: string,
): Promise<void> {
  const target = repositories.find(({ name }) => name === to);
  try {
    const { binaries } = (await inspectFile(full, stamp)).facts;
    const verdict = target && judgeFile({ filename, ...(binaries && { binaries }) }, target, repositories);
    if (!verdict) return;
    const { what, hint } = verdict;
    throw new KhoError('WRITE', `Cannot move "${filename}" to "${to}", which would hold it: it ${what}`, { hint });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new KhoError('WRITE', `Cannot move "${filename}": it ${error.message}`, { hint: error.hint });
  }
}

/** Two files of one name in two repositories may hold other bytes: which one is meant has to be said. */
function checkOneSource(found: readonly StoredPackage[]): void {
  const from = new Map<string, StoredPackage>();
  for (const file of found) {
    const other = from.get(file.filename);
    if (other === undefined) from.set(file.filename, file);
    else {
      throw new KhoError('USAGE', `Cannot tell which "${file.filename}" to move: ${other.file} or ${file.file}`, {
        hint: `say --in ${other.repository} or --in ${file.repository}`,
      });
    }
  }
}

async function placeOf(
  config: SiteConfig,
  file: StoredPackage,
  { to, there, sha256 }: { to: string; there: readonly StoredPackage[]; sha256: string },
): Promise<string> {
  const { filename, project = '', version = '' } = file;
  const known = there.find((other) => basename(other.full) === filename);
  const twin = there.find((other) => isTwin(other.filename, { filename, project, version }));
  if (twin && !known) {
    throw new KhoError(
      'WRITE',
      `Cannot move "${filename}" to "${to}": ${twin.file} is the same file, spelled otherwise`,
      {
        hint: 'remove one of the two',
      },
    );
  }
  if (!known && isTombstoned(config.root, filename, sha256, to)) {
    throw new KhoError(
      'WRITE',
      `Cannot move "${filename}" to "${to}": other bytes were removed under this name there`,
      {
        hint: 'build it with a new version or build number',
      },
    );
  }
  return known?.file ?? fromRoot(to, `packages/${filename}`);
}
