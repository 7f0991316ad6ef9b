import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Verdict } from '../catalog/judge-file.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import { flushPath, makeFolder, removeFile, removeFolder, rename } from '../io/disk.ts';
import { flushBatch } from '../io/flush.ts';
import { FormatError, PROBLEM_HINTS, type Problem, type ProblemCode } from '../problems.ts';
import { lockSite } from '../publish/lock.ts';
import { readManifest, stateFolder } from '../publish/manifest.ts';
import { fromRoot } from '../publish/target.ts';
import { type Choice, chooseRepositories } from './choose-repositories.ts';
import { type Destination, findDestination, planFor, type Retagged, refuseToHide } from './destination.ts';
import { inspectIncoming, type WholeFile } from './inspect-incoming.ts';
import { copyInto, isUnchanged, moveFile, systemCode } from './move-file.ts';
import { findSameBytes, type PublishedFile, PublishedFiles } from './published-files.ts';
import { fitsNowhere, nameIsTaken } from './refusal-text.ts';
import { refuseFile } from './refuse-file.ts';
import { type IncomingFile, type IncomingScan, type IncomingSide, scanIncoming } from './scan-incoming.ts';

export interface Taken {
  /** Files that were moved into packages/, both from the site's root. */
  moved: { file: string; to: string }[];
  /** Files that stay in incoming/, and why. Sorted by file. */
  problems: Problem[];
  /** Files that were refused, or got another name. */
  events: Problem[];
}

interface Decided {
  file: WholeFile;
  choice: Exclude<Choice, { is: 'undecided' }>;
}

/** What a side-file belongs to, in one repository. */
interface Beside {
  beside: PublishedFile;
  published: PublishedFiles;
  /** The side-file comes with a new package, and goes before one that is there. */
  mayReplace: boolean;
}

export interface TakeOptions {
  /** Paths from the site's root of files that are being written: they are left alone. */
  busy?: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  now: number;
  /** As in `lockSite`. */
  onWait?: (holder: string) => void;
}

/**
 * Move what was dropped into incoming/ and is whole into packages/ of its repository. May be stopped anywhere: what was
 * copied and not yet removed is found published by the next run.
 *
 * @throws {KhoError} SITE, READ, LOCKED; what cannot be written is a problem of one file
 */
export async function takeIncoming(config: SiteConfig, options: TakeOptions): Promise<Taken> {
  const taken: Taken = { moved: [], problems: [], events: [] };
  const scan = scanIncoming(config);
  if (!scan) return taken;
  const inspected = await inspectIncoming(scan, options);
  taken.problems.push(...scan.problems, ...inspected.problems);

  const decided: Decided[] = [];
  for (const file of inspected.whole) {
    const { binaries } = file.facts;
    const choice = chooseRepositories({ filename: file.name, ...(binaries && { binaries }) }, config);
    if (choice.is === 'undecided') taken.problems.push(undecided(file, choice.between));
    else decided.push({ file, choice });
  }
  const here = new Set(scan.packages.map(({ folder, name }) => join(folder, name)));
  const alone = inspected.sides.filter(({ folder, of }) => !here.has(join(folder, of)));
  if (decided.length + alone.length + scan.abandoned.length > 0) {
    makeFolder(stateFolder(config.root));
    const unlock = await lockSite(config.root, options.onWait ? { onWait: options.onWait } : {});
    try {
      const taking = new Taking(config, scan, options, taken);
      await taking.takeAll(decided, inspected.sides, alone);
    } finally {
      unlock();
    }
  }
  taken.problems.sort((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)));
  return taken;
}

/** One run over incoming/, with the lock held. */
class Taking {
  readonly #config: SiteConfig;
  readonly #scan: IncomingScan;
  readonly #options: TakeOptions;
  readonly #taken: Taken;
  readonly #published = new Map<string, PublishedFiles>();
  /** Sources whose bytes stand elsewhere too, and the folders of those: flushed before the sources go. */
  readonly #remaining: IncomingFile[] = [];
  readonly #toFlush = new Set<string>();

  constructor(config: SiteConfig, scan: IncomingScan, options: TakeOptions, taken: Taken) {
    this.#config = config;
    this.#scan = scan;
    this.#options = options;
    this.#taken = taken;
  }

  async takeAll(
    decided: readonly Decided[],
    sides: readonly IncomingSide[],
    alone: readonly IncomingSide[],
  ): Promise<void> {
    for (const path of this.#scan.abandoned) removeFolder(path);
    const toMove = [...decided.map(({ file }) => file), ...sides].filter(isUnchanged);
    flushBatch(
      toMove.map(({ folder, name }) => join(folder, name)),
      [this.#scan.folder],
    );
    for (const { file, choice } of decided) {
      const own = sides.filter((side) => side.folder === file.folder && side.of === file.name);
      await this.#attempt(file, async () => {
        if (choice.is === 'for') await this.#takePackage(file, own, choice.repositories);
        else await this.#refuseForAll(file, own, choice.verdicts);
      });
    }
    for (const side of alone) await this.#attempt(side, () => this.#takeAlone(side));
    for (const folder of this.#toFlush) if (process.platform !== 'win32') flushPath(folder);
    for (const file of this.#remaining) {
      await this.#attempt(file, async () => removeFile(join(file.folder, file.name)));
    }
  }

  #publishedOf(repository: RepositoryConfig): PublishedFiles {
    let published = this.#published.get(repository.name);
    if (!published) {
      published = new PublishedFiles(repository, readManifest(this.#config.root)?.disks ?? {});
      this.#published.set(repository.name, published);
    }
    return published;
  }

  /** What cannot be moved stays where it is, and does not keep the others. */
  async #attempt(file: IncomingFile, take: () => Promise<void>): Promise<void> {
    if (!isUnchanged(file)) return; // somebody writes to it, or took it
    try {
      await take();
    } catch (error) {
      if (error instanceof FormatError) {
        if (error.code !== 'changed-while-reading') this.#report(error.code, file, error.message, error.hint);
      } else if (error instanceof KhoError && error.code === 'WRITE') {
        const why = systemCode(error);
        const what = `stays where it is: c${error.message.slice(1)}${why ? ` (${why})` : ''}`;
        this.#report('not-moved', file, what, error.hint);
      } else throw error;
    }
  }

  async #takePackage(
    file: WholeFile,
    sides: readonly IncomingSide[],
    repositories: readonly RepositoryConfig[],
  ): Promise<void> {
    const destinations: Destination[] = [];
    try {
      for (const repository of repositories) {
        const published = this.#publishedOf(repository);
        destinations.push(await findDestination(file, published, this.#config.root));
      }
      const busy = destinations.some(({ place }) => this.#options.busy?.has(place.file));
      if (!busy) await this.#takeTo(file, sides, destinations);
    } finally {
      for (const { retagged } of destinations) if (retagged?.temporary) removeFile(retagged.temporary);
    }
  }

  async #takeTo(file: WholeFile, sides: readonly IncomingSide[], destinations: readonly Destination[]): Promise<void> {
    const { name, facts } = file;
    const blocked = destinations.find(({ inTheWay }) => inTheWay.length > 0);
    if (blocked) {
      await this.#refuseTaken(file, facts.sha256, sides, blocked.inTheWay, blocked.published.repository);
      return;
    }
    // Before the package: one that is published is complete, and none is left behind when this run is stopped.
    for (const side of sides) {
      const isOfBytes = side.side === 'asc' || side.side === 'provenance';
      const besides = destinations.map(({ place, original, published, mayReplace }) => {
        return { beside: (isOfBytes && original) || place, published, mayReplace };
      });
      await this.#attempt(side, () => this.#takeSide(side, besides));
    }
    const places: PublishedFile[] = [];
    for (const { retagged, original, place, isThere, published } of destinations) {
      if (retagged?.temporary) this.#placeRetagged(file, retagged, place, published);
      if (!original && !isThere) places.push(place);
      if (original && retagged?.originalIsThere === false) places.push(original);
      if (!isThere) this.#noteRetag(file, published.repository, retagged);
    }
    const [{ original, place }] = destinations as [Destination];
    if (places.length > 0) await this.#bring(file, places, facts.sha256);
    else this.#drop(file, (original ?? place).full);
    for (const { retagged, place, published } of destinations) {
      if (retagged) published.put(retagged.filename, { ...place, size: retagged.size });
      else if (places.includes(place)) published.put(name, { ...place, size: facts.size });
    }
  }

  /** The new wheel first: while the old one is in incoming/, a run that is stopped begins again. */
  #placeRetagged(file: WholeFile, retagged: Retagged, place: PublishedFile, published: PublishedFiles): void {
    rename(retagged.temporary as string, place.full);
    delete retagged.temporary;
    if (process.platform !== 'win32') flushPath(published.packages);
    this.#taken.moved.push({ file: file.file, to: place.file });
  }

  /** What was assumed, or why a wheel keeps a name that does not tell where it runs. */
  #noteRetag(file: WholeFile, repository: RepositoryConfig, retagged: Retagged | undefined): void {
    const note = (what: string, hint: string) =>
      this.#taken.events.push({ code: 'retagged', file: file.file, what, hint });
    if (retagged) {
      const { filename, assumedMusl } = retagged;
      const assumed = assumedMusl === undefined ? '' : `; that it was built for musl ${assumedMusl} is assumed`;
      note(`is now ${fromRoot(repository.name, `packages/${filename}`)}${assumed}`, PROBLEM_HINTS.retagged);
      return;
    }
    const plan = planFor(file, repository);
    if (plan?.is === 'no better name') note(`keeps its name in "${repository.name}": it ${plan.why}`, plan.hint);
  }

  /** A side-file that came after its package, which may be in several repositories. */
  async #takeAlone(side: IncomingSide): Promise<void> {
    const besides = this.#config.repositories
      .filter(({ packages }) => packages !== undefined)
      .flatMap((repository): Beside[] => {
        const published = this.#publishedOf(repository);
        const [beside] = published.named(side.of);
        return beside ? [{ beside, published, mayReplace: false }] : [];
      });
    const hashes = besides.length < 2 ? [] : await Promise.all(besides.map(({ beside }) => hashFile(beside.full)));
    if (new Set(hashes).size > 1) {
      const folders = besides.map(({ beside }) => beside.file).join(', ');
      this.#report(
        'undecided',
        side,
        'may be for any of several files',
        `put it beside the one of ${folders} that it is for`,
      );
    } else if (besides.length > 0) {
      await this.#takeSide(side, besides);
    } else if (this.#options.now - side.stamp.changedMs > WAIT_FOR_PACKAGE_MS) {
      const what = `belongs to ${JSON.stringify(side.of)}, which is not there`;
      this.#report('not-a-package', side, what, 'put it beside its file in packages/, or remove it');
    }
  }

  async #takeSide(side: IncomingSide, besides: readonly Beside[]): Promise<void> {
    const full = (beside: PublishedFile) => `${beside.full}.${side.side}`;
    if (side.side === 'metadata') {
      this.#drop(side, full((besides[0] as Beside).beside)); // kho writes its own
      return;
    }
    const sha256 = await hashFile(join(side.folder, side.name));
    const places: PublishedFile[] = [];
    for (const { beside, published, mayReplace } of besides) {
      const place: PublishedFile = { file: `${beside.file}.${side.side}`, full: full(beside), size: 0 };
      if (this.#options.busy?.has(place.file)) return;
      const stats = lstatSync(place.full, { throwIfNoEntry: false });
      if (stats && !stats.isFile()) refuseToHide(place);
      const there = stats ? [{ ...place, size: stats.size }] : [];
      if (await findSameBytes(there, side.stamp.size, sha256)) continue;
      if (there.length > 0 && !mayReplace && !published.repository.overwrite) {
        await this.#refuseTaken(side, sha256, [], there, published.repository);
        return;
      }
      places.push(place);
    }
    if (places.length > 0) await this.#bring(side, places, sha256);
    else this.#drop(side, full((besides[0] as Beside).beside));
  }

  /** To all places, the last of them by moving: until then it is where it came from, and a run that is stopped begins again. */
  async #bring(from: IncomingFile, places: readonly PublishedFile[], sha256: string): Promise<void> {
    const last = places.at(-1) as PublishedFile;
    for (const place of places) {
      makeFolder(dirname(place.full));
      if (place === last) {
        if (await moveFile(from, place.full, sha256)) this.#drop(from, place.full);
      } else {
        await copyInto(from, place.full, sha256);
        if (process.platform !== 'win32') flushPath(dirname(place.full));
      }
      if (!place.file.startsWith('originals/')) this.#taken.moved.push({ file: from.file, to: place.file });
    }
  }

  async #refuseTaken(
    file: IncomingFile,
    sha256: string,
    sides: readonly IncomingSide[],
    inTheWay: readonly PublishedFile[],
    repository: RepositoryConfig,
  ): Promise<void> {
    const paths = inTheWay.map((each) => each.file);
    await this.#refuse(file, sha256, sides, {
      reason: nameIsTaken(file, sha256, paths, repository),
      what: `${paths[0]} holds other bytes under this name`,
      hint: PROBLEM_HINTS.refused,
    });
  }

  async #refuseForAll(
    file: WholeFile,
    sides: readonly IncomingSide[],
    verdicts: ReadonlyMap<string, Verdict>,
  ): Promise<void> {
    const { sha256 } = file.facts;
    // The one for its machines says most: that these are too old.
    const all = [...verdicts.values()];
    const { what, hint } = all.find(({ code }) => code === 'needs-newer-libc') ?? (all[0] as Verdict);
    await this.#refuse(file, sha256, sides, { reason: fitsNowhere(file, sha256, verdicts), what: `it ${what}`, hint });
  }

  async #refuse(
    file: IncomingFile,
    sha256: string,
    ofFile: readonly IncomingSide[],
    why: { reason: string; what: string; hint: string },
  ): Promise<void> {
    const sides: { side: IncomingSide; sha256: string }[] = [];
    for (const side of ofFile) {
      if (isUnchanged(side)) sides.push({ side, sha256: await hashFile(join(side.folder, side.name)) });
    }
    const { name, remaining } = await refuseFile({ file, sha256, sides, reason: why.reason }, this.#scan.refused);
    for (const each of remaining) this.#drop(each, join(this.#scan.refused, name));
    const what = `was moved to incoming/refused/${name}: ${why.what}`;
    this.#taken.events.push({ code: 'refused', file: file.file, what, hint: why.hint });
  }

  /** Its bytes stand in `full` too. */
  #drop(file: IncomingFile, full: string): void {
    this.#remaining.push(file);
    this.#toFlush.add(dirname(full));
  }

  #report(code: ProblemCode, { file }: IncomingFile, what: string, hint: string = PROBLEM_HINTS[code]): void {
    this.#taken.problems.push({ code, file, what, hint });
  }
}

/** How long a side-file may be there before its package is. */
const WAIT_FOR_PACKAGE_MS = 60_000;

function undecided({ file }: IncomingFile, repositories: readonly RepositoryConfig[]): Problem {
  const folders = repositories.map(({ name }) => (name === '.' ? 'packages/' : `${name}/packages/`));
  const hint = `move it into one of ${folders.join(', ')}`;
  return { code: 'undecided', file, what: 'may be for any of several repositories', hint };
}
