import { join } from 'node:path';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import type { LearnedFile } from '../inspect/learned-files.ts';
import { removeFile } from '../io/disk.ts';
import { systemCode } from '../io/disk-lacks.ts';
import { isUnchanged } from '../io/is-unchanged.ts';
import { FormatError, PROBLEM_HINTS, type Problem, type ProblemCode, problemOf } from '../problems.ts';
import { keepingFinder, type RecordFinder, readManifest } from '../publish/manifest.ts';
import type { WholeFile } from './inspect-incoming.ts';
import { originalsFolder } from './originals.ts';
import { type PackageFile, PackagesFolder } from './packages-folder.ts';
import type { WholeSource } from './place-whole.ts';
import { Placing } from './placing.ts';
import { relatedPackages } from './related-packages.ts';
import type { IncomingFile, IncomingScan } from './scan-incoming.ts';
import { whatToOpen } from './what-to-open.ts';

export interface Taken {
  /** Files that were moved into packages/, both from the site's root. */
  moved: { file: string; to: string }[];
  /** Files that stay in incoming/, and why. Sorted by file. */
  problems: Problem[];
  /** Files that were refused, or got another name. */
  events: Problem[];
}

export interface TakeOptions {
  /** Paths from the site's root of files that are being written: they are left alone. */
  busy?: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  now: number;
  /** As in `lockSite`. */
  onWait?: (holder: string) => void;
  /** Of packages/ only what concerns a file is looked at: what a few files cost does not grow with the site. */
  looksUp?: true;
  /** Told at the end of what was read of each file that came to its place. */
  onKnown?: (known: LearnedFile) => void;
  /** Called with the hash, hexadecimal, of each file whose members were all unpacked. */
  onWhole?: (sha256: string) => void;
  /** Told of a file whose name other bytes have, or had until they were removed (then nothing is in the way), instead of moving it to refused/. */
  onTaken?: (file: IncomingFile, inTheWay: readonly PackageFile[]) => void;
}

/** What the steps of one run over incoming/ share. The lock is held meanwhile. */
export class TakingRun {
  readonly config: SiteConfig;
  readonly scan: IncomingScan;
  readonly options: TakeOptions;
  readonly taken: Taken;
  readonly placing: Placing;
  /** What is known of projects before anything of this run is published. */
  readonly find: RecordFinder;
  /** What is in incoming/ was flushed as a whole. */
  isFlushed = false;
  /** What comes was made and flushed by kho, each in a folder that nobody else may write in. */
  isPrivate = false;
  readonly #dropped = new Map<string, IncomingFile>();
  readonly #learned: { place: PackageFile; file: WholeFile }[] = [];
  readonly #published = new Map<string, PackagesFolder>();
  readonly #partly = new Map<string, { packages: PackagesFolder; files: Set<WholeFile> }>();

  constructor(config: SiteConfig, scan: IncomingScan, options: TakeOptions, taken: Taken) {
    this.config = config;
    this.scan = scan;
    this.options = options;
    this.taken = taken;
    const { root, repositories } = config;
    this.find = keepingFinder(root);
    this.placing = new Placing([
      scan.folder,
      ...repositories.flatMap(({ packages }) => packages ?? []),
      ...repositories.map(({ name }) => originalsFolder(root, name)).sort((a, b) => b.length - a.length),
    ]);
  }

  /** What stands in packages/ of a repository. @param coming a file that is to come there: see `looksUp` */
  publishedOf(repository: RepositoryConfig, coming?: WholeFile): PackagesFolder {
    const { root, ignore } = this.config;
    const { name } = repository;
    let published = this.#published.get(name);
    if (published) return published;
    if (coming && this.options.looksUp) {
      const partly = this.#partly.get(name) ?? { packages: new PackagesFolder(repository), files: new Set() };
      this.#partly.set(name, partly);
      if (partly.files.has(coming)) return partly.packages; // what came since was put there
      const related = relatedPackages(root, repository, coming, ignore, this.find);
      if (related) {
        partly.packages.include(related);
        partly.files.add(coming);
        return partly.packages;
      }
    }
    published = PackagesFolder.whole(repository, readManifest(root)?.disks ?? {}, ignore);
    this.#published.set(name, published);
    return published;
  }

  /** What cannot be moved stays where it is, and does not keep the others. */
  async attempt(file: IncomingFile, take: () => Promise<void>): Promise<void> {
    if (!this.isPrivate && !isUnchanged(join(file.folder, file.name), file.stamp)) return; // somebody writes to it, or took it
    try {
      await take();
    } catch (error) {
      if (error instanceof FormatError) {
        if (error.code !== 'changed-while-reading') this.taken.problems.push(problemOf(error, file.file));
      } else if (error instanceof KhoError && error.code === 'WRITE') {
        const why = systemCode(error);
        const closed = why === 'EACCES' ? whatToOpen(file, this.config.root) : undefined;
        const what = closed?.what ?? `stays where it is: c${error.message.slice(1)}${why ? ` (${why})` : ''}`;
        this.report('not-moved', file, what, closed?.hint ?? error.hint);
      } else throw error;
    }
  }

  report(code: ProblemCode, { file }: IncomingFile, what: string, hint: string = PROBLEM_HINTS[code]): void {
    this.taken.problems.push({ code, file, what, hint });
  }

  sourceOf({ folder, name, stamp }: IncomingFile, sha256: string): WholeSource {
    return {
      path: join(folder, name),
      stamp,
      sha256,
      ...(this.isFlushed && { isFlushed: true }),
      ...(this.isPrivate && { isPrivate: true }),
    };
  }

  /** Its bytes stand in `full` too: it goes at the end. */
  drop(file: IncomingFile, full: string): void {
    const path = join(file.folder, file.name);
    this.#dropped.set(path, file);
    this.placing.drop({ path, stamp: file.stamp }, full);
  }

  /** What stands there is this file, if it was placed there in this run: nobody needs to read it again. */
  learned(place: PackageFile, file: WholeFile): void {
    if (this.options.onKnown && file.isSettled) this.#learned.push({ place, file });
  }

  /** Flush what was placed, and remove what was dropped. */
  async finish(): Promise<void> {
    this.placing.flush();
    await this.removeDropped();
  }

  /** Without flushing what was placed: of what may be lost with it, since nobody was answered yet. */
  async removeDropped(): Promise<void> {
    await this.placing.removeSources(({ path }) =>
      this.attempt(this.#dropped.get(path) as IncomingFile, async () => removeFile(path)),
    );
    for (const { place, file } of this.#learned.splice(0)) {
      const stamp = this.placing.stampOf(place.full);
      const { facts, isVerified: isWhole, metadataBytes } = file;
      if (!stamp) continue;
      this.options.onKnown?.({
        ...{ file: place.file, stamp, facts, isWhole },
        ...(this.isPrivate && { isOursAlone: true }),
        ...(metadataBytes && { metadataBytes }),
      });
    }
  }
}
