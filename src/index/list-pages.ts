import { visibleFrom } from '../config/private-repositories.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { look, readText } from '../io/open-file.ts';
import { pageStamp, readPageStamp } from '../io/page-stamp.ts';
import type { Problem } from '../problems.ts';
import { foreignNote } from '../publish/apply.ts';
import type { Manifest } from '../publish/manifest.ts';
import { fromRoot, locate, type Target } from '../publish/target.ts';
import type { Page } from '../render/page.ts';
import { checksumsPage } from '../render/simple/checksums.ts';
import { isReplaceableIndex, repositoryIndexPage, siteIndexPage } from '../render/simple/listing.ts';
import { simpleRootPages } from '../render/simple/simple-pages.ts';
import type { SiteSummary } from './site-summary.ts';

/** By repository; `.` holds the site's front page even where the site itself is no repository. */
export type ListPages = Map<string, Page[]>;

/** The pages that list everything: they are made anew whenever a project changes. Front pages are made later where there are pages for people. */
export function listPages(config: SiteConfig, listings: SiteSummary['listings']): ListPages {
  const pages: ListPages = new Map();
  const siteUrl = config.url === undefined ? {} : { siteUrl: config.url };
  const isPlain = config.pages === false;
  for (const [repository, { names, projects, files }] of listings) {
    projects.sort((a, b) => (a.name < b.name ? -1 : 1));
    const ofRepository = [...simpleRootPages(names), checksumsPage(repository, files)];
    if (isPlain && repository !== '.')
      ofRepository.push(repositoryIndexPage(config.title, projects, { repository, ...siteUrl }));
    pages.set(repository, ofRepository);
  }
  if (!isPlain) return pages;
  const shown = visibleFrom('.', config);
  const others = [...listings.values()]
    .map(({ summary }) => summary)
    .filter(({ name }) => name !== '.' && shown.has(name));
  const front = siteIndexPage(config.title, config.url, others, listings.get('.')?.projects);
  pages.set('.', [...(pages.get('.') ?? []), front]);
  return pages;
}

/** Whether all lists are there as they were published, with those that name a repository: then none has to be made to see it. */
export function listsStand(config: SiteConfig, target: Target, { roots }: Manifest): boolean {
  const repositories = config.repositories.map(({ name }) => name);
  const wanted = repositories.map((name) => fromRoot(name, 'simple/index.html'));
  if (config.pages === false) for (const name of ['.', ...repositories]) wanted.push(fromRoot(name, 'index.html'));
  return (
    wanted.every((path) => roots.has(path)) &&
    [...roots].every(([path, [stamp]]) => stamp === readPageStamp(locate(target, path)))
  );
}

/**
 * Leave out an `index.html` that stands where neither kho nor dumb-pypi wrote it; it is somebody's own.
 *
 * @returns a note for each page left out
 */
export function spareForeignPages(pages: ListPages, target: Target, manifest: Pick<Manifest, 'roots'>): Problem[] {
  const notes: Problem[] = [];
  for (const [repository, ofRepository] of pages) {
    const kept = ofRepository.filter((page) => {
      const note = page.path === 'index.html' && foreignPage(fromRoot(repository, page.path), target, manifest);
      if (note) notes.push(note);
      return !note;
    });
    pages.set(repository, kept);
  }
  return notes;
}

/** @param path of an `index.html`, from the site's root */
export function foreignPage(path: string, target: Target, { roots }: Pick<Manifest, 'roots'>): Problem | undefined {
  const full = locate(target, path);
  const stats = look(full);
  if (!stats || (stats.isFile() && pageStamp(stats) === roots.get(path)?.[0])) return undefined;
  if (stats.isFile() && isReplaceableIndex(readText(full))) return undefined;
  return foreignNote(path);
}
