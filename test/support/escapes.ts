/** What came out of a package and left its place: looked for in a page that a browser shows. */
import type { Page } from 'playwright-core';

/** One line for each thing that is where it may not be. The listener of `watchedPage` hears what runs; this sees what lies there. */
export function findEscapes(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const tell = (what: string, element: Element) => void found.push(`${what}: ${element.outerHTML.slice(0, 120)}`);
    for (const element of document.querySelectorAll('*')) {
      for (const { name } of element.attributes)
        if (name.startsWith('on') || name === 'style' || name === 'ping') tell(`attribute ${name}`, element);
    }
    for (const link of document.querySelectorAll('a[href]')) {
      const { protocol, username, host, href } = link as HTMLAnchorElement;
      const isOurs = host === location.host;
      if (!isOurs && !['http:', 'https:', 'mailto:'].includes(protocol)) tell('address', link);
      if (username !== '') tell('a name before the host', link);
      if (/[^\x20-\x7e]/.test(href)) tell('signs in an address', link);
      if (!isOurs && !/nofollow noopener noreferrer/.test(link.getAttribute('rel') ?? ''))
        tell('a link that tells', link);
    }
    const readme = document.querySelector('.readme');
    const allowed = new Set(
      'A ABBR B BDI BDO BLOCKQUOTE BR CAPTION CITE CODE DD DEL DETAILS DFN DIV DL DT EM H3 H4 H5 H6 HR I IMG INS KBD LI MARK OL P PRE Q S SAMP SMALL SPAN STRONG SUB SUMMARY SUP TABLE TBODY TD TFOOT TH THEAD TR U UL VAR WBR'.split(
        ' ',
      ),
    );
    for (const element of readme?.querySelectorAll('*') ?? []) {
      const { position, float, visibility } = getComputedStyle(element);
      if (position !== 'static' && position !== 'relative') tell(`position ${position}`, element);
      if (float !== 'none' || visibility !== 'visible') tell('a style', element);
      if (!allowed.has(element.tagName)) tell('a tag', element);
      if (element.id !== '' && !element.id.startsWith('readme-')) tell('an id', element);
      if (element.hasAttribute('name') || element.hasAttribute('for')) tell('a name', element);
    }
    // What kho itself writes after a text that turns round runs as it should: the second sign is right of the first.
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement as HTMLElement;
      const text = node.textContent ?? '';
      if (parent.closest('.readme, pre, [hidden], script, title') || !/^[\x20-\x7e\n]*[a-z]{2}/i.test(text)) continue;
      const start = text.search(/[a-z]{2}/i);
      const leftOf = (place: number) => {
        range.setStart(node as Node, place);
        range.setEnd(node as Node, place + 1);
        return range.getBoundingClientRect();
      };
      const [first, second] = [leftOf(start), leftOf(start + 1)];
      if (first.width > 0 && first.top === second.top && second.left < first.left) tell('turned round', parent);
    }
    return found;
  });
}
