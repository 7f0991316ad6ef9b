import { join } from 'node:path';
import { mayDo } from '../access/token.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import type { LearnedFile } from '../inspect/learned-files.ts';
import type { PackageFile } from '../intake/packages-folder.ts';
import type { IncomingFile, IncomingScan } from '../intake/scan-incoming.ts';
import { takePackage } from '../intake/take-package.ts';
import { type Taken, TakingRun } from '../intake/taking-run.ts';
import { makeFolder } from '../io/disk.ts';
import { closeFolders } from '../io/reach.ts';
import type { Problem } from '../problems.ts';
import { lockSite } from '../publish/lock.ts';
import { stateFolder } from '../publish/state-folder.ts';
import { inPlaceTarget, splitRepository } from '../publish/target.ts';
import { type LookedAt, lookAtUpload } from './look-at-upload.ts';
import { noteRefusal, noteUpload } from './note-upload.ts';
import type { TakenPlace, UploadOrder, UploadOutcome, UploadRefusal } from './order.ts';
import { bad, exists, wasRemoved } from './refusals.ts';
import { isSilentOn, toldTo } from './told-repositories.ts';
import { NO_ROOM, saysFull, TROUBLE, troubleOf } from './trouble.ts';

/** How long uploads wait for somebody who publishes. In milliseconds. */
const LOCK_MS = 50_000;

/**
 * Take in what was received, by the way of incoming/, but that a file which may not be published is told of, and goes. What is taken is
 * flushed and has its name once this resolves; it is listed by the next build.
 *
 * @returns an outcome for each order
 */
export async function takeUploads(config: SiteConfig, orders: readonly UploadOrder[]): Promise<UploadOutcome[]> {
  closeFolders();
  const target = inPlaceTarget(config);
  const outcomes = new Map<UploadOrder, UploadOutcome>();
  const ready: LookedAt[] = [];
  for (const order of orders) {
    const looked = await lookAtUpload(order, config, target).catch(troubleOf);
    if (looked.is === 'refused') outcomes.set(order, looked);
    else ready.push(looked);
  }
  if (ready.length > 0) {
    try {
      makeFolder(stateFolder(config.root));
      const unlock = await lockSite(config.root, { waitMs: LOCK_MS });
      try {
        for (const [replaces, group] of byRight(ready)) {
          for (const [order, outcome] of await takeGroup(withReplacing(config, replaces), group)) {
            outcomes.set(order, outcome);
          }
        }
      } finally {
        unlock();
      }
    } catch (error) {
      const refusal = troubleOf(error);
      for (const { order } of ready) if (!outcomes.has(order)) outcomes.set(order, refusal);
    }
  }
  for (const { folder } of orders) closeFolders(folder);
  for (const [order, outcome] of outcomes) if (outcome.is === 'refused') noteRefusal(config.root, order, outcome);
  return orders.map((order) => outcomes.get(order) as UploadOutcome);
}

/** Those that may replace published files, where kho.toml lets them, and those that may not. */
function byRight(ready: readonly LookedAt[]): Map<boolean, LookedAt[]> {
  const groups = new Map<boolean, LookedAt[]>();
  for (const looked of ready) {
    const { token } = looked.order;
    const { project } = looked.file.facts;
    const replaces = looked.repositories.every(
      ({ name, overwrite }) => overwrite === true && mayDo(token, 'replace', name, project),
    );
    groups.set(replaces, [...(groups.get(replaces) ?? []), looked]);
  }
  return groups;
}

function withReplacing(config: SiteConfig, replaces: boolean): SiteConfig {
  if (replaces) return config;
  const repositories = config.repositories.map(({ overwrite: _, ...repository }): RepositoryConfig => repository);
  return { ...config, repositories };
}

/** The lock is held. @throws {KhoError} */
async function takeGroup(config: SiteConfig, group: readonly LookedAt[]): Promise<Map<UploadOrder, UploadOutcome>> {
  const outcomes = new Map<UploadOrder, UploadOutcome>();
  const taken: Taken = { moved: [], problems: [], events: [] };
  const inTheWay = new Map<IncomingFile, readonly PackageFile[]>();
  const known = new Map<string, LearnedFile>();
  const withKnown = (place: TakenPlace): TakenPlace => {
    const read = known.get(sitePath(place));
    return read ? { ...place, known: read } : place;
  };
  const scan: IncomingScan = {
    ...{ folder: join(config.root, 'incoming'), refused: '', packages: [], sides: [], problems: [], abandoned: [] },
  };
  const run = new TakingRun(
    config,
    scan,
    {
      now: Date.now(),
      looksUp: true,
      beforePlacing: (file, isThere) => {
        const looked = group.find((each) => each.file === file);
        if (looked) noteUpload(config.root, looked, isThere);
      },
      onTaken: (file, there) => void inTheWay.set(file, there),
      onKnown: (file) => known.set(file.file, file),
    },
    taken,
  );
  try {
    for (const looked of group) {
      const before = { moved: taken.moved.length, problems: taken.problems.length, events: taken.events.length };
      const { file, sides } = looked;
      const repositories = config.repositories.filter(({ name }) =>
        looked.repositories.some((each) => each.name === name),
      );
      await run.attempt(file, () => takePackage(run, file, sides, repositories));
      const own: Taken = {
        moved: taken.moved.slice(before.moved),
        problems: taken.problems.slice(before.problems),
        events: taken.events.slice(before.events),
      };
      outcomes.set(looked.order, await outcomeOf(run, looked, repositories, own, inTheWay));
    }
    await run.finish();
  } finally {
    run.placing.close();
  }
  for (const outcome of outcomes.values()) if (outcome.is === 'taken') outcome.places = outcome.places.map(withKnown);
  return outcomes;
}

async function outcomeOf(
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
