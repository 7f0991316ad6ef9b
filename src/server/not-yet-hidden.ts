/** What a repository that has become private still shows elsewhere, until pages were made that do not tell of it. */
import { withIncluded } from '../config/included.ts';
import { type Answer, failureAnswer, NEVER_KEEP } from './answer.ts';
import type { Action } from './route.ts';
import type { ServedSite } from './served-site.ts';

/** In seconds: most sites are published anew by then. */
const RETRY_AFTER = '5';

/**
 * Whether an answer may tell of one of them to who may not read it: pages for people of all others, and what repositories list that include
 * one. What a repository lists itself tells of no other.
 *
 * @param hidden names of repositories that pages still tell of
 */
export function tellsOfHidden(action: Action, site: ServedSite, hidden: ReadonlySet<string>): boolean {
  if (hidden.size === 0 || !(action.kind === 'page' || action.kind === 'simple' || action.kind === 'synced'))
    return false;
  const { repository } = action;
  const others = [...hidden].filter((name) => name !== repository);
  if (action.kind === 'page' && (action.path === 'index.html' || action.path.startsWith('project/')))
    return others.length > 0;
  if (site.privateRepositories.has(repository)) return false; // it may tell of those that it includes
  const listed = withIncluded(repository, site.config.repositories);
  return others.some((name) => listed.has(name));
}

/** Names nothing: whoever asks may know of nothing. */
export function madeAnew(accept: string | undefined): Answer {
  const detail = 'Settings have changed, and this page is being made anew. Ask again in a moment';
  const answer = failureAnswer(503, detail, accept);
  const cached = answer.headers.indexOf('Cache-Control');
  const headers = answer.headers.filter((_, at) => at !== cached && at !== cached + 1);
  return { ...answer, headers: [...headers, ...NEVER_KEEP, 'Retry-After', RETRY_AFTER] };
}
