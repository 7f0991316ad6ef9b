import type { IncomingHttpHeaders } from 'node:http';
import { pageType } from '../publish/sent-as.ts';
import { fromRoot } from '../publish/target.ts';
import { encodePath } from '../render/links.ts';
import { isNamedByContent } from '../render/web/places.ts';
import { CODINGS, type Coding, chooseCoding } from '../standards/http/preferences.ts';
import { chooseForm, FORM_TYPES, formNamed, type SimpleForm } from '../standards/simple-api/negotiate.ts';
import { withAbsoluteUrls } from './absolute-urls.ts';
import { type Answer, failureAnswer, laterAnswer } from './answer.ts';
import { type PageVariant, pageAnswer } from './page-answer.ts';
import type { PageStore, StoredPage } from './page-store.ts';
import { remember } from './remember.ts';
import type { Action } from './route.ts';
import type { ServedSite } from './served-site.ts';

export type PageAction = Extract<Action, { kind: 'simple' | 'page' }>;

/** A page's file, and what it is. */
interface PageForm {
  /** Absolute. */
  path: string;
  variants: Record<Coding, PageVariant>;
  /** Holds addresses of files, in JSON. */
  hasUrls: boolean;
}

/** Where an action leads on this site: worked out once, as long as the action is remembered. */
export interface ServedPage {
  /** Absolute and real: the files lie in it. */
  folder: string;
  /** In each form; those of a page with one form only are the same. */
  forms: Record<SimpleForm, PageForm>;
  isNegotiated: boolean;
  /** Its address below the site's: the one that all spellings of it stand for. Starts with a slash. */
  urlPath: string;
}

/** What of a request decides about its answer. */
export interface PageRequest {
  headers: IncomingHttpHeaders;
  /** Path and query, from the site's root. */
  target: string;
  /** Where the site's root is for this client, if addresses must be whole; without a slash at its end. */
  siteUrl: string | undefined;
  /** Whether a page may be made for it; see `KnownHosts`. */
  admits: (siteUrl: string) => boolean;
}

// Clients send the same few headers over and over.
const formOf = remember(1000, (accept: string) => chooseForm(accept) ?? 'none');
const codingOf = remember(1000, (acceptEncoding: string) => chooseCoding(acceptEncoding));

const variantsOf = remember(1000, (type: string) => variants(type, false, ''));
const lastingVariantsOf = remember(10, (type: string) => variants(type, false, '', true));
const SIMPLE_VARIANTS: Record<SimpleForm, PageForm['variants']> = {
  json: variants(FORM_TYPES.json, true, ''),
  html: variants(FORM_TYPES.html, true, ''),
  'v1+html': variants(FORM_TYPES['v1+html'], true, '-v1'),
};

/** Of pages that lie on disk in gzip: a client that takes it need not wait for a tighter one. */
const PACKED_VARIANTS: Record<SimpleForm, PageVariant> = {
  json: { ...SIMPLE_VARIANTS.json.gzip, isPacked: true },
  html: { ...SIMPLE_VARIANTS.html.gzip, isPacked: true },
  'v1+html': { ...SIMPLE_VARIANTS['v1+html'].gzip, isPacked: true },
};
const packedCodingOf = remember(1000, (acceptEncoding: string) =>
  chooseCoding(acceptEncoding, ['gzip', 'br', 'identity']),
);

function variants(type: string, isNegotiated: boolean, mark: string, isLasting = false): Record<Coding, PageVariant> {
  const all = CODINGS.map((coding) => [coding, { type, coding, isNegotiated, mark, isLasting }]);
  return Object.fromEntries(all) as Record<Coding, PageVariant>;
}

export function placePage(site: ServedSite, action: PageAction): ServedPage {
  const folder = site.folderOf(action.repository);
  if (action.kind === 'page') {
    const type = pageType(action.path);
    const path = site.pagePath(action.repository, action.path);
    const lasts = action.repository === '.' && isNamedByContent(action.path);
    const form = { path, variants: (lasts ? lastingVariantsOf : variantsOf)(type), hasUrls: type.endsWith('json') };
    const urlPath = urlPathOf(action.repository, action.path);
    return { folder, forms: { html: form, 'v1+html': form, json: form }, isNegotiated: false, urlPath };
  }
  const page = action.project === undefined ? 'simple/index' : `simple/${action.project}/index`;
  const html = site.pagePath(action.repository, `${page}.html`);
  const json = site.pagePath(action.repository, `${page}.json`);
  return {
    folder,
    forms: {
      html: { path: html, variants: SIMPLE_VARIANTS.html, hasUrls: false },
      'v1+html': { path: html, variants: SIMPLE_VARIANTS['v1+html'], hasUrls: false },
      json: { path: json, variants: SIMPLE_VARIANTS.json, hasUrls: true },
    },
    isNegotiated: true,
    urlPath: urlPathOf(action.repository, page.slice(0, -'index'.length)),
  };
}

function urlPathOf(repository: string, path: string): string {
  return `/${encodePath(fromRoot(repository, path))}`;
}

/**
 * The answer with a page: from memory where it is, in the form and coding that the client likes.
 *
 * @returns at once when the page is at hand; undefined when there is none
 */
export function servePage(
  pages: PageStore,
  place: ServedPage,
  request: PageRequest,
): Answer | Promise<Answer | undefined> {
  const { headers, siteUrl, admits } = request;
  const name = chosenForm(place, request);
  if (name === 'none') return notAcceptable(headers.accept);
  const form = place.forms[name];
  const coding = codingOf((headers['accept-encoding'] ?? '') as string);
  const fresh = pages.peek(form.path);
  if (fresh !== undefined) return answer(fresh);
  return pages.get(form.path, place.folder).then((page) => page && answer(page));

  function answer(page: StoredPage): Answer | Promise<Answer> {
    if (!form.hasUrls || siteUrl === undefined) return pageAnswer(page, form.variants[coding], headers);
    if (!admits(siteUrl)) return tooManyHosts(headers.accept);
    return pageAnswer(absolutePage(page, siteUrl + place.urlPath), form.variants[coding], headers);
  }
}

/**
 * The same of a page that lies on disk in gzip too.
 *
 * @param path of what is packed, absolute
 * @returns undefined where it has to be answered in another way
 */
export async function servePacked(
  pages: PageStore,
  place: ServedPage,
  path: string,
  request: PageRequest,
): Promise<Answer | undefined> {
  const { headers, siteUrl } = request;
  const name = chosenForm(place, request);
  if (name === 'none' || packedCodingOf((headers['accept-encoding'] ?? '') as string) !== 'gzip') return undefined;
  if (place.forms[name].hasUrls && siteUrl !== undefined) return undefined;
  const page = await pages.get(path, place.folder);
  return page && pageAnswer(page, PACKED_VARIANTS[name], headers);
}

/** Which of a page's forms the client gets. */
export function chosenForm(place: ServedPage, { headers, target }: Pick<PageRequest, 'headers' | 'target'>) {
  return place.isNegotiated ? (namedForm(target) ?? formOf(headers.accept ?? '')) : 'html';
}

/** The same page, from another file. */
export function placedAt(place: ServedPage, path: string, folder: string): ServedPage {
  const { html, json, 'v1+html': v1 } = place.forms;
  return { ...place, folder, forms: { html: { ...html, path }, json: { ...json, path }, 'v1+html': { ...v1, path } } };
}

/** `?format=` beats Accept. A plus in it may stand for itself. */
function namedForm(target: string): SimpleForm | undefined {
  const mark = target.indexOf('?');
  if (mark < 0) return undefined;
  const format = new URLSearchParams(target.slice(mark).replaceAll('+', '%2B')).get('format');
  return format === null ? undefined : formNamed(format);
}

/** The address is part of the content, so it is part of the ETag. */
function absolutePage(page: StoredPage, url: string): StoredPage {
  return page.variant(url) ?? page.addVariant(url, Buffer.from(withAbsoluteUrls(page.bytes.toString(), url)));
}

function tooManyHosts(accept: string | undefined): Answer {
  return laterAnswer(
    429,
    'You have asked for this site under many names. Ask again later, or under the name it has',
    accept,
  );
}

function notAcceptable(accept: string | undefined): Answer {
  const answer = failureAnswer(406, `This page can be had as ${Object.values(FORM_TYPES).join(', ')}`, accept);
  return { ...answer, headers: [...answer.headers, 'Vary', 'Accept'] };
}
