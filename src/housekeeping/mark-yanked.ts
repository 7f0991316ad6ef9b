import { dirname } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import type { Placing } from '../intake/placing.ts';
import { flushFolder, removeFile } from '../io/disk.ts';
import { look } from '../io/open-file.ts';
import { journaled, type Marking, pathIn } from './journal.ts';

/** Of a release all files are marked, or none. The lock must be held, and what is done be in the record. @throws {KhoError} WRITE */
export async function markYanked(config: SiteConfig, placing: Placing, markings: readonly Marking[]): Promise<void> {
  if (markings.length === 0) return;
  await journaled(config.root, markings, () => carryOutMarkings(config, placing, markings));
}

/** Twice is once. A file that is gone is passed over. */
export async function carryOutMarkings(
  config: SiteConfig,
  placing: Placing,
  markings: readonly Marking[],
): Promise<void> {
  for (const { file, yanked } of markings) {
    const full = pathIn(config, file);
    const mark = `${full}.yanked`;
    if (look(full) === undefined) continue;
    if (yanked !== null) placing.placeText(yanked, mark);
    else if (look(mark) !== undefined) {
      removeFile(mark);
      flushFolder(dirname(mark));
    }
  }
  await placing.finish();
}
