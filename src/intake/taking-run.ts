import { join } from 'node:path';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { removeFile } from '../io/disk.ts';
import { systemCode } from '../io/disk-lacks.ts';
import { FormatError, PROBLEM_HINTS, type Problem, type ProblemCode, problemOf } from '../problems.ts';
import { readManifest } from '../publish/manifest.ts';
import { originalsFolder } from './originals.ts';
import { PackagesFolder } from './packages-folder.ts';
import { type PackageFile, PackagesListing } from './packages-listing.ts';
import { isUnchanged, type WholeSource } from './place-whole.ts';
import { Placing } from './placing.ts';
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
  /** Called with the hash, hexadecimal, of each file whose members were all unpacked. */
  onWhole?: (sha256: string) => void;
  /** What packages/ of a repository holds; looked through when absent. */
  listingOf?: (repository: RepositoryConfig, config: SiteConfig) => PackagesListing;
  /** Told of a file whose name other bytes have, or had until they were removed (then nothing is in the way), instead of moving it to refused/. */
  onTaken?: (file: IncomingFile, inTheWay: readonly PackageFile[]) => void;
}

/** @throws as `PackagesListing` */
export function freshListing(repository: RepositoryConfig, { root, ignore }: SiteConfig): PackagesListing {
  return new PackagesListing(repository, readManifest(root)?.disks ?? {}, ignore);
}

/** What the steps of one run over incoming/ share. The lock is held meanwhile. */
export class TakingRun {
  readonly config: SiteConfig;
  readonly scan: IncomingScan;
  readonly options: TakeOptions;
  readonly taken: Taken;
  readonly placing: Placing;
  /** What is in incoming/ was flushed as a whole. */
  isFlushed = false;
  readonly #dropped = new Map<string, IncomingFile>();
  readonly #published = new Map<string, PackagesFolder>();

  constructor(config: SiteConfig, scan: IncomingScan, options: TakeOptions, taken: Taken) {
    this.config = config;
    this.scan = scan;
    this.options = options;
    this.taken = taken;
    const { root, repositories } = config;
    this.placing = new Placing([
      scan.folder,
      ...repositories.flatMap(({ packages }) => packages ?? []),
      ...repositories.map(({ name }) => originalsFolder(root, name)).sort((a, b) => b.length - a.length),
    ]);
  }

  publishedOf(repository: RepositoryConfig): PackagesFolder {
    let published = this.#published.get(repository.name);
    if (!published) {
      const { listingOf = freshListing } = this.options;
      published = new PackagesFolder(repository, listingOf(repository, this.config));
      this.#published.set(repository.name, published);
    }
    return published;
  }

  /** What cannot be moved stays where it is, and does not keep the others. */
  async attempt(file: IncomingFile, take: () => Promise<void>): Promise<void> {
    if (!isUnchanged(join(file.folder, file.name), file.stamp)) return; // somebody writes to it, or took it
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
    return { path: join(folder, name), stamp, sha256, ...(this.isFlushed && { isFlushed: true }) };
  }

  /** Its bytes stand in `full` too: it goes at the end. */
  drop(file: IncomingFile, full: string): void {
    const path = join(file.folder, file.name);
    this.#dropped.set(path, file);
    this.placing.drop({ path, stamp: file.stamp }, full);
  }

  /** Flush what was placed, and remove what was dropped. */
  async finish(): Promise<void> {
    await this.placing.finish(({ path }) =>
      this.attempt(this.#dropped.get(path) as IncomingFile, async () => removeFile(path)),
    );
  }
}
