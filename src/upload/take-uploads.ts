import { join } from 'node:path';
import { mayDo } from '../access/token.ts';
import type { FileChange } from '../build-report.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { type AskedFile, publishLocked } from '../index/publish-asked.ts';
import type { PublishRow } from '../index/publish-row.ts';
import type { LearnedFile } from '../inspect/learned-files.ts';
import type { PackageFile } from '../intake/packages-folder.ts';
import type { IncomingFile, IncomingScan } from '../intake/scan-incoming.ts';
import { type PackagePlan, planPackage, takePlanned } from '../intake/take-package.ts';
import { type Taken, type TakeOptions, TakingRun } from '../intake/taking-run.ts';
import { closeFolders } from '../io/reach.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { listedNow } from './is-listed.ts';
import { type LookedAt, lookAtUpload } from './look-at-upload.ts';
import { noteUploads } from './note-upload.ts';
import type { TakenPlace, UploadOrder, UploadOutcome, UploadRefusal } from './order.ts';
import { outcomeOf } from './outcome-of.ts';
import type { TakingTurn } from './taking-turn.ts';
import { troubleOf } from './trouble.ts';
import { wavesOf } from './waves.ts';

/** What became of uploads that were taken in together. */
export interface TakenUploads {
  /** One for each order. */
  outcomes: UploadOutcome[];
  /** Their files that clients find by now. */
  listed: AskedFile[];
  /** What that changed. */
  changes: FileChange[];
}

/** The first step, for one: what is wrong with the file itself is found without the lock. */
export async function lookOrRefuse(config: SiteConfig, order: UploadOrder): Promise<LookedAt | UploadRefusal> {
  return await lookAtUpload(order, config, inPlaceTarget(config)).catch(troubleOf);
}

/** Of uploads that were taken in, and whose pages stand. */
export interface TakenInTurn {
  /** Resolves when all of it is on the disk. */
  done: Promise<TakenUploads>;
}

/**
 * Take in what was received, by the way of incoming/, but that a file which may not be published is told of, and goes. What is taken is
 * flushed and has its name once `done` resolves, and is listed where its project could be published by itself; else the next build lists it.
 * One group after the other under one lock: while what was written down of one is brought to the disk, the next is looked at and noted. No
 * two at the same time.
 */
export async function takeInTurn(
  config: SiteConfig,
  ready: readonly LookedAt[],
  turn: TakingTurn,
): Promise<TakenInTurn> {
  closeFolders();
  const outcomes = new Map<UploadOrder, UploadOutcome>();
  const taken: Omit<TakenUploads, 'outcomes'> = { listed: [], changes: [] };
  const ends: Promise<void>[] = [];
  if (ready.length > 0) {
    try {
      const row = await turn.hold(config);
      for (const [replaces, group] of byRight(ready)) {
        for (const wave of wavesOf(group)) {
          await takeWave(withReplacing(config, replaces), wave, { outcomes, taken, row });
          ends.push(row.ended);
        }
      }
    } catch (error) {
      const refusal = troubleOf(error);
      for (const { order } of ready) if (!outcomes.has(order)) outcomes.set(order, refusal);
    }
  }
  for (const { release } of ready) release();
  const told = () => ready.map(({ order }) => outcomes.get(order) as UploadOutcome);
  const done = Promise.all(ends).then(
    () => ({ outcomes: told(), ...taken }),
    (error: unknown) => {
      if (!(error instanceof KhoError)) throw error;
      for (const outcome of told()) if (outcome.is === 'taken') delete outcome.isListed;
      return { outcomes: told(), listed: [], changes: [] }; // the next build finds the journal, and the files
    },
  );
  done.catch(() => {}); // told of by whoever waits for it
  return { done };
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

/** Where a wave tells what became of it. */
interface WaveInto {
  outcomes: Map<UploadOrder, UploadOutcome>;
  taken: Pick<TakenUploads, 'listed' | 'changes'>;
  row: PublishRow;
}

/**
 * Take in files whose names do not meet, and publish their projects, for the price of a few flushes: the record of the site before anything
 * is placed; then pages, and the names in packages/, before pages are changed. The lock is held.
 *
 * @throws {KhoError}
 */
async function takeWave(
  config: SiteConfig,
  wave: readonly LookedAt[],
  { outcomes, taken: into, row }: WaveInto,
): Promise<void> {
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
  const options: TakeOptions = {
    now: Date.now(),
    looksUp: true,
    onKnown: (file) => known.set(file.file, file),
    onTaken: (file: IncomingFile, there: readonly PackageFile[]) => void inTheWay.set(file, there),
  };
  const run = new TakingRun(config, scan, options, taken);
  run.isPrivate = true; // flushed when it was received
  const repositoriesOf = (looked: LookedAt) =>
    config.repositories.filter(({ name }) => looked.repositories.some((each) => each.name === name));
  try {
    const plans = new Map<LookedAt, PackagePlan>();
    const came = new Map<LookedAt, Taken>();
    for (const looked of wave) {
      const plan = async () => void plans.set(looked, await planPackage(run, looked.file, repositoriesOf(looked)));
      came.set(looked, await during(taken, () => run.attempt(looked.file, plan)));
    }
    const coming = [...plans].filter(([, { isRefused }]) => !isRefused);
    await noteUploads(
      config.root,
      coming.map(([looked, { isThere }]) => ({ looked, isThere })),
    );
    for (const [looked, plan] of plans) {
      const { file, sides } = looked;
      const more = await during(taken, () => run.attempt(file, () => takePlanned(run, file, sides, plan)));
      came.set(looked, joined(came.get(looked) as Taken, more));
    }
    const own = new Map<UploadOrder, UploadOutcome>();
    for (const looked of wave) {
      const outcome = await outcomeOf(run, looked, repositoriesOf(looked), came.get(looked) as Taken, inTheWay);
      own.set(looked.order, outcome);
    }
    await run.removeDropped();
    for (const outcome of own.values()) if (outcome.is === 'taken') outcome.places = outcome.places.map(withKnown);
    if (await publish(run, [...own.values()].flatMap(filesOf), into, row)) {
      const isListed = listedNow(inPlaceTarget(config));
      for (const outcome of own.values()) if (outcome.is === 'taken') tellListed(outcome, isListed);
    }
    run.placing.flush();
    for (const [order, outcome] of own) outcomes.set(order, outcome);
  } finally {
    run.placing.close();
  }
}

/** What fails here is done by the next build: the files are there. @returns whether it was done */
async function publish(
  run: TakingRun,
  files: readonly AskedFile[],
  into: WaveInto['taken'],
  row: PublishRow,
): Promise<boolean> {
  if (files.length === 0) return true;
  try {
    const changes = await publishLocked(run.config, files, { toFlush: run.placing.unflushed, find: run.find, row });
    if (changes === undefined) return false;
    run.placing.wasFlushed();
    into.listed.push(...files.map(({ known: _, ...file }) => file));
    into.changes.push(...changes);
    return true;
  } catch (error) {
    if (!(error instanceof KhoError)) throw error;
    return false;
  }
}

/** What was read of it is of no use to anybody then. */
function tellListed(outcome: UploadOutcome & { is: 'taken' }, isListed: ReturnType<typeof listedNow>): void {
  if (!outcome.places.every((place) => isListed(outcome.project, place))) return;
  outcome.isListed = true;
  outcome.places = outcome.places.map(({ known: _, ...place }) => place);
}

function filesOf(outcome: UploadOutcome): AskedFile[] {
  if (outcome.is !== 'taken') return [];
  const { project, places } = outcome;
  return places.map((place) => ({ ...place, project }));
}

/** What comes to it meanwhile. */
async function during(taken: Taken, act: () => Promise<void>): Promise<Taken> {
  const { moved, problems, events } = taken;
  const before = { moved: moved.length, problems: problems.length, events: events.length };
  await act();
  return {
    moved: moved.slice(before.moved),
    problems: problems.slice(before.problems),
    events: events.slice(before.events),
  };
}

function joined(a: Taken, b: Taken): Taken {
  return {
    moved: [...a.moved, ...b.moved],
    problems: [...a.problems, ...b.problems],
    events: [...a.events, ...b.events],
  };
}
