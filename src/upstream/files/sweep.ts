import { join } from 'node:path';
import { KhoError } from '../../errors.ts';
import { removeFile } from '../../io/disk.ts';
import { isOwnLeftover } from '../../io/own-leftover.ts';
import { isForgottenPart } from '../../io/part-name.ts';
import { upstreamFolder } from '../../kept-upstream/kept-places.ts';
import { surveyCache } from './cache-survey.ts';
import type { UsedDays } from './used-days.ts';

/**
 * Remove what runs left that were killed: what nobody has gone on with for a week, and what was just being written.
 *
 * @param growing keys of parts that this process goes on with now
 */
export async function sweepUpstreams(root: string, used: UsedDays, growing: ReadonlySet<string>): Promise<void> {
  for (const { path, kind } of await surveyCache(root, used)) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (kind === 'page' || [...growing].some((key) => name.includes(key))) continue;
    const full = join(upstreamFolder(root), path);
    try {
      if (kind === 'part' ? isForgottenPart(name, full) : isOwnLeftover(name, full)) removeFile(full);
    } catch (error) {
      if (!(error instanceof KhoError)) throw error; // a link on the way by now, or a disk that may only be read
    }
  }
}
