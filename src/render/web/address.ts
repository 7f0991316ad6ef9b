/** The addresses of a repository, for lines that people copy. */
import { type Html, html } from '../html.ts';
import { encodePath, repositoryUrl } from '../links.ts';
import type { SiteContext } from './model.ts';

/** Stands where nobody said what the site is called. The script puts the page's own address there. */
const PLACEHOLDER = 'https://YOUR-SERVER';

export interface IndexAddress {
  /** With a slash at its end: `https://packages.example.vn/glibc/simple/`. */
  url: Html;
  /** As `url`, without the slash: Pipenv trips over it. */
  bareUrl: Html;
  /** ` --trusted-host HOST` where pip would refuse the address otherwise. */
  trustedHost: Html;
  isKnown: boolean;
}

export function indexAddress({ siteUrl }: Pick<SiteContext, 'siteUrl'>, repository: string): IndexAddress {
  const path = `${repository === '.' ? '' : `${encodePath(repository)}/`}simple/`;
  if (siteUrl === undefined) {
    const slot = (text: string) =>
      html`<span class="slot" data-address="${text}" data-index="${indexPart(text)}">${PLACEHOLDER}/${text}</span>`;
    const trustedHost = html`<span data-trusted-host></span>`;
    return { url: slot(path), bareUrl: slot(path.slice(0, -1)), trustedHost, isKnown: false };
  }
  const url = `${repositoryUrl(siteUrl, repository)}simple/`;
  const trusted = siteUrl.startsWith('http://') ? ` --trusted-host ${new URL(siteUrl).host}` : '';
  const marked = (text: string) => html`<span data-index="${indexPart(text)}">${text}</span>`;
  return { url: marked(url), bareUrl: marked(url.slice(0, -1)), trustedHost: html`${trusted}`, isKnown: true };
}

/** Where packages are uploaded to, with a slash at its end; `.` is the site, which sorts what it is sent. */
export function uploadAddress(
  { siteUrl }: Pick<SiteContext, 'siteUrl'>,
  repository: string,
): Pick<IndexAddress, 'url' | 'isKnown'> {
  const path = `${repository === '.' ? '' : `${encodePath(repository)}/`}upload/`;
  if (siteUrl !== undefined) return { url: html`${repositoryUrl(siteUrl, repository)}upload/`, isKnown: true };
  return { url: html`<span class="slot" data-address="${path}">${PLACEHOLDER}/${path}</span>`, isKnown: false };
}

/** What comes after the repository: with it the script puts another repository's address in. */
function indexPart(url: string): string {
  return url.endsWith('/') ? 'simple/' : 'simple';
}
