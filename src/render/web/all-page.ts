/** `project/all.html`: all projects of the site by their names, on several pages where there are many. Search needs a script, this does not. */
import { type Html, html } from '../html.ts';
import type { SiteProject } from './all-projects.ts';
import { layout, PagePlace } from './layout.ts';
import type { SiteContext } from './model.ts';
import { when } from './parts.ts';
import { ALL_PAGE, allPagePath, projectPath } from './places.ts';
import { repositoryCrumbs } from './project-page.ts';
import type { Shard } from './shards.ts';
import { Words } from './words.ts';

/**
 * Only the first page leads to all others: else all would change with each part that comes.
 *
 * @param at place of the part in `shards`
 * @param projects of that part
 */
export function allPage(
  site: SiteContext,
  shards: readonly Shard<{ name: string }>[],
  at: number,
  projects: readonly SiteProject[],
): string {
  const words = new Words(site.language);
  const { key } = shards[at] as Shard<{ name: string }>;
  const place = new PagePlace('.', allPagePath(key));
  return layout({
    ...{ site, place, kind: 'all', title: { key: 'allOfSite' } },
    crumbs: [...repositoryCrumbs(site, place), { text: words.mark('allOfSite') }],
    body: [
      html`<div class="title">\n<h1>${words.mark('allOfSite')}</h1>\n<p class="summary">${words.mark('allOfSiteAbout')}</p>\n</div>\n`,
      when(at === 0 && shards.length > 1, () => ranges(shards, place, words)),
      projects.length === 0 ? html`<p class="empty">${words.mark('noProjects')}</p>\n` : letters(projects, place, site),
      when(shards.length > 1, () => steps(shards, at, place, words)),
    ],
  });
}

/** The name that each page begins with, in a line for each letter. */
function ranges(shards: readonly Shard<{ name: string }>[], place: PagePlace, words: Words): Html {
  const begins = shards.map(({ key, items }) => ({ key, name: items[0]?.name ?? '' }));
  const initials = [...new Set(begins.map(({ name }) => name.charAt(0)))];
  const link = ({ key, name }: (typeof begins)[0]) => html`<a href="${place.inSite(allPagePath(key))}">${name} …</a> `;
  const line = (initial: string) => html`<li>${begins.filter(({ name }) => name.startsWith(initial)).map(link)}</li>\n`;
  return html`<nav class="ranges" ${words.label('morePages')}><ul>\n${initials.map(line)}</ul></nav>\n`;
}

function letters(projects: readonly SiteProject[], place: PagePlace, site: SiteContext): Html {
  const initials = [...new Set(projects.map(({ name }) => name.charAt(0)))];
  const item = ({ name, cards }: SiteProject) => {
    const [first, ...others] = cards as [SiteProject['cards'][0]];
    const { displayName, latest, summary } = first.card;
    const isClear = others.length === 0 && site.repositories.length === 1;
    const hrefIn = (repository: string) =>
      place.inSite(repository === '.' ? projectPath(name) : `${repository}/${projectPath(name)}`);
    const tag = ({ repository, card }: SiteProject['cards'][0]) =>
      html`<a class="tag" href="${hrefIn(repository)}">${repository === '.' ? site.title : repository}${when(card.latest !== latest, () => html` ${card.latest ?? ''}`)}</a> `;
    return html`<li><a class="what" href="${hrefIn(first.repository)}">${displayName}</a> <span class="version">${latest ?? ''}</span>${when(!isClear, () => html` <span class="places">${cards.map(tag)}</span>`)}${when(summary, () => html`<span class="about">${summary ?? ''}</span>`)}</li>
`;
  };
  return html`${initials.map(
    (initial) => html`<section class="letter"><h2>${initial.toUpperCase()}</h2>
<ul class="names">
${projects.filter(({ name }) => name.startsWith(initial)).map(item)}</ul></section>
`,
  )}`;
}

function steps(shards: readonly Shard<{ name: string }>[], at: number, place: PagePlace, words: Words): Html {
  const step = (to: number, label: Html) => {
    const shard = shards[to];
    return when(shard, () => html`<li><a href="${place.inSite(allPagePath(shard?.key ?? '1'))}">${label}</a></li>\n`);
  };
  const all = when(at > 1, () => html`<li><a href="${place.inSite(ALL_PAGE)}">${words.mark('firstPage')}</a></li>\n`);
  return html`<nav class="pager" ${words.label('otherPages')}><ol>
${all}${step(at - 1, words.mark('previousPage'))}${step(at + 1, words.mark('nextPage'))}</ol></nav>
`;
}
