/**
 * `project/404.html`: what people see where nothing is. Servers send it from any address, so its links begin at the root of the host: below the
 * path of `url`, as far as that is known. `kho serve` makes them relative to what was asked for (`lostPageAt`).
 */
import { html } from '../html.ts';
import { encodePath } from '../links.ts';
import { layout, PagePlace } from './layout.ts';
import type { SiteContext } from './model.ts';
import { when } from './parts.ts';
import { ALL_PAGE } from './places.ts';
import { Words } from './words.ts';

export function lostPage(site: SiteContext): string {
  const words = new Words(site.language);
  const place = PagePlace.below(rootOf(site));
  const link = (repository: string) =>
    html`<li><a href="${place.toSite}${encodePath(repository)}/index.html">${repository}</a></li>\n`;
  const others = site.repositories.filter((name) => name !== '.');
  return layout({
    ...{ site, place, kind: 'lost', title: { key: 'lost' } },
    crumbs: [{ text: site.title, href: place.inSite('index.html') }, { text: words.mark('lost') }],
    hasSearch: true,
    body: [
      html`<div class="title">\n<h1>${words.mark('lost')}</h1>\n<p class="summary">${words.mark('lostAbout')}</p>\n${when(site.passesOn, () => html`<p class="sub">${words.mark('lostElsewhere')}</p>\n`)}<div class="find" id="find" hidden></div>\n</div>\n`,
      html`<ul class="inline lost">\n<li><a href="${place.inSite('index.html')}">${words.mark('toFront')}</a></li>\n<li><a href="${place.inSite(ALL_PAGE)}">${words.mark('allOfSite')}</a></li>\n${others.map(link)}</ul>\n`,
    ],
  });
}

/** As a server sends it in the place of another address. @param depth folders above that, from the site's root */
export function lostPageAt(page: string, site: Pick<SiteContext, 'siteUrl'>, depth: number): string {
  const begin = rootOf(site);
  const up = '../'.repeat(depth) || './';
  return page.replace(/ (href|src|data-root)="([^"]*)"/g, (all, name: string, value: string) =>
    value.startsWith(begin) ? ` ${name}="${up}${value.slice(begin.length)}"` : all,
  );
}

/** With a slash at both ends. */
function rootOf({ siteUrl }: Pick<SiteContext, 'siteUrl'>): string {
  return siteUrl === undefined ? '/' : `${new URL(siteUrl).pathname.replace(/\/$/, '')}/`;
}
