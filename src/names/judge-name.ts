/**
 * Where files of a project may come from, decided before anybody is asked for it: a name that is the site's own is never asked for
 * elsewhere, since the question gives it away, and whoever registers it there could answer.
 */
import type { SiteSettings } from '../config/site-config.ts';
import { matchesName } from '../standards/name-pattern.ts';
import type { RememberedName } from './own-names.ts';

/**
 * `own`: from here alone. `shared`: from here first, and from another index too. `upstream`: the site never had a file of its own of it.
 * `by` says what decided it: kho.toml, somebody with `kho names`, or nobody yet: then it is the files that are here, or were.
 */
export type NameOrigin =
  | { is: 'own'; by: 'kho.toml' | 'decision' | 'files' }
  | { is: 'shared'; by: 'kho.toml' | 'decision' }
  | { is: 'upstream' };

/**
 * kho.toml comes before what was decided, and own before shared.
 *
 * @param name normalized
 * @param hasOwnFiles whether files of it are here that are not known to come from another index
 */
export function judgeName(
  name: string,
  { own = [], shared = [] }: Pick<SiteSettings, 'own' | 'shared'>,
  remembered: RememberedName | undefined,
  hasOwnFiles: boolean,
): NameOrigin {
  const isOneOf = (patterns: readonly string[]) => patterns.some((pattern) => matchesName(pattern, name));
  if (isOneOf(own)) return { is: 'own', by: 'kho.toml' };
  if (isOneOf(shared)) return { is: 'shared', by: 'kho.toml' };
  if (remembered?.decided !== undefined) return { is: remembered.decided, by: 'decision' };
  return hasOwnFiles || remembered?.isSeen ? { is: 'own', by: 'files' } : { is: 'upstream' };
}

/** Somebody has said that it is the site's own. */
export function isSaidOwn(origin: NameOrigin): boolean {
  return origin.is === 'own' && origin.by !== 'files';
}

/** Nobody has said yet what it is. */
export function isUndecided(origin: NameOrigin): boolean {
  return origin.is === 'own' && origin.by === 'files';
}
