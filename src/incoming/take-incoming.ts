import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import { flushPath, makeFolder, removeFile, removeFolder } from '../io/disk.ts';
import { flushBatch } from '../io/flush.ts';
import { FormatError, PROBLEM_HINTS, type Problem, type ProblemCode } from '../problems.ts';
import { lockSite } from '../publish/lock.ts';
import { readManifest, stateFolder } from '../publish/manifest.ts';
import { chooseRepositories } from './choose-repositories.ts';
import { inspectIncoming, type WholeFile } from './inspect-incoming.ts';
import { isUnchanged, moveFile, systemCode } from './move-file.ts';
import { findSameBytes, type PublishedFile, PublishedFiles } from './published-files.ts';
import { refuseFile } from './refuse-file.ts';
import { type IncomingFile, type IncomingScan, type IncomingSide, scanIncoming } from './scan-incoming.ts';

export interface Taken {
  /** Files that were moved into packages/, both from the site's root. */
  moved: { file: string; to: string }[];
  /** Files that stay in incoming/, and why. Sorted by file. */
  problems: Problem[];
  /** Files that were refused. */
  events: Problem[];
}

export interface TakeOptions {
  /** Paths from the site's root of files that are being written: they are left alone. */
  busy?: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  now: number;
  /** As in `lockSite`. */
  onWait?: (holder: string) => void;
}

/** Bytes under a name in packages/ that is taken, or a side-file of them. */
interface Arrival {
  file: IncomingFile;
  name: string;
  sha256: string;
  sides: readonly IncomingSide[];
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

  const decided: { file: WholeFile; repository: RepositoryConfig }[] = [];
  for (const file of inspected.whole) {
    const repositories = chooseRepositories(file.facts, config);
    if (repositories[0] && repositories.length === 1) decided.push({ file, repository: repositories[0] });
    else taken.problems.push(undecided(file, repositories));
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
    decided: readonly { file: WholeFile; repository: RepositoryConfig }[],
    sides: readonly IncomingSide[],
    alone: readonly IncomingSide[],
  ): Promise<void> {
    for (const path of this.#scan.abandoned) removeFolder(path);
    const toMove = [...decided.map(({ file }) => file), ...sides].filter(isUnchanged);
    flushBatch(
      toMove.map(({ folder, name }) => join(folder, name)),
      [this.#scan.folder],
    );
    for (const { file, repository } of decided) {
      const own = sides.filter((side) => side.folder === file.folder && side.of === file.name);
      await this.#attempt(file, () => this.#takePackage(file, own, this.#publishedOf(repository)));
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

  async #takePackage(file: WholeFile, sides: readonly IncomingSide[], published: PublishedFiles): Promise<void> {
    const { name, facts } = file;
    const there = published.named(name);
    if (there.some((each) => this.#options.busy?.has(each.file))) return;
    const same = await findSameBytes(there, facts.size, facts.sha256);
    const mayReplace = published.repository.overwrite === true && there.length === 1;
    if (!same && there.length > 0 && !mayReplace) {
      await this.#refuse({ file, name, sha256: facts.sha256, sides }, there, published);
      return;
    }
    const place = same ?? there[0] ?? published.placeFor(name);
    if (there.length === 0) refuseToHide(place);
    // Before the package: one that is published is complete, and none is left behind when this run is stopped.
    for (const side of sides) await this.#attempt(side, () => this.#takeSide(side, place, published, mayReplace));
    if (same) this.#drop(file, same.full);
    else {
      await this.#move(file, place, facts.sha256);
      published.put(name, { ...place, size: facts.size });
    }
  }

  /** A side-file that came after its package. */
  async #takeAlone(side: IncomingSide): Promise<void> {
    const [repository, ...others] = this.#config.repositories.filter(({ packages }) => packages !== undefined);
    const published = repository && others.length === 0 ? this.#publishedOf(repository) : undefined;
    const [place] = published?.named(side.of) ?? [];
    if (published && place) {
      await this.#takeSide(side, place, published, false);
    } else if (this.#options.now - side.stamp.changedMs > WAIT_FOR_PACKAGE_MS) {
      const what = `belongs to ${JSON.stringify(side.of)}, which is not there`;
      this.#report('not-a-package', side, what, 'put it beside its file in packages/, or remove it');
    }
  }

  async #takeSide(
    side: IncomingSide,
    beside: PublishedFile,
    published: PublishedFiles,
    comesWithNew: boolean,
  ): Promise<void> {
    const file = `${beside.file}.${side.side}`;
    const place: PublishedFile = { file, full: `${beside.full}.${side.side}`, size: 0 };
    if (this.#options.busy?.has(place.file)) return;
    if (side.side === 'metadata') {
      this.#drop(side, place.full); // kho writes its own
      return;
    }
    const sha256 = await hashFile(join(side.folder, side.name));
    const stats = lstatSync(place.full, { throwIfNoEntry: false });
    if (stats === undefined) await this.#move(side, place, sha256);
    else if (!stats.isFile()) refuseToHide(place);
    else {
      const there = [{ ...place, size: stats.size }];
      if (await findSameBytes(there, side.stamp.size, sha256)) this.#drop(side, place.full);
      else if (comesWithNew || published.repository.overwrite) await this.#move(side, place, sha256);
      else await this.#refuse({ file: side, name: side.name, sha256, sides: [] }, there, published);
    }
  }

  async #move(from: IncomingFile, place: PublishedFile, sha256: string): Promise<void> {
    if (await moveFile(from, place.full, sha256)) this.#drop(from, place.full);
    this.#taken.moved.push({ file: from.file, to: place.file });
  }

  async #refuse(arrival: Arrival, there: readonly PublishedFile[], { repository }: PublishedFiles): Promise<void> {
    const { file, sha256 } = arrival;
    const sides: { side: IncomingSide; sha256: string }[] = [];
    for (const side of arrival.sides) {
      if (isUnchanged(side)) sides.push({ side, sha256: await hashFile(join(side.folder, side.name)) });
    }
    const because =
      repository.overwrite === true
        ? 'It cannot replace one of several files: keep one of them, and upload the file again.'
        : undefined;
    const { name, remaining } = await refuseFile(
      { file, sha256, sides, published: there, repository: repository.name, ...(because && { because }) },
      this.#scan.refused,
    );
    for (const each of remaining) this.#drop(each, join(this.#scan.refused, name));
    const what = `was moved to incoming/refused/${name}: ${there[0]?.file} holds other bytes under this name`;
    this.#taken.events.push({ code: 'refused', file: file.file, what, hint: PROBLEM_HINTS.refused });
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

/** @throws {KhoError} WRITE when something stands there that is no package: a link, a folder */
function refuseToHide({ full }: PublishedFile): void {
  if (lstatSync(full, { throwIfNoEntry: false }) === undefined) return;
  throw new KhoError('WRITE', `Cannot move it to "${full}": something else is there`, { hint: 'move that away' });
}

function undecided({ file }: IncomingFile, repositories: readonly RepositoryConfig[]): Problem {
  const folders = repositories.map(({ name }) => (name === '.' ? 'packages/' : `${name}/packages/`));
  const hint = `move it into one of ${folders.join(', ')}`;
  return { code: 'undecided', file, what: 'may be for any of several repositories', hint };
}
