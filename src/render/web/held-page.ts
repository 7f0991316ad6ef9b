/** `project/held.html`: what is not listed, why, and what to do. */
import { html } from '../html.ts';
import { heldTable } from './held-table.ts';
import { layout, PagePlace } from './layout.ts';
import type { HeldFile, SiteContext } from './model.ts';
import { HELD_PAGE } from './places.ts';
import { repositoryCrumbs } from './project-page.ts';
import { Words } from './words.ts';

/** So many are shown, in the order of their names; of the rest only the number. */
export const HELD_SHOWN = 1000;

/** @param repository `.` for the page of the whole site */
export function heldPage(site: SiteContext, repository: string, held: readonly HeldFile[]): string {
  const words = new Words(site.language);
  const place = new PagePlace(repository, HELD_PAGE);
  return layout({
    ...{ site, place, kind: 'held', title: { key: 'heldFiles' } },
    crumbs: [...repositoryCrumbs(site, place), { text: words.mark('heldFiles') }],
    body: [
      html`<div class="title">\n<h1>${words.mark('heldFiles')}</h1>\n<p class="summary">${words.mark('heldAbout')}</p>\n</div>\n`,
      held.length > 0
        ? heldTable(held.slice(0, HELD_SHOWN), words)
        : html`<p class="empty">${words.mark('nothingHeld')}</p>\n`,
      held.length > HELD_SHOWN
        ? html`<p class="empty">${words.mark('moreHeld', held.length - HELD_SHOWN)}</p>\n`
        : html``,
    ],
  });
}
