import type { IncomingHttpHeaders } from 'node:http';
import { chooseCoding } from '../standards/http/preferences.ts';
import { chooseForm, FORM_TYPES, formNamed, type SimpleForm } from '../standards/simple-api/negotiate.ts';
import { withAbsoluteUrls } from './absolute-urls.ts';
import { type Answer, failureAnswer } from './answer.ts';
import { type PageVariant, pageAnswer } from './page-answer.ts';
import type { PageStore, StoredPage } from './page-store.ts';
import { remember } from './remember.ts';
import type { Action } from './route.ts';
import type { ServedSite } from './served-site.ts';

type PageAction = Extract<Action, { kind: 'simple' | 'page' }>;

/** What of a request decides about its answer. */
export interface PageRequest {
  headers: IncomingHttpHeaders;
  /** Path and query, from the site's root. */
  target: string;
  /** Where the site's root is for this client, if known; without a slash at its end. */
  siteUrl: string | undefined;
}

// Clients send the same few headers over and over.
const formOf = remember(1000, (accept: string) => chooseForm(accept) ?? 'none');
const codingOf = remember(1000, (acceptEncoding: string) => chooseCoding(acceptEncoding));

/** Pages: from memory where they are, in the form and coding that the client likes. */
export class PageServer {
  readonly #pages: PageStore;

  constructor(pages: PageStore) {
    this.#pages = pages;
  }

  /** @returns at once when the page is at hand; undefined when there is none */
  serve(site: ServedSite, action: PageAction, request: PageRequest): Answer | Promise<Answer | undefined> {
    const chosen = action.kind === 'simple' ? negotiate(action.project, request) : plain(action.path);
    if (chosen === undefined) return notAcceptable(request.headers.accept);
    const folder = site.folderOf(action.repository);
    const path = site.pagePath(action.repository, chosen.path);
    const variant = { ...chosen, coding: codingOf(String(request.headers['accept-encoding'] ?? '')) };
    const isAbsolute = site.config.absoluteUrls && variant.type.endsWith('json') && request.siteUrl !== undefined;
    const absoluteFrom = isAbsolute ? request.siteUrl + pathOf(request.target) : undefined;
    const use = (page: StoredPage) =>
      absoluteFrom === undefined
        ? pageAnswer(page, variant, request.headers)
        : pageAnswer(absolutePage(page, absoluteFrom), variant, request.headers);
    const fresh = this.#pages.peek(path);
    if (fresh !== undefined) return use(fresh);
    return this.#pages.get(path, folder).then((page) => page && use(page));
  }
}

interface Chosen extends Omit<PageVariant, 'coding'> {
  /** From the repository's folder. */
  path: string;
}

function negotiate(project: string | undefined, { headers, target }: PageRequest): Chosen | undefined {
  const form = namedForm(target) ?? formOf(headers.accept ?? '');
  if (form === 'none') return undefined;
  const folder = project === undefined ? 'simple' : `simple/${project}`;
  return {
    path: `${folder}/index.${form === 'json' ? 'json' : 'html'}`,
    type: FORM_TYPES[form],
    isNegotiated: true,
    mark: form === 'v1+html' ? '-v1' : '',
  };
}

/** `?format=` beats Accept. A plus in it may stand for itself. */
function namedForm(target: string): SimpleForm | undefined {
  const mark = target.indexOf('?');
  if (mark < 0) return undefined;
  const format = new URLSearchParams(target.slice(mark).replaceAll('+', '%2B')).get('format');
  return format === null ? undefined : formNamed(format);
}

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  xml: 'application/xml',
  json: 'application/json',
};

function plain(path: string): Chosen {
  const simple = path.startsWith('simple/') && path.endsWith('.json');
  const type = simple ? FORM_TYPES.json : (TYPES[path.slice(path.search(/[^./]*$/))] ?? 'text/plain; charset=utf-8');
  return { path, type, isNegotiated: false, mark: '' };
}

function pathOf(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? target : target.slice(0, mark);
}

/** The address is part of the content, so it is part of the ETag. Few are kept: anybody can make up a Host. */
function absolutePage(page: StoredPage, url: string): StoredPage {
  return page.derive('absolute', url, (bytes) => Buffer.from(withAbsoluteUrls(bytes.toString(), url)));
}

function notAcceptable(accept: string | undefined): Answer {
  const answer = failureAnswer(406, `This page can be had as ${Object.values(FORM_TYPES).join(', ')}`, accept);
  return { ...answer, headers: [...answer.headers, 'Vary', 'Accept'] };
}
