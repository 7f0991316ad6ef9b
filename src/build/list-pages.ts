import { readFileSync } from 'node:fs';
import type { RepositorySummary } from '../build-report.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { readPageStamp } from '../io/page-stamp.ts';
import { PROBLEM_HINTS, type Problem } from '../problems.ts';
import type { FileRecord, Manifest, ProjectRecord } from '../publish/manifest.ts';
import { fromRoot, locate, type Target } from '../publish/target.ts';
import { checksumsPage } from '../render/checksums.ts';
import { isReplaceableIndex, type ListedProject, repositoryIndexPage, siteIndexPage } from '../render/listing.ts';
import type { Page } from '../render/page.ts';
import { simpleRootPages } from '../render/simple-pages.ts';

/** What one repository lists in all, from the records of its projects. */
interface RepositoryListing {
  summary: RepositorySummary;
  projects: ListedProject[];
  /** Without the quarantined ones. */
  names: string[];
  files: { repository: string; path: string; sha256: string }[];
}

export interface ListPages {
  /** By repository; `.` holds the site's front page even where the site itself is no repository. */
  pages: Map<string, Page[]>;
  repositories: RepositorySummary[];
}

/** The pages that list everything: they are made anew whenever a project changes. */
export function listPages(config: SiteConfig, manifest: Manifest): ListPages {
  const listings = new Map(config.repositories.map(({ name }) => [name, emptyListing(name)]));
  for (const name of [...manifest.projects.keys()].sort()) {
    const record = manifest.projects.get(name) as ProjectRecord;
    for (const repository in record.shown) addProject(listings.get(repository), name, record, repository);
  }
  const pages = new Map<string, Page[]>();
  const siteUrl = config.url === undefined ? {} : { siteUrl: config.url };
  for (const [repository, listing] of listings) {
    pages.set(repository, [...simpleRootPages(listing.names), checksumsPage(repository, listing.files)]);
    if (repository !== '.') {
      pages.get(repository)?.push(repositoryIndexPage(config.title, listing.projects, { repository, ...siteUrl }));
    }
  }
  const others = [...listings.values()].filter(({ summary }) => summary.name !== '.').map(({ summary }) => summary);
  const front = siteIndexPage(config.title, config.url, others, listings.get('.')?.projects);
  pages.set('.', [...(pages.get('.') ?? []), front]);
  return { pages, repositories: [...listings.values()].map((listing) => listing.summary) };
}

/**
 * Leave out an `index.html` that stands where neither kho nor dumb-pypi wrote it; it is somebody's own.
 *
 * @returns a note for each page left out
 */
export function spareForeignPages(pages: ListPages['pages'], target: Target, manifest: Manifest): Problem[] {
  const notes: Problem[] = [];
  for (const [repository, ofRepository] of pages) {
    const kept = ofRepository.filter((page) => {
      const path = fromRoot(repository, page.path);
      if (page.path !== 'index.html') return true;
      const stamp = readPageStamp(locate(target, path));
      if (stamp === undefined || stamp === manifest.roots.get(path)?.stamp) return true;
      if (isReplaceableIndex(readFileSync(locate(target, path), 'utf8'))) return true;
      const what = 'was not written by kho, and is left alone';
      notes.push({ code: 'foreign-page', file: path, what, hint: PROBLEM_HINTS['foreign-page'] });
      return false;
    });
    pages.set(repository, kept);
  }
  return notes;
}

function emptyListing(name: string): RepositoryListing {
  return { summary: { name, projects: 0, files: 0, bytes: 0 }, projects: [], names: [], files: [] };
}

function addProject(
  listing: RepositoryListing | undefined,
  name: string,
  record: ProjectRecord,
  repository: string,
): void {
  const shown = record.shown[repository];
  if (!listing || !shown) return;
  const { displayName, latest, files, unlisted } = shown;
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
