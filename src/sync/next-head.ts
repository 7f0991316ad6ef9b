import type { SyncHead } from '../sync-format/head.ts';
import type { MadeHead } from './kept-heads.ts';

export interface HeadsBefore {
  /** What followers get now. */
  published?: MadeHead | undefined;
  /** What is to be signed before they get it. */
  waiting?: MadeHead | undefined;
  /** All that were made, as far as that is known; the oldest first. */
  kept: readonly MadeHead[];
}

/** A number that is written by hand ends nowhere: beyond this, what is published counts for nothing. */
const HIGHEST = 2 ** 52;

/**
 * The head that comes next. Its counter is higher than any that anybody can have seen, as far as one place at least remembers it: what is
 * kept may be lost, or come back from a backup, and so may what is published.
 */
export function nextHead(
  of: Pick<SyncHead, 'site' | 'repository' | 'catalogue' | 'created'>,
  { published, waiting, kept }: HeadsBefore,
): SyncHead {
  let counter = 0;
  for (const made of [published, waiting, ...kept]) {
    if (made && made.head.counter <= HIGHEST) counter = Math.max(counter, made.head.counter);
  }
  const before = (published ?? kept.at(-1))?.sha256;
  return { format: 1, ...of, counter: counter + 1, ...(before !== undefined && { before }) };
}
