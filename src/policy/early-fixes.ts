/**
 * A release that closes a known hole of a version that a lock names need not wait. It has to be the very version that an advisory names as
 * the one that closes it: a later one, which anybody who got hold of the project could publish right behind it, waits.
 */
import { affects, isMalware } from '../standards/osv/advisory.ts';
import { isInRange } from '../standards/osv/ranges.ts';
import { versionKey } from '../standards/version.ts';
import type { Policy } from './policy.ts';

export interface Early {
  version: string;
  /** The version that a lock names. */
  closes: string;
  /** Of the advisory. */
  id: string;
}

export function fixesEarly(version: string, { advisories, lockedVersions = [] }: Policy): Early | undefined {
  const key = versionKey(version);
  for (const advisory of advisories) {
    if (isMalware(advisory) || affects(advisory, version)) continue;
    for (const locked of lockedVersions) {
      const isClosed = advisory.ranges.some(
        (range) => range.before !== undefined && versionKey(range.before) === key && isInRange(range, locked),
      );
      if (isClosed) return { version, closes: locked, id: advisory.id };
    }
  }
  return undefined;
}
