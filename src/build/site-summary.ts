import type { RepositorySummary } from '../build-report.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import type { Problem } from '../problems.ts';
import type { FileRecord, ProjectRecord } from '../publish/manifest.ts';
import { locate, type Target } from '../publish/target.ts';
import type { ListedProject } from '../render/listing.ts';

/** What one repository lists in all. */
export interface RepositoryListing {
  summary: RepositorySummary;
  projects: ListedProject[];
  /** Names of all its projects; `names` are those without the quarantined ones. */
  all: Set<string>;
  names: string[];
  files: { repository: string; path: string; sha256: string }[];
}

/** What the records of all projects come to: gathered in one pass over them, so that none has to be kept. */
export class SiteSummary {
  /** By repository. */
  readonly listings: Map<string, RepositoryListing>;
  readonly problems: Problem[] = [];
  readonly notes: Problem[] = [];
  /** How many pages and files of projects are published. */
  published = 0;
  readonly #source: Target;

  constructor(config: SiteConfig, source: Target) {
    this.#source = source;
    this.listings = new Map(
      config.repositories.map(({ name }) => [
        name,
        { summary: { name, projects: 0, files: 0, bytes: 0 }, projects: [], all: new Set(), names: [], files: [] },
      ]),
    );
  }

  add(name: string, record: ProjectRecord): void {
    this.published += record.published.size;
    this.problems.push(...record.problems);
    this.notes.push(...record.notes);
    for (const file of record.files) {
      if (file.problem) this.problems.push(file.problem);
      if (file.sideProblems) this.problems.push(...file.sideProblems);
      if (file.facts && (Number.parseInt(file.state, 10) & 0o004) === 0) this.problems.push(this.#unreadable(file));
    }
    for (const repository in record.shown) this.#addProject(name, record, repository);
  }

  #addProject(name: string, record: ProjectRecord, repository: string): void {
    const listing = this.listings.get(repository);
    const shown = record.shown[repository];
    if (!listing || !shown) return;
    const { displayName, latest, files, unlisted } = shown;
    listing.all.add(name);
    listing.summary.projects++;
    listing.summary.files += files.length;
    if (!unlisted) {
      listing.names.push(name);
      listing.projects.push({ name, displayName, files: files.length, ...(latest !== undefined && { latest }) });
    }
    for (const place of files) {
      const file = record.files[place] as FileRecord;
      const { sha256, size } = file.facts as { sha256: string; size: number };
      listing.summary.bytes += size;
      listing.files.push({ repository: file.repository, path: file.path, sha256 });
    }
  }

  /** The mode of a file is the first thing in its state. */
  #unreadable(file: FileRecord): Problem {
    const path = sitePath(file);
    const what = 'is listed, but only its owner or group can read it: the web server may answer 403';
    const hint = `chmod go+r '${locate(this.#source, path).replaceAll("'", "'\\''")}'`;
    return { code: 'not-readable-by-others', file: path, what, hint };
  }
}
