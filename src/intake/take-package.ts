import type { RepositoryConfig } from '../config/site-config.ts';
import { removeFile } from '../io/disk.ts';
import { PROBLEM_HINTS } from '../problems.ts';
import { fromRoot } from '../publish/target.ts';
import { isAboutBytes } from '../standards/side-files.ts';
import { bring, cameMeanwhile, type Place } from './bring.ts';
import { type Destination, findDestination, mustNotCome, planFor, type Retagged } from './destination.ts';
import type { WholeFile } from './inspect-incoming.ts';
import { refuseListedUpstream } from './listed-upstream.ts';
import type { PackageFile } from './packages-folder.ts';
import type { WholeSource } from './place-whole.ts';
import { refuseTaken } from './refuse.ts';
import type { IncomingSide } from './scan-incoming.ts';
import { takeSide } from './take-side.ts';
import type { TakingRun } from './taking-run.ts';

/** A package and its side-files, to all repositories that it is for, or to `refused/` where one of them has its name already. */
export async function takePackage(
  run: TakingRun,
  file: WholeFile,
  sides: readonly IncomingSide[],
  repositories: readonly RepositoryConfig[],
): Promise<void> {
  const plan = await planPackage(run, file, repositories);
  await takePlanned(run, file, sides, plan);
}

/** Where a package goes. */
export interface PackagePlan {
  destinations: readonly Destination[];
  /** Nothing will be placed, since other bytes have its name. */
  isRefused: boolean;
  /** Its bytes are there already. */
  isThere: boolean;
}

/** The first step of `takePackage`, which places nothing; the second one must follow before the next package is planned, unless names cannot meet. @throws as `findDestination` */
export async function planPackage(
  run: TakingRun,
  file: WholeFile,
  repositories: readonly RepositoryConfig[],
): Promise<PackagePlan> {
  const destinations: Destination[] = [];
  try {
    for (const repository of repositories) {
      const published = run.publishedOf(repository, file);
      const destination = await findDestination(file, published, run.config.root, run.placing.folders);
      destinations.push(destination);
      const { place, isThere, retagged } = destination;
      const { project } = file.facts;
      const sha256 = retagged?.made?.sha256 ?? file.facts.sha256;
      if (!isThere) refuseListedUpstream(run.config, repository, { place: place.file, project, sha256 });
    }
  } catch (error) {
    giveUp(destinations);
    throw error;
  }
  return {
    destinations,
    isRefused: destinations.some(mustNotCome),
    isThere: destinations.every(({ isThere }) => isThere),
  };
}

/** The second step. */
export async function takePlanned(
  run: TakingRun,
  file: WholeFile,
  sides: readonly IncomingSide[],
  { destinations }: PackagePlan,
): Promise<void> {
  try {
    const busy = destinations.some(({ place }) => run.options.busy?.has(place.file));
    if (!busy) await takeTo(run, file, sides, destinations);
  } finally {
    giveUp(destinations);
  }
}

function giveUp(destinations: readonly Destination[]): void {
  for (const { retagged } of destinations) if (retagged?.made) removeFile(retagged.made.path);
}

async function takeTo(
  run: TakingRun,
  file: WholeFile,
  sides: readonly IncomingSide[],
  destinations: readonly Destination[],
): Promise<void> {
  const { name, facts } = file;
  const blocked = destinations.find(mustNotCome);
  if (blocked) {
    await refuseTaken(run, file, facts.sha256, sides, { ...blocked, repository: blocked.published.repository });
    return;
  }
  // Before the package: one that is published is complete, and none is left behind when this run is stopped.
  for (const side of sides) {
    const besides = destinations.map(({ place, original, published }) => {
      return { beside: (isAboutBytes(side.side) && original) || place, published };
    });
    await run.attempt(side, () => takeSide(run, side, besides));
  }
  const places: Place[] = [];
  for (const { retagged, original, place, isThere, mayReplace, published } of destinations) {
    const repository = published.repository.name;
    if (retagged?.made) await placeRetagged(run, file, retagged.made, place, mayReplace);
    if (!original && !isThere) places.push({ ...place, repository, mayReplace });
    if (original && retagged?.originalIsThere === false) places.push({ ...original, repository, mayReplace: false });
    if (!isThere) noteRetag(run, file, published.repository, retagged);
  }
  const [{ original, place }] = destinations as [Destination];
  if (places.length > 0) await bring(run, file, places, facts.sha256);
  else run.drop(file, (original ?? place).full);
  for (const { retagged, place, published } of destinations) {
    if (retagged) published.put(retagged.filename, { ...place, size: retagged.size });
    else if (places.some(({ full }) => full === place.full)) {
      published.put(name, { ...place, size: facts.size });
      run.learned(place, file);
    }
  }
}

/** The new wheel first: while the old one is in incoming/, a run that is stopped begins again. */
async function placeRetagged(
  run: TakingRun,
  file: WholeFile,
  made: WholeSource,
  place: PackageFile,
  mayReplace: boolean,
): Promise<void> {
  if ((await run.placing.place(made, place.full, { mayReplace })) === 'other bytes there')
    throw cameMeanwhile(place.full);
  run.taken.moved.push({ file: file.file, to: place.file });
}

/** What was assumed, or why a wheel keeps a name that does not tell where it runs. */
function noteRetag(
  run: TakingRun,
  file: WholeFile,
  repository: RepositoryConfig,
  retagged: Retagged | undefined,
): void {
  const note = (what: string, hint: string) => run.taken.events.push({ code: 'retagged', file: file.file, what, hint });
  if (retagged) {
    const { filename, assumedMusl } = retagged;
    const assumed = assumedMusl === undefined ? '' : `; that it was built for musl ${assumedMusl} is assumed`;
    note(`is now ${fromRoot(repository.name, `packages/${filename}`)}${assumed}`, PROBLEM_HINTS.retagged);
    return;
  }
  const plan = planFor(file, repository);
  if (plan?.is === 'no better name') note(`keeps its name in "${repository.name}": it ${plan.why}`, plan.hint);
}
