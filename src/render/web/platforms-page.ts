/** `project/platforms.html`: which projects of a repository are there for which platform, and which are behind. */
import type { PlatformSummary } from '../../catalog/platform-summary.ts';
import { releasesWith } from '../../standards/platforms/distributions.ts';
import { type Html, html } from '../html.ts';
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

/** How many pages so many projects take, one at least. */
export function platformsPageCount(projects: number): number {
  return Math.max(1, Math.ceil(projects / PROJECTS_PER_PAGE));
}

/** Whether a project runs everywhere, has what each machine needs, or lacks something for one. */
export type Covered = 'everywhere' | 'whole' | 'lacking';

export function coveredAs({ coverage }: Pick<ProjectCard, 'coverage'>): Covered {
  if (coverage === undefined) return 'everywhere';
  return coverage.some(({ pythons, lacking }) => pythons.length === 0 || lacking.length > 0) ? 'lacking' : 'whole';
}

/** Those of a list that the page of that number shows: what lacks something first. */
export function ofPlatformsPage<T>(projects: readonly T[], covered: readonly Covered[], number: number): T[] {
  const lacking = projects.filter((_, at) => covered[at] === 'lacking');
  const whole = projects.filter((_, at) => covered[at] === 'whole');
  return [...lacking, ...whole].slice((number - 1) * PROJECTS_PER_PAGE, number * PROJECTS_PER_PAGE);
}

export interface PlatformsPageData {
  /** Of this page, in their order. */
  projects: readonly ProjectCard[];
  /** From 1. */
  number: number;
  pages: number;
  /** How many projects of the repository run everywhere. */
  everywhere: number;
  /** Of the first page only. */
  glibc: readonly GlibcNeeds[];
  machines: RepositoryMachines;
}

export function platformsPage(site: SiteContext, repository: string, data: PlatformsPageData): string {
  const { projects, number, pages, everywhere, glibc, machines } = data;
  const words = new Words(site.language);
  const place = new PagePlace(repository, platformsPagePath(number));
  return layout({
    ...{ site, place, kind: 'platforms', title: { key: 'platforms' } },
    crumbs: [...repositoryCrumbs(site, place), { text: words.mark('platforms') }],
    body: [
      html`<div class="title">\n<h1>${words.mark('platforms')}</h1>\n<p class="summary">${words.mark('platformsAbout')} ${words.mark('runEverywhere', everywhere)}</p>\n</div>\n`,
      glibcSection(glibc, words),
      projects.length === 0
        ? html`<p class="empty">${words.mark('nothingBinary')}</p>\n`
        : html`<section id="table"><h2>${words.mark('allProjects')}</h2>
${table(projects, machines.platforms, place, words)}${when(pages > 1, () => pager(number, pages, platformsPagePath, place, words))}</section>
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

function table(cards: readonly ProjectCard[], platforms: readonly string[], place: PagePlace, words: Words): Html {
  const cells = new Map<string, Html>(); // most say the same as another
  const cell = (summary: PlatformSummary | undefined) => {
    const key = JSON.stringify({ ...summary, platform: undefined });
    const html = cells.get(key) ?? platformCell(summary, words);
    cells.set(key, html);
    return html;
  };
  const row = ({ name, displayName, latest, coverage = [] }: ProjectCard) => {
    const of = new Map(coverage.map((summary) => [summary.platform, summary]));
    return html`<tr><th scope="row"><a href="${place.inRepository(projectPath(name))}">${displayName}</a> <span class="version">${latest ?? ''}</span></th>${platforms.map((platform) => cell(of.get(platform)))}</tr>
`;
  };
  return html`<div class="scroll" tabindex="0" role="group" ${words.label('platforms')}><table class="coverage is-wide">
<thead><tr><th scope="col">${words.mark('project')}</th>${platforms.map((platform) => html`<th scope="col">${platform}</th>`)}</tr></thead>
<tbody>
${cards.map(row)}</tbody>
</table></div>
`;
}
