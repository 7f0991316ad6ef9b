import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { readYankReason } from '../inspect/side-files.ts';
import { look, readFile } from '../io/open-file.ts';
import { FormatError } from '../problems.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { findMeant, type StoredPackage } from './find-packages.ts';
import { type Doer, housekeep, record } from './housekeeping.ts';
import { markYanked } from './mark-yanked.ts';
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
    const found = findMeant(config, selections, { ...doer, only });
    const changed = found.filter((each) => reasonOf(each) !== wanted);
    for (const each of changed) record(config, doer, 'yank', each, wanted === '' ? {} : { reason: wanted });
    const text = wanted === '' ? '' : `${wanted}\n`;
    await markYanked(
      config,
      placing,
      changed.map(({ file }) => ({ file, yanked: text })),
    );
    return found.map((each) => ({ file: each.file, became: changed.includes(each) ? 'yanked' : 'same' }));
  });
}

/** Take FILE.yanked away. @throws {KhoError} USAGE, LOCKED, WRITE */
export async function unyank(
  config: SiteConfig,
  selections: readonly Selection[],
  { only, ...doer }: Doer & { only?: string },
): Promise<YankResult[]> {
  return housekeep(config, doer, async (placing) => {
    const found = findMeant(config, selections, { ...doer, only });
    const changed = found.filter(({ full }) => look(`${full}.yanked`) !== undefined);
    for (const each of changed) record(config, doer, 'unyank', each);
    await markYanked(
      config,
      placing,
      changed.map(({ file }) => ({ file, yanked: null })),
    );
    return found.map((each) => ({ file: each.file, became: changed.includes(each) ? 'unyanked' : 'same' }));
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
