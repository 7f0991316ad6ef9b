import { withoutTrailing } from '../standards/trailing.ts';
/** A site's address: `url` in kho.toml, its root as clients see it. */

/** What is wrong with it, to be read after the key's name; undefined when nothing is. */
export function siteUrlFault(text: string): string | undefined {
  if (/[\s\p{Cc}\\]/u.test(text)) return 'may hold no spaces, backslashes or control characters';
  if (!/^https?:\/\//i.test(text)) return 'must start with https:// or http://';
  if (!URL.canParse(text)) return 'is no valid address';
  const { username, password } = new URL(text);
  if (username || password) return 'may hold no user name or password: everybody can read the pages';
  if (/[?#]/.test(text)) return 'may hold no ? or #: it is the address of a folder';
  return undefined;
}

/** Without a trailing slash, so that `${url}/glibc/` is right. The text must be free of faults. */
export function normalizeSiteUrl(text: string): string {
  return withoutTrailing(new URL(text).href, '/');
}
