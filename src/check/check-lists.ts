/** The pages that list a whole repository, or the site. */

import { firstDifference } from '../clients/first-difference.ts';
import { followLink } from '../clients/follow-link.ts';
import { readHtml } from '../formats/html.ts';
import { FormatError } from '../problems.ts';
import { fromRoot } from '../publish/target.ts';
import { isReplaceableIndex } from '../render/simple/listing.ts';
import { simpleRootPages } from '../render/simple/simple-pages.ts';
import { quoted } from '../standards/quoted.ts';
import { type CheckContext, leadsSomewhere, readJsonPage, readPage } from './check-context.ts';
import { checkPackedForms } from './check-packed.ts';

/** `simple/index.html` and `simple/index.json`. @param names of the projects that have to be in them */
export async function checkProjectList(
  names: readonly string[],
  repository: string,
  context: CheckContext,
): Promise<void> {
  const jsonPath = fromRoot(repository, 'simple/index.json');
  const htmlPath = fromRoot(repository, 'simple/index.html');
  const published = readJsonPage(jsonPath, context);
  if (published !== undefined) {
    const [, jsonPage] = simpleRootPages(names);
    const difference = firstDifference(published, JSON.parse((await jsonPage?.render()) as string));
    if (difference !== undefined) context.drifts.add(jsonPath, difference);
  }
  const links = readLinks(htmlPath, context);
  if (!links) return;
  const linked = new Set(
    links.map(({ text, target }) => (target === fromRoot(repository, `simple/${text}/`) ? text : '')),
  );
  for (const name of names) if (!linked.delete(name)) context.drifts.add(htmlPath, `does not list ${quoted(name)}`);
  for (const name of linked) context.drifts.add(htmlPath, `lists ${quoted(name)}, which does not belong there`);
}

/** An `index.html` for people. One that somebody else wrote is no business of kho's. @param path from the site's root */
export function checkFrontPage(
  path: string,
  names: readonly string[],
  repository: string,
  context: CheckContext,
): void {
  const text = readPage(path, context);
  if (text === undefined || !isReplaceableIndex(text)) return;
  checkPackedForms(path, context);
  const links = readLinks(path, context) ?? [];
  for (const { target, href } of links) {
    if (target === undefined || !leadsSomewhere(target, context))
      context.drifts.add(path, `links to nothing: ${quoted(href)}`);
  }
  const targets = new Set(links.map(({ target }) => target));
  for (const name of names) {
    if (!targets.has(fromRoot(repository, `simple/${name}/index.html`)))
      context.drifts.add(path, `does not list ${quoted(name)}`);
  }
}

interface ListLink {
  href: string;
  /** From the site's root; undefined when it leads out of the site. */
  target: string | undefined;
  text: string;
}

function readLinks(path: string, context: CheckContext): ListLink[] | undefined {
  const html = readPage(path, context);
  if (html === undefined) return undefined;
  try {
    return readHtml(html)
      .filter(({ name }) => name === 'a')
      .map(({ attributes, text }) => {
        const href = attributes.get('href') ?? '';
        return { href, target: followLink(path, href, context.config.url), text };
      });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    context.drifts.add(path, error.message);
    return undefined;
  }
}
