import { join } from 'node:path';
import type { Verdict } from '../catalog/judge-file.ts';
import type { RepositoryConfig } from '../config/site-config.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import { isUnchanged } from '../io/is-unchanged.ts';
import { PROBLEM_HINTS } from '../problems.ts';
import type { Destination } from './destination.ts';
import type { WholeFile } from './inspect-incoming.ts';
import { fitsNowhere, nameIsTaken, twinIsThere, wasRemoved } from './refusal-text.ts';
import { refuseFile } from './refuse-file.ts';
import type { IncomingFile, IncomingSide } from './scan-incoming.ts';
import type { TakingRun } from './taking-run.ts';

/** To `refused/`, since other bytes have its name. */
export async function refuseTaken(
  run: TakingRun,
  file: IncomingFile,
  sha256: string,
  sides: readonly IncomingSide[],
  {
    inTheWay,
    isTwin,
    isTombstoned,
    repository,
  }: Pick<Destination, 'inTheWay' | 'isTwin' | 'isTombstoned'> & { repository: RepositoryConfig },
): Promise<void> {
  if (run.options.onTaken) return run.options.onTaken(file, inTheWay);
  if (isTombstoned) {
    const what = 'other bytes were removed under this name, and clients may remember them';
    const hint = 'build it with a new version or build number; or bring the removed file back: kho restore FILE';
    await refuse(run, file, sha256, sides, { reason: wasRemoved(file, sha256), what, hint });
    return;
  }
  const paths = inTheWay.map((each) => each.file);
  const reason = (isTwin ? twinIsThere : nameIsTaken)(file, sha256, paths, repository);
  await refuse(run, file, sha256, sides, {
    reason,
    ...(isTwin
      ? {
          what: `${paths[0]} is the same file of its release, spelled differently and with other bytes`,
          hint: 'build it with a new version or build number',
        }
      : { what: `${paths[0]} holds other bytes under this name`, hint: PROBLEM_HINTS.refused }),
  });
}

/** To `refused/`, since no repository is for its machines. */
export async function refuseForAll(
  run: TakingRun,
  file: WholeFile,
  sides: readonly IncomingSide[],
  verdicts: ReadonlyMap<string, Verdict>,
): Promise<void> {
  const { sha256 } = file.facts;
  // The one for its machines says most: that these are too old.
  const all = [...verdicts.values()];
  const { what, hint } = all.find(({ code }) => code === 'needs-newer-libc') ?? (all[0] as Verdict);
  await refuse(run, file, sha256, sides, { reason: fitsNowhere(file, sha256, verdicts), what: `it ${what}`, hint });
}

async function refuse(
  run: TakingRun,
  file: IncomingFile,
  sha256: string,
  ofFile: readonly IncomingSide[],
  why: { reason: string; what: string; hint: string },
): Promise<void> {
  const sides: { side: IncomingSide; sha256: string }[] = [];
  for (const side of ofFile) {
    const path = join(side.folder, side.name);
    if (isUnchanged(path, side.stamp)) sides.push({ side, sha256: await hashFile(path, side.stamp) });
  }
  const name = await refuseFile(run, { file, sha256, sides, reason: why.reason });
  const what = `was moved to incoming/refused/${name}: ${why.what}`;
  run.taken.events.push({ code: 'refused', file: file.file, what, hint: why.hint });
}
