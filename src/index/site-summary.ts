import { basename } from 'node:path';
import type { RepositorySummary } from '../build-report.ts';
import { isForSomeMachines } from '../catalog/judge-file.ts';
import { LookAlikes } from '../catalog/look-alikes.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { PROBLEM_HINTS, type Problem } from '../problems.ts';
import type { FileRecord, ProjectListEntry, ProjectRecord } from '../publish/manifest.ts';
import { locate, type Target } from '../publish/target.ts';
import type { ListedProject } from '../render/simple/listing.ts';
import type { Libc } from '../standards/platforms/binary-facts.ts';
import { isOutdated, isUnverified } from './rules.ts';

/** What one repository lists in all. */
export interface RepositoryListing {
  summary: RepositorySummary;
  projects: ListedProject[];
  /** Names of all its projects; `names` are those without the quarantined ones. */
  all: Set<string>;
  names: string[];
  files: ListedFile[];
  /** Wheels whose names do not tell for which libc they are. */
  lookAlikes: LookAlikes;
}

interface ListedFile {
  repository: string;
  path: string;
  sha256: string;
}

/** What one project adds to the lists and totals of the site. Plain data: threads send it to each other. */
export interface ProjectShare {
  /** How many of its pages and files are published. */
  published: number;
  problems: Problem[];
  notes: Problem[];
  /** Repositories whose own packages/ has wheels of it for some machines only, listed or held. */
  withBinaries: string[];
  shown: ShownShare[];
  due: DueFiles;
}

/** How many files have to be looked at again: inspected under older rules; with members that were never unpacked. */
export interface DueFiles {
  outdated: number;
  unverified: number;
}

interface ShownShare {
  repository: string;
  listed?: ListedProject;
  files: ListedFile[];
  bytes: number;
  /** Wheels of it that are tied to a libc, which their names may not tell. */
  tied: { filename: string; libc: Libc }[];
}

/** @param source where packages are read from */
export function shareOf(name: string, record: ProjectRecord, source: Target): ProjectShare {
  const problems = [...record.problems];
  const notes = [...record.notes];
  const withBinaries = new Set<string>();
  const due: DueFiles = { outdated: 0, unverified: 0 };
  for (const file of record.files) {
    if (isOutdated(file)) due.outdated++;
    if (isUnverified(file)) due.unverified++;
    if (isForSomeMachines(basename(file.path))) withBinaries.add(file.repository);
    if (file.problem) problems.push(file.problem);
    else notes.push(...doubtsAbout(file));
    if (!file.problem && file.facts && (Number.parseInt(file.state, 10) & 0o004) === 0)
      problems.push(unreadable(file, source));
    if (file.sideProblems) problems.push(...file.sideProblems);
  }
  const shown: ShownShare[] = [];
  for (const repository in record.shown) {
    const { displayName, latest, files: places, unlisted } = record.shown[repository] as ProjectListEntry;
    const files: ListedFile[] = [];
    const tied: ShownShare['tied'] = [];
    let bytes = 0;
    for (const place of places) {
      const { repository, path, facts } = record.files[place] as FileRecord;
      const { sha256, size } = facts as { sha256: string; size: number };
      bytes += size;
      files.push({ repository, path, sha256 });
      const libc = facts?.binaries?.libc;
      if (libc === 'glibc' || libc === 'musl') tied.push({ filename: basename(path), libc });
    }
    const listed = { name, displayName, files: files.length, ...(latest !== undefined && { latest }) };
    shown.push({ repository, files, bytes, tied, ...(!unlisted && { listed }) });
  }
  return { published: record.published.size, problems, notes, withBinaries: [...withBinaries], shown, due };
}

/** What is worth knowing of a file that is listed. */
function doubtsAbout(file: FileRecord): Problem[] {
  const doubts = [...(file.facts?.doubts ?? []), ...(file.doubts ?? [])];
  return doubts.map(({ code, what }) => ({ code, file: sitePath(file), what, hint: PROBLEM_HINTS[code] }));
}

/** The mode of a file is the first thing in its state. */
function unreadable(file: FileRecord, source: Target): Problem {
  const path = sitePath(file);
  const what = 'is listed, but only its owner or group can read it: the web server may answer 403';
  const hint = `chmod go+r '${locate(source, path).replaceAll("'", "'\\''")}'`;
  return { code: 'not-readable-by-others', file: path, what, hint };
}

/** What all projects come to: gathered in one pass over their records, so that none has to be kept. */
export class SiteSummary {
  /** By repository. */
  readonly listings: Map<string, RepositoryListing>;
  readonly problems: Problem[] = [];
  readonly notes: Problem[] = [];
  /** Repositories whose own packages/ has wheels for some machines only, listed or held. */
  readonly withBinaries = new Set<string>();
  /** How many pages and files of projects are published. */
  published = 0;
  /** Of projects that have any. */
  readonly due = new Map<string, DueFiles>();

  constructor(config: SiteConfig) {
    this.listings = new Map(
      config.repositories.map(({ name }) => [
        name,
        {
          summary: { name, projects: 0, files: 0, bytes: 0 },
          projects: [],
          all: new Set(),
          names: [],
          files: [],
          lookAlikes: new LookAlikes(),
        },
      ]),
    );
  }

  add(name: string, { published, problems, notes, withBinaries, shown, due }: ProjectShare): void {
    if (due.outdated + due.unverified > 0) this.due.set(name, due);
    this.published += published;
    this.problems.push(...problems);
    this.notes.push(...notes);
    for (const repository of withBinaries) this.withBinaries.add(repository);
    for (const { repository, listed, files, bytes, tied } of shown) {
      const listing = this.listings.get(repository);
      if (!listing) continue;
      listing.all.add(name);
      listing.summary.projects++;
      listing.summary.files += files.length;
      listing.summary.bytes += bytes;
      for (const file of files) listing.files.push(file);
      for (const { filename, libc } of tied) listing.lookAlikes.add(name, filename, libc);
      if (!listed) continue;
      listing.names.push(name);
      listing.projects.push(listed);
    }
  }
}
