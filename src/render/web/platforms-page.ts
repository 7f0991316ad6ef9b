/** `project/platforms.html`: which projects of a repository are there for which platform, and which are behind. */
import { releasesWith } from '../../standards/platforms/distributions.ts';
import { type Html, html } from '../html.ts';
import { glibcNeeds } from './glibc-needs.ts';
import { layout, PagePlace } from './layout.ts';
import type { GlibcNeeds, ProjectCard, RepositoryMachines, SiteContext } from './model.ts';
import { facts, systemsList, when } from './parts.ts';
import { platformsPagePath, projectPath } from './places.ts';
import { platformCell } from './platform-cell.ts';
import { repositoryCrumbs } from './project-page.ts';
import { pager } from './repository-page.ts';

import { Words } from './words.ts';

/** Projects on one page. */
const PROJECTS_PER_PAGE = 500;

/** So many of those that need the newest glibc are named. */
const NAMED_PROJECTS = 5;

/** How many pages these projects take, one at least. */
export function platformsPageCount(cards: readonly Pick<ProjectCard, 'coverage'>[]): number {
  return Math.max(1, Math.ceil(cards.filter(({ coverage }) => coverage !== undefined).length / PROJECTS_PER_PAGE));
}

/**
 * @param cards all of the repository, sorted by name
 * @param number from 1
 */
export function platformsPage(
  site: SiteContext,
  repository: string,
  cards: readonly ProjectCard[],
  { platforms }: RepositoryMachines,
  number: number,
): string {
  const words = new Words(site.language);
  const place = new PagePlace(repository, platformsPagePath(number));
  const pages = platformsPageCount(cards);
  const covered = cards.filter(({ coverage }) => coverage !== undefined);
  const lacking = covered.filter(isLacking);
  const whole = covered.filter((card) => !isLacking(card));
  const projectsOfPage = [...lacking, ...whole].slice((number - 1) * PROJECTS_PER_PAGE, number * PROJECTS_PER_PAGE);
  return layout({
    ...{ site, place, kind: 'platforms', title: { key: 'platforms' } },
    crumbs: [...repositoryCrumbs(site, place), { text: words.mark('platforms') }],
    body: [
      html`<div class="title">\n<h1>${words.mark('platforms')}</h1>\n<p class="summary">${words.mark('platformsAbout')} ${words.mark('runEverywhere', cards.length - covered.length)}</p>\n</div>\n`,
      when(number === 1, () => glibcSection(glibcNeeds(covered), words)),
      projectsOfPage.length === 0
        ? html`<p class="empty">${words.mark('nothingBinary')}</p>\n`
        : html`<section id="table"><h2>${words.mark('allProjects')}</h2>
${table(projectsOfPage, platforms, place, words)}${when(pages > 1, () => pager(number, pages, platformsPagePath, place, words))}</section>
`,
    ],
  });
}

/** What machines need to run all that is here. */
function glibcSection(needs: readonly GlibcNeeds[], words: Words): Html {
  if (needs.length === 0) return html``;
  const row = ({ platform, least, most, mostOf }: GlibcNeeds): [string, Html] => {
    const systems = releasesWith('glibc', most, platform.slice('glibc-'.length));
    const rest = mostOf.length - NAMED_PROJECTS;
    const named = `${mostOf.slice(0, NAMED_PROJECTS).join(', ')}${rest > 0 ? ' …' : ''}`;
    return [
      platform,
      html`<strong>${least === most ? most : `${least} – ${most}`}</strong> <span class="quiet">${least === most ? named : words.mark('asNewAs', most, named)}</span>${when(systems.length > 0, () => systemsList(systems, words))}`,
    ];
  };
  return html`<section id="glibc"><h2>${words.mark('needsOfLibc', 'glibc')}</h2>
<p class="quiet">${words.mark('needsOfLibcAbout')}</p>
${facts(needs.map(row))}</section>
`;
}

function isLacking({ coverage = [] }: ProjectCard): boolean {
  return coverage.some(({ pythons, lacking }) => pythons.length === 0 || lacking.length > 0);
}

function table(cards: readonly ProjectCard[], platforms: readonly string[], place: PagePlace, words: Words): Html {
  const row = ({ name, displayName, latest, coverage = [] }: ProjectCard) => {
    const of = new Map(coverage.map((summary) => [summary.platform, summary]));
    return html`<tr><th scope="row"><a href="${place.inRepository(projectPath(name))}">${displayName}</a> <span class="version">${latest ?? ''}</span></th>${platforms.map((platform) => platformCell(of.get(platform), words))}</tr>
`;
  };
  return html`<div class="scroll" tabindex="0" role="group" ${words.label('platforms')}><table class="coverage is-wide">
<thead><tr><th scope="col">${words.mark('project')}</th>${platforms.map((platform) => html`<th scope="col">${platform}</th>`)}</tr></thead>
<tbody>
${cards.map(row)}</tbody>
</table></div>
`;
}
