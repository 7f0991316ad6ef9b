/** What became of one upload, in the words of the answer. */
import type { RepositoryConfig } from '../config/site-config.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import type { PackageFile } from '../intake/packages-folder.ts';
import type { IncomingFile } from '../intake/scan-incoming.ts';
import type { Taken, TakingRun } from '../intake/taking-run.ts';
import type { Problem } from '../problems.ts';
import { splitRepository } from '../publish/target.ts';
import type { LookedAt } from './look-at-upload.ts';
import type { TakenPlace, UploadOutcome, UploadRefusal } from './order.ts';
import { bad, exists, wasRemoved } from './refusals.ts';
import { isSilentOn, toldTo } from './told-repositories.ts';
import { NO_ROOM, saysFull, TROUBLE } from './trouble.ts';

/** @param inTheWay files that had a name before, by what came under it; none of them: it was removed. */
export async function outcomeOf(
  run: TakingRun,
  { order, file, sides, notes }: LookedAt,
  repositories: readonly RepositoryConfig[],
  { moved, problems, events }: Taken,
  inTheWay: ReadonlyMap<IncomingFile, readonly PackageFile[]>,
): Promise<UploadOutcome> {
  const { filename, sha256, token, repository } = order;
  const { project, version, size } = file.facts;
  const others = inTheWay.get(file);
  if (others?.length === 0) return { ...wasRemoved(filename), project };
  const told = toldTo(token, run.config, repository);
  const [there] = others ?? [];
  if (there) {
    const mayTell = told.mayRead(splitRepository(there.file).repository);
    const other = mayTell ? { file: there.file, sha256: await hashFile(there.full) } : undefined;
    return { ...exists(filename, other, sha256), project };
  }
  const fault = problems.find((problem) => problem.file === file.file);
  if (fault) return { ...refusalFor(filename, fault), project };
  const places = moved.filter((move) => move.file === file.file).map(({ to }) => placeOf(to));
  const known = repositories.flatMap((each) => run.publishedOf(each, file).named(filename).slice(0, 1));
  const also = [
    ...notes,
    ...sides.filter((side) => inTheWay.has(side)).map(({ side }) => `The .${side} was not taken: there is another one`),
    ...events
      .map(({ what, hint }) => `${filename} ${what}; ${hint}`)
      .filter((note) => isSilentOn(note, told, run.config)),
  ];
  const about = { project, version, sha256, size, notes: also };
  if (places.length > 0) return { is: 'taken', ...about, places };
  return { is: 'same', ...about, places: known.map(({ file: path }) => placeOf(path)) };
}

/** What keeps a whole file from its place is for the record: it names folders of the server. */
function refusalFor(filename: string, fault: Problem): UploadRefusal {
  if (fault.code !== 'not-moved') return bad(filename, fault);
  const refusal = saysFull(fault.what) ? NO_ROOM : TROUBLE;
  return { ...refusal, reason: `${fault.what}; ${fault.hint}` };
}

function placeOf(file: string): TakenPlace {
  const { repository, rest } = splitRepository(file);
  return { repository, path: rest.slice('packages/'.length) };
}
