import { join } from 'node:path';
import { type Answer, failureAnswer } from './answer.ts';
import type { PageStore } from './page-store.ts';
import type { Action } from './route.ts';
import type { ServedSite } from './served-site.ts';

type NamedAction = Extract<Action, { kind: 'simple' | 'page' | 'package' | 'missing' }>;

/**
 * 404, and never 403, which would keep uv from looking at the next index. Says what could be meant, to people: clients
 * that read JSON ask for every dependency of every package, and are told the bare fact.
 */
export class MissingAnswers {
  readonly #pages: PageStore;

  constructor(pages: PageStore) {
    this.#pages = pages;
  }

  async answer(site: ServedSite, action: NamedAction, accept: string | undefined): Promise<Answer> {
    return failureAnswer(404, await this.#detail(site, action, accept), accept);
  }

  async #detail(site: ServedSite, action: NamedAction, accept: string | undefined): Promise<string> {
    const { repository } = action;
    if (repository === undefined || !site.repositories.has(repository)) {
      const names = [...site.repositories].filter((name) => name !== '.').map((name) => `/${name}/`);
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
