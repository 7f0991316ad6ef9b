import { parseRequestPath } from './request-path.ts';
import type { SiteShape } from './route.ts';

/** What may stand behind a repository in the address that a client uploads to: what kho says, and what other indexes have. */
const ENDINGS: ReadonlySet<string> = new Set(['upload', 'legacy', 'simple']);

/**
 * The repository that an upload is for; the empty object where its file decides. Slashes do not matter: clients do not send a file twice
 * to be told of one.
 *
 * @param target as it stands in the request line
 * @returns undefined for an address that takes none
 */
export function uploadAddress(target: string, site: SiteShape): { repository?: string } | undefined {
  const path = parseRequestPath(target);
  if (typeof path === 'string') return undefined;
  const [first, second, ...more] = path.segments;
  if (more.length > 0) return undefined;
  if (first === undefined) return {};
  if (first !== '.' && site.repositories.has(first)) {
    return second === undefined || ENDINGS.has(second) ? { repository: first } : undefined;
  }
  return second === undefined && ENDINGS.has(first) ? {} : undefined;
}
