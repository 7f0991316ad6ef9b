/** The files of a lock get their names, all of them or, when kho is killed on the way, all of them by the next run or build. */
import { housekeep } from '../housekeeping/housekeeping.ts';
import { pathIn, type Relocation } from '../housekeeping/journal.ts';
import { relocate } from '../housekeeping/relocate.ts';
import { look } from '../io/open-file.ts';
import { PULL_FOLDER } from '../publish/state-folder.ts';
import { removePulled } from './let-go.ts';
import type { PullPlace } from './placing-of.ts';
import type { FileToPull, PlannedLock, PullPlan } from './pull-plan.ts';
import { rememberPulled } from './pulled-files.ts';

/**
 * The lock of the site is held for as long as it takes to name them. All of them wait in the folder.
 *
 * @throws {KhoError} LOCKED, WRITE
 */
export async function placeLock({ bring }: PlannedLock, { replaced }: PullPlan, placing: PullPlace): Promise<void> {
  const { config, repository, packages, doer } = placing;
  if (bring.length === 0) return;
  const old = bring.flatMap(({ filename }) => replaced.get(filename) ?? []);
  if (old.length > 0) await removePulled(repository, old, 'the centre has other bytes under this name', placing);
  await housekeep(config, doer, async (places) => {
    const isToMove = ({ from, to }: Relocation) =>
      look(pathIn(config, from)) !== undefined || look(pathIn(config, to)) === undefined; // or a build has just finished it
    const relocations = bring.flatMap((planned) => relocationsOf(planned, packages)).filter(isToMove);
    await relocate(config, places, relocations, () =>
      rememberPulled(
        config.root,
        bring.map(({ filename, file: { sha256 } }) => ({ repository: repository.name, filename, sha256 })),
      ),
    );
  });
}

/** What belongs to a package before it. */
function relocationsOf({ file, filename }: FileToPull, packages: string): Relocation[] {
  const to = `${packages}/${filename}`;
  const of = (sha256: string, end = ''): Relocation => ({
    ...{ from: `${PULL_FOLDER}/${sha256}`, to: `${to}${end}`, sha256 },
  });
  return [...(file.sides ?? []).map(({ suffix, sha256 }) => of(sha256, suffix)), of(file.sha256)];
}
