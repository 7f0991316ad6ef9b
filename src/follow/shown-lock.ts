import type { FollowedLock } from './follow-state.ts';
import type { PlannedLock } from './pull-plan.ts';
import type { PulledLock } from './pull-run.ts';

/** @param known what is remembered of locks */
export function shownLock(
  { path, bring, bytes, lacking, closure }: PlannedLock,
  known: { readonly locks: readonly FollowedLock[] } | undefined,
): PulledLock {
  const counter = known?.locks.find((lock) => lock.path === path)?.closures[0]?.counter;
  return {
    ...{ path, bytes, lacking, notes: closure.notes, files: closure.files.length },
    ...(counter !== undefined && { counter }),
    brought: bring.map(({ filename, file, copyFrom }) => ({ filename, bytes: copyFrom ? 0 : file.size })),
  };
}
