/** `project/changes.html`: what came, the newest first. */
import { type Html, html } from '../html.ts';
import { layout, PagePlace } from './layout.ts';
import type { ProjectCard, SiteContext } from './model.ts';
import { when } from './parts.ts';
import { CHANGES_FEED, CHANGES_PAGE, projectPath } from './places.ts';
import { repositoryCrumbs } from './project-page.ts';
import { Words } from './words.ts';

/** One release that came, or got a file. */
export interface Change {
  repository: string;
  /** Normalized. */
  name: string;
  displayName: string;
  version: string;
  summary?: string;
  /** Of its newest file: milliseconds since 1970, whole. */
  publishedMs: number;
  /** Of the release. */
  files: number;
  /** As in `RecentRelease`. */
  yanked?: string;
}

/** So many stand on a page, and in a feed. */
export const CHANGES_SHOWN = 100;
export const CHANGES_IN_FEED = 50;

/** Of one repository's projects or of several: newest first; at one time by name. */
export function newestChanges(repository: string, cards: readonly ProjectCard[], limit: number): Change[] {
  const listed = cards.filter(({ unlisted }) => !unlisted);
  const times = Float64Array.from(listed, ({ recent }) => recent[0]?.publishedMs ?? Number.NEGATIVE_INFINITY).sort();
  const since = times.at(-limit) ?? Number.NEGATIVE_INFINITY; // so many projects have something that is as new: what is older is not among the newest
  const changes = listed.flatMap(({ name, displayName, summary, recent }) =>
    recent
      .filter(({ publishedMs }) => publishedMs >= since)
      .map(
        ({ version, publishedMs, files, yanked }): Change => ({
          ...{ repository, name, displayName, version, publishedMs, files },
          ...(summary !== undefined && { summary }),
          ...(yanked !== undefined && { yanked }),
        }),
      ),
  );
  return sortChanges(changes).slice(0, limit);
}

/** Of several lists, each of so many at least as are shown, or of all that there are. */
export function newestOf(lists: readonly (readonly Change[])[]): Change[] {
  return sortChanges(lists.flat()).slice(0, CHANGES_SHOWN);
}

function sortChanges(changes: Change[]): Change[] {
  return changes.sort(
    (a, b) =>
      b.publishedMs - a.publishedMs ||
      order(a.name, b.name) ||
      order(a.version, b.version) ||
      order(a.repository, b.repository),
  );
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** @param repository `.` for the page of the whole site */
export function changesPage(site: SiteContext, repository: string, changes: readonly Change[]): string {
  const words = new Words(site.language);
  const place = new PagePlace(repository, CHANGES_PAGE);
  return layout({
    ...{ site, place, kind: 'changes', title: { key: 'changes' } },
    crumbs: [...repositoryCrumbs(site, place), { text: words.mark('changes') }],
    feed: place.inRepository(CHANGES_FEED),
    body: [
      html`<div class="title">\n<h1>${words.mark('changes')}</h1>\n<p class="summary">${words.mark('changesAbout')}</p>\n<p class="sub"><a href="${place.inRepository(CHANGES_FEED)}">${words.mark('feed')}</a></p>\n</div>\n`,
      changes.length > 0
        ? html`<div class="main">\n${changesList(site, changes, place)}</div>\n`
        : html`<p class="empty">${words.mark('noProjects')}</p>\n`,
    ],
  });
}

/** What came to several repositories at once, as files that they include do, is one line. */
function mergeChanges(changes: readonly Change[]): (Change & { others: string[] })[] {
  const merged = new Map<string, Change & { others: string[] }>();
  for (const change of changes) {
    const key = `${change.name} ${change.version} ${change.publishedMs}`;
    const sameRelease = merged.get(key);
    if (sameRelease) sameRelease.others.push(change.repository);
    else merged.set(key, { ...change, others: [] });
  }
  return [...merged.values()];
}

/** @param limit so many lines at most */
export function changesList(
  site: SiteContext,
  changes: readonly Change[],
  place: PagePlace,
  limit = changes.length,
): Html {
  const words = new Words(site.language);
  const hrefIn = (repository: string, name: string) =>
    place.inSite(repository === '.' ? projectPath(name) : `${repository}/${projectPath(name)}`);
  const item = (change: Change & { others: string[] }) => {
    const { repository, name, displayName, version, summary, publishedMs, files, others, yanked } = change;
    const isClear = others.length === 0 && (repository === place.repository || site.repositories.length === 1);
    const places = isClear ? [] : [repository, ...others];
    return html`<li><a class="what" href="${hrefIn(repository, name)}">${displayName} <span class="version">${version}</span></a>${when(yanked !== undefined, () => html` <span class="tag is-bad">${words.mark('yanked')}</span>`)} <span class="came quiet">${words.day(publishedMs)} · ${words.mark('files', files)}</span>${when(yanked ?? summary, () => html` <span class="about">${yanked || summary || ''}</span>`)}${when(places.length > 0, () => html` <span class="places">${places.map((other) => html`<a class="tag" href="${hrefIn(other, name)}">${other}</a> `)}</span>`)}</li>
`;
  };
  return html`<ol class="changes">\n${mergeChanges(changes).slice(0, limit).map(item)}</ol>\n`;
}
