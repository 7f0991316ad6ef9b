/** The pages for people: whether they are those that the packages make, and lead somewhere. */
import { join, relative } from 'node:path';
import type { Survey } from '../build-site.ts';
import { followLink } from '../clients/follow-link.ts';
import { walkFiles } from '../io/walk-files.ts';
import { expectedPages } from '../pages/expected-pages.ts';
import { fromRoot } from '../publish/target.ts';
import { packedForms } from '../render/packed-forms.ts';
import { isReplaceableIndex } from '../render/simple/listing.ts';
import { LOST_PAGE } from '../render/web/places.ts';
import { quoted } from '../standards/quoted.ts';
import { type CheckContext, leadsSomewhere, readPage } from './check-context.ts';
import { checkPackedForms } from './check-packed.ts';
import { REMOVE } from './ways-out.ts';

const BUILD_ANEW = 'remove the folder project/ that it is in, or the page where it is an index.html, and run kho build';

/** @returns the pages that belong in the site, from its root */
export async function checkPages(survey: Survey, context: CheckContext): Promise<Set<string>> {
  const paths = new Set<string>();
  const answers = new Map<string, boolean>();
  /** Pages are made from packages, some of which cannot be looked at: what they ought to be cannot be told. */
  const isUnseen = [...context.audits.values()].some(({ hint }) => hint !== undefined);
  for (const { repository, page } of await expectedPages(
    context.config,
    context.target.root,
    survey.catalogs,
    survey.problems,
  )) {
    const path = fromRoot(repository, page.path);
    paths.add(path);
    const published = readPage(path, context);
    if (published === undefined) continue;
    if (page.path === 'index.html' && !isReplaceableIndex(published)) continue; // somebody's own
    checkPackedForms(path, context);
    if (!isUnseen && published !== (await page.render()))
      context.drifts.add(path, 'is not the page that kho would make', BUILD_ANEW);
    if (path === LOST_PAGE) continue; // its links begin at the root of the host
    for (const href of linksOf(path, published)) {
      const target = followLink(path, href, context.config.url);
      const leads = target !== undefined && (answers.get(target) ?? leadsSomewhere(target, context));
      if (target !== undefined) answers.set(target, leads);
      if (!leads) context.drifts.add(path, `links to nothing: ${quoted(href)}`, BUILD_ANEW);
    }
  }
  checkSiteFolder(paths, context);
  return paths;
}

/** Where the site itself is no repository, its folder of pages is looked through here. */
function checkSiteFolder(pages: ReadonlySet<string>, { config, target, drifts }: CheckContext): void {
  if (config.repositories.some(({ name }) => name === '.')) return;
  const packed = config.precompress ? [...pages].flatMap(packedForms).map(({ path }) => path) : [];
  const paths = new Set([...pages, ...packed]);
  walkFiles(join(target.root, 'project'), (full) => {
    const path = relative(target.root, full).replaceAll('\\', '/');
    if (!paths.has(path)) drifts.add(path, 'is no page of the site (any more)', REMOVE);
  });
}

/** Those that stay in the site; without what comes after a `#`. */
function linksOf(path: string, text: string): string[] {
  if (!path.endsWith('.html')) return [];
  const all = [...text.matchAll(/<(?:a|link|script|img)\b[^<>]*/g)].flatMap(
    ([tag]) => /\s(?:href|src)="([^"]*)"/.exec(tag)?.[1] ?? [],
  );
  return all
    .map((href) => (href.split('#', 1)[0] ?? '').replaceAll('&amp;', '&'))
    .filter((href) => href !== '' && !/^[a-z][a-z0-9+.-]*:/i.test(href));
}
