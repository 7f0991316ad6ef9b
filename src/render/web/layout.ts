/** What stands around every page for people: head, top, way back, foot. */
import { type Html, html } from '../html.ts';
import { encodePath } from '../links.ts';
import { LOGO, OWN_LOGO } from './logo.ts';
import type { SiteContext } from './model.ts';
import { ALL_PAGE, PUBLISH_PAGE } from './places.ts';
import { contentPolicy } from './policy.ts';
import type { TextKey } from './texts/en.ts';
import { Words } from './words.ts';

/** Where a page is, and the ways from there. */
export class PagePlace {
  readonly repository: string;
  /** To the repository's folder, and the site's: empty or `../` some times. */
  readonly toRepository: string;
  readonly toSite: string;

  /** @param path from the repository's folder, with `/` */
  constructor(repository: string, path: string) {
    this.repository = repository;
    this.toRepository = '../'.repeat(path.split('/').length - 1);
    this.toSite = repository === '.' ? this.toRepository : `${this.toRepository}../`;
  }

  /** Of a page that is sent from any address. @param root of the site, as a path with a slash at its end */
  static below(root: string): PagePlace {
    return Object.assign(Object.create(PagePlace.prototype), { repository: '.', toRepository: root, toSite: root });
  }

  /** @param path from this page's repository */
  inRepository(path: string): string {
    return this.toRepository + encodePath(path);
  }

  /** @param path from the site's root */
  inSite(path: string): string {
    return this.toSite + encodePath(path);
  }
}

/** One step of the way from the site to a page. The last one is the page itself, and has no address. */
export interface Crumb {
  /** As marked words where it is to be in the reader's language. */
  text: string | Html;
  href?: string;
}

export interface LayoutParts {
  site: SiteContext;
  place: PagePlace;
  /** Which page it is, for style and script. */
  kind:
    | 'site'
    | 'repository'
    | 'project'
    | 'file'
    | 'held'
    | 'changes'
    | 'platforms'
    | 'all'
    | 'lost'
    | 'version'
    | 'publish';
  /** Of the browser's window: the site's title is added. A text of kho's own is told in the reader's language. */
  title: string | { key: TextKey };
  description?: string;
  crumbs: readonly Crumb[];
  /** Addresses of its Atom feed. */
  feed?: string;
  /** The page has a place of its own for the search in all repositories. */
  hasSearch?: true;
  body: readonly Html[];
}

/** A whole page. Its generator tells kho later that it may replace the page. */
export function layout({ site, place, kind, title, description, crumbs, feed, hasSearch, body }: LayoutParts): string {
  const words = new Words(site.language);
  return html`<!doctype html>
<html lang="${site.language}" data-page="${kind}" data-root="${place.toSite}" data-repository="${place.repository}" data-texts="${JSON.stringify(site.texts)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="kho">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(site.remoteImages)}">
<meta name="referrer" content="same-origin">
<meta name="color-scheme" content="light dark">
${description ? html`<meta name="description" content="${description}">\n` : ''}${windowTitle(title, site, words)}
<link rel="icon" href="${place.inSite(site.icon)}">
<link rel="stylesheet" href="${place.inSite(site.style)}">
<script src="${place.inSite(site.theme)}"></script>
<script src="${place.inSite(site.script)}" defer></script>
${feed ? html`<link rel="alternate" type="application/atom+xml" title="${words.text('feed')}" href="${feed}">\n` : ''}</head>
<body>
<a class="skip" href="#content">${words.mark('skip')}</a>
<header class="top">
<a class="brand" href="${place.inSite('index.html')}">${site.hasLogo ? OWN_LOGO : LOGO}<span>${site.title}</span></a>
<nav class="sections" ${words.label('pages')}>
${[...SECTIONS, ...(site.uploadsTo ? [PUBLISH] : [])].map((section) => sectionLink(section, kind, place, words))}</nav>
${hasSearch ? '' : html`<div class="find" id="find" hidden></div>\n`}<div class="tools" id="tools"></div>
</header>
${crumbs.length > 0 ? crumbTrail(crumbs, words) : ''}<main id="content" tabindex="-1">
${body}</main>
<footer class="bottom">
<p>${words.mark('madeBy')}</p>
</footer>
</body>
</html>
`.text;
}

function windowTitle(title: LayoutParts['title'], site: SiteContext, words: Words): Html {
  if (title === site.title) return html`<title>${title}</title>`;
  if (typeof title === 'string') return html`<title>${title} · ${site.title}</title>`;
  const { key } = title;
  return html`<title data-title="${key}" data-site="${site.title}">${words.text(key)} · ${site.title}</title>`;
}

const SECTIONS = [
  { path: ALL_PAGE, key: 'allOfSite', kind: 'all' },
  { path: 'project/changes.html', key: 'changes', kind: 'changes' },
  { path: 'project/held.html', key: 'heldFiles', kind: 'held' },
] as const satisfies readonly Section[];

/** Only where uploads are taken. */
const PUBLISH: Section = { path: PUBLISH_PAGE, key: 'publish', kind: 'publish' };

interface Section {
  path: string;
  key: TextKey;
  kind: LayoutParts['kind'];
}

function sectionLink(section: Section, kind: string, place: PagePlace, words: Words): Html {
  const current = section.kind === kind && place.toSite === '../' ? html` aria-current="page"` : '';
  return html`<a href="${place.inSite(section.path)}"${current}>${words.mark(section.key)}</a>\n`;
}

function crumbTrail(crumbs: readonly Crumb[], words: Words): Html {
  const items = crumbs.map(({ text, href }) =>
    href === undefined ? html`<li aria-current="page">${text}</li>\n` : html`<li><a href="${href}">${text}</a></li>\n`,
  );
  return html`<nav class="crumbs" ${words.label('wayBack')}><ol>
${items}</ol></nav>
`;
}
