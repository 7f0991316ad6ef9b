import { FormatError } from '../problems.ts';
import { readHead, type SyncHead } from '../sync-format/head.ts';
import type { FollowState } from './follow-state.ts';

/** Undefined where what was kept can be read no longer. */
export function knownHead({ head }: Pick<FollowState, 'head'>): SyncHead | undefined {
  try {
    return readHead(head);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}
