import { privateRepositoryOf } from './private-access.ts';
import type { Action } from './route.ts';
import { type PageAction, placePage, type ServedPage } from './serve-page.ts';
import type { ServedSite } from './served-site.ts';

/** With the place of its page worked out. */
export type PlacedAction = (Exclude<Action, PageAction> | (PageAction & { place: ServedPage })) & {
  privateTo?: string;
};

/** What a path means, with the place of its page. */
export function placed(site: ServedSite, action: Action, target: string): PlacedAction {
  const repository = privateRepositoryOf(target, action, site);
  const about = repository !== undefined && { privateTo: repository };
  if (action.kind !== 'simple' && action.kind !== 'page') return { ...action, ...about };
  return { ...action, place: placePage(site, action), ...about };
}

/** For a proxy that names its prefix and leaves it on. */
export function withoutPrefix(target: string, prefix: string | undefined): string {
  if (!prefix || !target.startsWith(prefix)) return target;
  const rest = target.slice(prefix.length);
  return rest.startsWith('/') ? rest : rest === '' || rest.startsWith('?') ? `/${rest}` : target;
}
