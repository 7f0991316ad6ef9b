/** Pages of repositories that pass on what other indexes have: which of them is to be sent, somebody else finds out. */
import type { PulledPage, PullPages } from '../upstream/pages/pull-pages.ts';
import { type Answer, failureAnswer, laterAnswer } from './answer.ts';
import { clientOf } from './client.ts';
import type { Exchange } from './exchange.ts';
import type { PageStore } from './page-store.ts';
import {
  chosenForm,
  type PageAction,
  type PageRequest,
  placedAt,
  type ServedPage,
  servePacked,
  servePage,
} from './serve-page.ts';

/** Finds pages with what other indexes have. */
export type PullDesk = Pick<PullPages, 'covers' | 'page'>;

/** Whether what an upstream has belongs to that page: one of a project, for installers. */
export function isPulled(action: PageAction, desk: PullDesk): boolean {
  if (action.project === undefined || !desk.covers(action.repository)) return false;
  return action.kind === 'simple' || action.path.startsWith('simple/');
}

/** @returns undefined where it is the page that the repository has by itself, if any */
export async function servePulled(
  desk: PullDesk,
  pages: PageStore,
  action: PageAction & { place: ServedPage },
  { address }: Pick<Exchange, 'address'>,
  request: PageRequest,
): Promise<Answer | undefined> {
  const { repository, project, place } = action;
  const { headers } = request;
  const chosen = chosenForm(place, request);
  if (project === undefined || chosen === 'none') return undefined;
  const found = await desk.page({
    ...{ repository, project, client: clientOf(address), via: headers.via },
    form: place.forms[chosen].hasUrls ? 'json' : 'html',
    // RFC 9111, sections 5.2.1.4 and 5.4: what old clients say in another header counts where they say nothing in this one.
    isRefresh: /\bno-cache\b/i.test(headers['cache-control'] ?? headers.pragma ?? ''),
  });
  if (found.is === 'own') return undefined;
  if (found.is !== 'page') return refusal(found, headers.accept);
  const placed = placedAt(place, found.path, found.folder);
  const answer =
    (await servePacked(pages, placed, found.packedPath, request)) ?? (await servePage(pages, placed, request));
  if (answer === undefined) return refusal({ is: 'unavailable' }, headers.accept);
  if (found.ageSeconds === undefined) return answer;
  return { ...answer, headers: [...answer.headers, 'Age', String(found.ageSeconds)] };
}

function refusal({ is }: Exclude<PulledPage, { is: 'own' | 'page' }>, accept: string | undefined): Answer {
  if (is === 'busy')
    return laterAnswer(429, 'You have asked for many projects that nobody asked for before. Ask again later', accept);
  if (is === 'loop') return failureAnswer(508, 'This site asks itself for it: an upstream leads back to it', accept);
  const detail = 'The index that may have this project cannot be asked at the moment. Ask again in a moment';
  return laterAnswer(503, detail, accept);
}
