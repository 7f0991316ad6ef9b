/** The site's `index.html`: its repositories, what came recently, what needs attention, how to use it. */
import { type Html, html } from '../html.ts';
import { indexAddress } from './address.ts';
import { type Change, changesList } from './changes-page.ts';
import { installLines, installTabs } from './install-lines.ts';
import { layout, PagePlace } from './layout.ts';
import type { KeptOfUpstream, ProjectCard, RepositoryCard, RepositoryMachines, SiteContext } from './model.ts';
import { keptSection } from './origin-section.ts';
import { copyable, when } from './parts.ts';
import type { Pictures } from './pictures.ts';
import { picturesSection } from './pictures-section.ts';
import { CHANGES_FEED, CHANGES_PAGE, HELD_PAGE } from './places.ts';
import { addressHint, projectList, repositoryFacts, repositoryInstall } from './repository-page.ts';
import { Words } from './words.ts';

/** So many lines of what came recently. */
const RECENT_SHOWN = 10;

export interface SitePageData {
  /** All but the site itself, sorted by name. */
  repositories: readonly RepositoryCard[];
  /** The newest first. */
  changes: readonly Change[];
  held: number;
  /** What the site itself lists, where it is a repository. */
  own?: {
    card: RepositoryCard;
    projects: readonly ProjectCard[];
    pages: number;
    searchData: readonly string[];
    machines: RepositoryMachines;
    pictures: Pictures;
    /** Of other indexes. */
    kept?: readonly KeptOfUpstream[];
  };
}

export function sitePage(site: SiteContext, { repositories, changes, held, own }: SitePageData): string {
  const words = new Words(site.language);
  const place = new PagePlace('.', 'index.html');
  const [first] = repositories;
  const used = own ? '.' : repositories.length === 1 ? first?.name : undefined;
  const recent = when(changes.length > 0, () => recentChanges(site, changes, place, words));
  const lists = [
    when(used !== undefined, () => repositoryInstall(site, used ?? '.', words)),
    when(repositories.length > 0, () => repositoryList(site, repositories, place, words)),
    when(
      repositories.length > 0 && !own && changes.length === 0,
      () => html`<p class="empty">${words.mark('noProjects')}</p>\n`,
    ),
  ];
  return layout({
    ...{ site, place, kind: 'site', title: site.title, crumbs: [], feed: CHANGES_FEED },
    // One repository that is the site has its own search just below.
    ...(repositories.length > 0 && { hasSearch: true }),
    body: [
      html`<div class="title">\n<h1>${site.title}</h1>\n`,
      when(repositories.length > 0, () => html`<div class="find" id="find" hidden></div>\n`),
      when(own, () => repositoryFacts((own as { card: RepositoryCard }).card, words)),
      when(
        held > 0,
        () =>
          html`<p class="notice is-bad"><a href="${HELD_PAGE}">${words.mark('heldCount', held)}</a> ${words.mark('needAttention')}</p>\n`,
      ),
      html`</div>\n`,
      when(repositories.length === 0 && !own, () => html`<p class="empty">${words.mark('noRepositories')}</p>\n`),
      // A list of projects takes the whole width; cards leave room beside them.
      own
        ? html`${lists}${picturesSection(own.pictures, place, words)}${ownProjects(own, place, words)}${keptSection(own.kept ?? [], words)}${recent}`
        : html`<div class="columns">\n<div class="main">\n${lists}</div>\n<div class="side">\n${recent}</div>\n</div>\n`,
    ],
  });
}

function ownProjects(own: NonNullable<SitePageData['own']>, place: PagePlace, words: Words): Html {
  const { card, projects, pages, searchData, machines } = own;
  return projectList({ card, projects, number: 1, pages, held: 0, searchData, machines }, place, words);
}

function recentChanges(site: SiteContext, changes: readonly Change[], place: PagePlace, words: Words): Html {
  return html`<section id="changes"><h2>${words.mark('recently')}</h2>
${changesList(site, changes, place, RECENT_SHOWN)}<p class="sub"><a href="${CHANGES_PAGE}">${words.mark('allChanges')}</a> · <a href="${CHANGES_FEED}">${words.mark('feed')}</a></p></section>
`;
}

function repositoryList(
  site: SiteContext,
  repositories: readonly RepositoryCard[],
  place: PagePlace,
  words: Words,
): Html {
  const item = (card: RepositoryCard, at: number) => html`<li class="box">
<h3><a href="${place.inSite(`${card.name}/index.html`)}">${card.name}</a></h3>
${repositoryFacts(card, words)}${when(repositories.length > 1, () => cardInstall(card.name, at))}</li>
`;
  const cardInstall = (name: string, at: number) => {
    const address = indexAddress(site, name);
    return html`${copyable(address.url, words, words.label('copyAddress', name))}<details><summary>${words.mark('clientLines')}</summary>
${installTabs(installLines('PROJECT', address), words, `install-${at + 1}`)}</details>
`;
  };
  return html`<section id="repositories"><h2>${words.mark('repositories')}</h2>\n<ul class="cards">\n${repositories.map(item)}</ul>
${when(repositories.length > 1 && site.siteUrl === undefined, () => addressHint(words))}</section>\n`;
}
