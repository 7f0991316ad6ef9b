/** Looks through a published site for links that lead nowhere, as somebody would find who opens it from a disk. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';

interface LinkedPage {
  ids: Set<string>;
  /** With style, script and icons. */
  links: string[];
}

/** All pages that links lead to from the front page, from the site's root; and the links among them that lead nowhere, as `PAGE → LINK`. */
export function followLinks(root: string): { pages: string[]; broken: string[] } {
  const pages = new Map<string, LinkedPage>();
  const waiting = ['index.html'];
  const fragments: { page: string; link: string; target: string; id: string }[] = [];
  const broken: string[] = [];
  for (const page of waiting) {
    if (pages.has(page)) continue;
    const read = page.endsWith('.xml') ? readFeed(join(root, page)) : readPage(join(root, page));
    pages.set(page, read);
    for (const link of read.links) {
      if (/^[a-z]+:/i.test(link)) continue;
      const [path = '', id] = link.split('#');
      const target = path === '' ? page : relative(root, join(root, dirname(page), decodeURIComponent(path)));
      // A folder has no page of its own on a disk.
      if (target.startsWith('..') || !existsSync(join(root, target)) || statSync(join(root, target)).isDirectory()) {
        broken.push(`${page} → ${link}`);
      } else if (/\.(?:html|xml)$/.test(target) && !/(?:^|\/)(?:simple|packages)\//.test(target)) {
        if (id) fragments.push({ page, link, target, id: decodeURIComponent(id) });
        waiting.push(target);
      }
    }
  }
  for (const { page, link, target, id } of fragments) {
    if (!pages.get(target)?.ids.has(id)) broken.push(`${page} → ${link}`);
  }
  return { pages: [...pages.keys()].sort(), broken };
}

/** All pages for people and their feeds, from the site's root, sorted. */
export function publishedPages(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?:^|\/)(?:index\.html|project\/.*\.(?:html|xml))$/.test(path))
    .filter((path) => !/(?:^|\/)(?:simple|packages|pypi|\.kho)\//.test(path))
    .sort();
}

function readFeed(path: string): LinkedPage {
  const links = [...readFileSync(path, 'utf8').matchAll(/ href="([^"]*)"/g)].map(([, href = '']) => href);
  return { ids: new Set(), links };
}

function readPage(path: string): LinkedPage {
  const page: LinkedPage = { ids: new Set(), links: [] };
  const waiting: DefaultTreeAdapterTypes.Node[] = [parse(readFileSync(path, 'utf8'))];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('childNodes' in node) waiting.push(...node.childNodes);
    for (const { name, value } of 'attrs' in node ? node.attrs : []) {
      if (name === 'id') page.ids.add(value);
      else if (name === 'href' || name === 'src') page.links.push(value);
    }
  }
  return page;
}
