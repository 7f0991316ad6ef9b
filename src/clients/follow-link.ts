/** A folder that stands for whatever the site is served under, so that a link which climbs out of the site can be told. */
const SITE = 'http://site/prefix/';

/**
 * Where a link leads, as a client resolves it.
 *
 * @param page the page's path from the site's root
 * @param siteUrl where the site is, for absolute links
 * @returns a path from the site's root; undefined when the link leads out of the site, or is none
 */
export function followLink(page: string, link: string, siteUrl?: string): string | undefined {
  const relative =
    siteUrl !== undefined && link.startsWith(`${siteUrl}/`) ? SITE + link.slice(siteUrl.length + 1) : link;
  try {
    const { href } = new URL(relative, SITE + page.split('/').map(encodeURIComponent).join('/'));
    const [path = ''] = href.split(/[?#]/, 1);
    return path.startsWith(SITE) ? decodeURIComponent(path.slice(SITE.length)) : undefined;
  } catch {
    return undefined; // no URL, or no UTF-8 behind its percent signs
  }
}
