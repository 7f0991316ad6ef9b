import { dirname } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { readYankReason } from '../inspect/side-files.ts';
import { flushFolder, removeFile } from '../io/disk.ts';
import { look, readFile } from '../io/open-file.ts';
import { FormatError } from '../problems.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { findMeant, type StoredPackage } from './find-packages.ts';
import { type Doer, housekeep, record } from './housekeeping.ts';
import type { Selection } from './selection.ts';

export interface YankResult {
  /** From the site's root. */
  file: string;
  /** `same`: it was as wanted already. */
  became: 'yanked' | 'unyanked' | 'same';
}

/**
 * Write FILE.yanked beside each file that is meant (PEP 592): installers take it only where a lock file or `==` names it.
 *
 * @throws {KhoError} USAGE, LOCKED, WRITE
 */
export async function yank(
  config: SiteConfig,
  selections: readonly Selection[],
  { reason = '', only, ...doer }: Doer & { reason?: string; only?: string },
): Promise<YankResult[]> {
  if (Buffer.byteLength(reason) >= TEXT_LIMITS.yankReasonBytes) {
    throw new KhoError('USAGE', 'Cannot use this reason: it is longer than 4 KiB', { hint: 'say it in a sentence' });
  }
  const wanted = readYankReason(Buffer.from(reason)); // on one line, as pages will show it
  return housekeep(config, doer, async (placing) => {
    const results: YankResult[] = [];
    for (const found of findMeant(config, selections, { ...doer, only })) {
      const isSame = reasonOf(found) === wanted;
      if (!isSame) {
        record(config, doer, 'yank', found, wanted === '' ? {} : { reason: wanted });
        placing.placeText(wanted === '' ? '' : `${wanted}\n`, `${found.full}.yanked`);
      }
      results.push({ file: found.file, became: isSame ? 'same' : 'yanked' });
    }
    await placing.finish();
    return results;
  });
}

/** Take FILE.yanked away. @throws {KhoError} USAGE, LOCKED, WRITE */
export async function unyank(
  config: SiteConfig,
  selections: readonly Selection[],
  { only, ...doer }: Doer & { only?: string },
): Promise<YankResult[]> {
  return housekeep(config, doer, async () => {
    return findMeant(config, selections, { ...doer, only }).map((found): YankResult => {
      const path = `${found.full}.yanked`;
      if (look(path) === undefined) return { file: found.file, became: 'same' };
      record(config, doer, 'unyank', found);
      removeFile(path);
      flushFolder(dirname(path));
      return { file: found.file, became: 'unyanked' };
    });
  });
}

/** Undefined where it is not yanked, or nobody can tell why. */
function reasonOf({ full, sides }: StoredPackage): string | undefined {
  if (!sides.some(({ side }) => side === 'yanked')) return undefined;
  try {
    return readYankReason(readFile(`${full}.yanked`));
  } catch (error) {
    if (error instanceof FormatError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}
