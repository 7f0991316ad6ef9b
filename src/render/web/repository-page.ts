/** A repository's `index.html`: all its projects, on several pages where there are many. */
import { compareVersions } from '../../standards/version.ts';
import { type Html, html } from '../html.ts';
import { indexAddress } from './address.ts';
import { installLines, installTabs } from './install-lines.ts';
import { layout, PagePlace } from './layout.ts';
import type { KeptOfUpstream, ProjectCard, RepositoryCard, RepositoryMachines, SiteContext } from './model.ts';
import { keptSection } from './origin-section.ts';
import { platformMarks, stats, when } from './parts.ts';
import type { Pictures } from './pictures.ts';
import { picturesSection } from './pictures-section.ts';
import {
  CHANGES_FEED,
  CHANGES_PAGE,
  HELD_PAGE,
  listPagePath,
  PLATFORMS_PAGE,
  PUBLISH_PAGE,
  projectPath,
} from './places.ts';
import { runsText } from './search-data.ts';
import { Words } from './words.ts';

/** Projects on one page: some 100 kB of HTML, a sixth of that compressed. */
export const PROJECTS_PER_PAGE = 200;

export interface RepositoryPageData {
  /** Only the first page tells more of it than its name: else all pages would change with each file. */
  card: RepositoryCard;
  /** Of this page, sorted by name. */
  projects: readonly ProjectCard[];
  /** From 1. */
  number: number;
  pages: number;
  held: number;
  /** Files of search data, from the repository's folder. */
  searchData: readonly string[];
  /** Of the first page only. */
  pictures?: Pictures;
  /** Of other indexes; of the first page only. */
  kept?: readonly KeptOfUpstream[];
  /** What the filter can be set to. */
  machines: RepositoryMachines;
}

export function repositoryPage(site: SiteContext, data: RepositoryPageData): string {
  const { card, number } = data;
  const words = new Words(site.language);
  const place = new PagePlace(card.name, listPagePath(number));
  return layout({
    ...{ site, place, kind: 'repository', title: card.name },
    crumbs: [{ text: site.title, href: place.inSite('index.html') }, { text: card.name }],
    feed: place.inRepository(CHANGES_FEED),
    body: [
      html`<div class="title">\n<h1>${card.name}</h1>\n${when(number === 1, () => repositoryFacts(card, words))}</div>\n`,
      when(number === 1, () => repositoryInstall(site, card.name, words)),
      when(data.pictures, () => picturesSection(data.pictures as Pictures, place, words)),
      projectList(data, place, words),
      keptSection(data.kept ?? [], words),
    ],
  });
}

export function repositoryFacts(card: RepositoryCard, words: Words): Html {
  const { accepts, include, changedMs, glibc } = card;
  const least = glibc.map((needs) => needs.least).sort(compareVersions)[0];
  const most = glibc
    .map((needs) => needs.most)
    .sort(compareVersions)
    .at(-1);
  return html`${stats([
    [words.mark('allProjects'), words.count(card.projects)],
    [words.mark('allFiles'), words.count(card.files)],
    [words.mark('size'), words.size(card.bytes)],
    [words.mark('changed'), changedMs > 0 ? words.day(changedMs) : undefined],
    [words.mark('isFor'), accepts && (accepts.length > 0 ? accepts.join(', ') : words.mark('pureFiles'))],
    [words.mark('needsOfLibc', 'glibc'), least === most ? most : `${least} – ${most}`],
    [words.mark('includes'), include.join(', ')],
  ])}${platformMarks(card.platforms, words)}
`;
}

export function repositoryInstall(site: SiteContext, repository: string, words: Words): Html {
  const address = indexAddress(site, repository);
  return html`<section id="install"><h2>${words.mark('useIt')}</h2>\n${installTabs(installLines('PROJECT', address), words)}${when(!address.isKnown, () => addressHint(words))}</section>\n`;
}

/** What the address that no page knows stands for. */
export function addressHint(words: Words): Html {
  return html`<p class="hint no-script">${words.mark('addressUnknown')}</p>\n`;
}

/** The list with what finds one's way in it; the script brings search, order and filters to life. */
export function projectList(data: RepositoryPageData, place: PagePlace, words: Words): Html {
  const { card, projects, number, pages, held, searchData, machines } = data;
  const searchFiles = searchData.map((path) => place.inRepository(path)).join(' ');
  return html`<section id="projects"><h2>${words.mark('allProjects')}</h2>
<p class="sub">${when(place.repository !== '.', () => html`<a href="${place.inRepository(CHANGES_PAGE)}">${words.mark('changes')}</a> · `)}<a href="${place.inRepository(PLATFORMS_PAGE)}">${words.mark('platforms')}</a>${when(card.takesUploads, () => html` · <a href="${place.inRepository(PUBLISH_PAGE)}">${words.mark('publish')}</a>`)}${when(held > 0, () => html` · <a class="is-bad" href="${place.inRepository(HELD_PAGE)}">${words.mark('heldCount', held)}</a>`)}</p>
<div class="finder" id="finder" hidden data-search="${searchFiles}" data-pages="${pages}" data-platforms="${machines.platforms.join(' ')}" data-pythons="${machines.pythons.join(' ')}"></div>
${when(projects.length === 0, () => html`<p class="empty">${words.mark('noProjects')}</p>\n`)}${when(projects.length > 0, () => projectTable(projects, place, words))}${when(pages > 1, () => pager(number, pages, listPagePath, place, words))}</section>
`;
}

function projectTable(projects: readonly ProjectCard[], place: PagePlace, words: Words): Html {
  const head = (key: 'project' | 'latest' | 'platforms' | 'size' | 'changed', sort?: string) =>
    html`<th scope="col" class="is-${key}"${sort ? html` data-sort="${sort}"` : ''}>${words.mark(key)}</th>`;
  return html`<div class="scroll"><table class="projects cardlike" id="project-table">
<thead><tr>${head('project', 'name')}${head('latest')}${head('platforms')}${head('size', 'size')}${head('changed', 'changed')}</tr></thead>
<tbody>
${projects.map((card) => projectRow(card, place, words))}</tbody>
</table></div>
`;
}

export function projectRow(card: ProjectCard, place: PagePlace, words: Words): Html {
  const { name, displayName, latest, summary, platforms, bytes, changedMs, status } = card;
  return html`<tr data-name="${name}" data-keywords="${card.keywords.join(' ')}"${runsOn(card)}><th scope="row"><a href="${place.inRepository(projectPath(name))}">${displayName}</a>${when(status, () => html` <span class="tag">${words.mark(`is-${status as 'archived'}`)}</span>`)}${when(summary, () => html`<span class="about">${summary ?? ''}</span>`)}</th><td class="version">${latest ?? ''}</td><td>${platformMarks(platforms, words)}</td><td class="number">${words.size(bytes)}</td><td class="day">${changedMs > 0 ? words.day(changedMs) : ''}</td></tr>
`;
}

/** For the filter "runs on my machine": Pythons by platform. Without it, it runs on all. */
function runsOn(card: ProjectCard): Html {
  const runs = runsText(card);
  return when(runs !== undefined, () => html` data-runs="${runs ?? ''}"`);
}

/** All pages of a list by their numbers. @param pathOf of the page with that number, from 1 */
export function pager(
  number: number,
  pages: number,
  pathOf: (number: number) => string,
  place: PagePlace,
  words: Words,
): Html {
  const link = (page: number) =>
    page === number
      ? html`<li><span aria-current="page">${words.number(page)}</span></li>\n`
      : html`<li><a href="${place.inRepository(pathOf(page))}">${words.number(page)}</a></li>\n`;
  return html`<nav class="pager" ${words.label('morePages')}><ol>
${Array.from({ length: pages }, (_, at) => link(at + 1))}</ol></nav>
`;
}
