import { join } from 'node:path';
import { lostPageAt } from '../render/web/lost-page.ts';
import { LOST_PAGE } from '../render/web/places.ts';
import { type Answer, failureAnswer, htmlAnswer } from './answer.ts';
import { policyOf } from './page-answer.ts';
import type { PageStore, StoredPage } from './page-store.ts';
import type { Action } from './route.ts';
import type { ServedSite } from './served-site.ts';

/** A browser; clients of the simple API name its types. */
const READS_HTML = /^(?!.*pypi\.simple).*\btext\/html\b/i;

type NamedAction = Extract<Action, { kind: 'simple' | 'page' | 'package' | 'missing' }>;

/**
 * 404, and never 403, which would keep uv from looking at the next index. Says what could be meant, to people: clients
 * that read JSON ask for every dependency of every package, and are told the bare fact.
 */
export class MissingAnswers {
  readonly #pages: PageStore;
  readonly #hidden: () => ReadonlySet<string>;

  /** @param hidden see `tellsOfHidden`: while there are some, the page for people is none to be shown */
  constructor(pages: PageStore, hidden: () => ReadonlySet<string> = () => new Set()) {
    this.#pages = pages;
    this.#hidden = hidden;
  }

  /** @param target path and query as asked for: people then get a page, with links that lead back from there */
  async answer(site: ServedSite, action: NamedAction, accept: string | undefined, target?: string): Promise<Answer> {
    const isForPeople = action.kind === 'page' || action.kind === 'missing';
    if (target !== undefined && isForPeople && this.#hidden().size === 0 && READS_HTML.test(accept ?? '')) {
      const folder = site.folderOf('.');
      const page = await this.#pages.get(site.pagePath('.', LOST_PAGE), folder);
      if (page !== undefined) return lostAnswer(page, site, target);
    }
    return failureAnswer(404, await this.#detail(site, action, accept), accept);
  }

  async #detail(site: ServedSite, action: NamedAction, accept: string | undefined): Promise<string> {
    const { repository } = action;
    if (repository === undefined || !site.repositories.has(repository)) {
      const names = site
        .otherRepositories('.')
        .filter((name) => name !== '.')
        .map((name) => `/${name}/`);
      return `Nothing is published here. This site has ${names.length > 0 ? names.join(', ') : '/simple/'}`;
    }
    const where = repository === '.' ? 'this repository' : `the repository "${repository}"`;
    const list = `/${repository === '.' ? '' : `${repository}/`}simple/`;
    const project = 'project' in action ? action.project : undefined;
    if (project !== undefined) {
      const others = accept?.includes('json') ? [] : await this.#othersWith(site, repository, project);
      const elsewhere = others.length > 0 ? `. It is in ${others.join(', ')}` : '';
      return `"${project}" is not in ${where}${elsewhere}. Its projects are listed at ${list}`;
    }
    if (action.kind === 'package') {
      return `No such file is published in ${where}. A file that was just copied there may still be on its way, or be held back: "kho build" or "kho show" on the server says why`;
    }
    return `Nothing is published here. The projects of ${where} are listed at ${list}`;
  }

  async #othersWith(site: ServedSite, repository: string, project: string): Promise<string[]> {
    const found: string[] = [];
    for (const other of site.otherRepositories(repository)) {
      const folder = site.folderOf(other);
      const page = await this.#pages.get(join(folder, 'simple', project, 'index.json'), folder);
      if (page !== undefined) found.push(`/${other === '.' ? '' : `${other}/`}simple/${project}/`);
    }
    return found;
  }
}

function lostAnswer(page: StoredPage, { config }: ServedSite, target: string): Answer {
  const depth = (target.split('?', 1)[0] ?? '').split('/').length - 2;
  const about = { ...(config.url !== undefined && { siteUrl: config.url }) };
  return htmlAnswer(
    404,
    lostPageAt(page.bytes.toString(), about, Math.max(0, depth)),
    policyOf(page.bytes.toString('latin1', 0, 2000)),
  );
}
