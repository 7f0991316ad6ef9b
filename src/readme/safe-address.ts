import { LONGEST_ADDRESS } from './limits.ts';

const SCHEMES = new Set(['http:', 'https:', 'mailto:']);

/**
 * What a link may point to that comes out of a package, in a form that is fit for `href`: with `http`, `https` or `mailto`,
 * a host in ASCII (so that a name with foreign look-alikes shows itself as `xn--…`), and nothing a validator would mind.
 *
 * @returns undefined for all others: other schemes, relative addresses, ones that hide their host behind a user's name
 */
export function safeAddress(text: string): string | undefined {
  const trimmed = text.trim();
  // Browsers leave out line ends and tabs, and turn \ into /: whoever writes these wants to be misread.
  if (trimmed.length > LONGEST_ADDRESS || /[\x00-\x20\x7f-\x9f\\]/.test(trimmed)) return undefined;
  if (!/^(?:https?:\/\/[^/]|mailto:[^/])/i.test(trimmed) || !URL.canParse(trimmed)) return undefined;
  const url = new URL(trimmed);
  if (!SCHEMES.has(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  const [, beforePath = '', path = ''] = /^(https?:\/\/[^/]*|mailto:)(.*)$/s.exec(url.href) ?? [];
  return beforePath === '' ? undefined : beforePath + encodeRest(path);
}

/** Percent-encodes what the URL standard forbids to write, though its parser takes it. */
function encodeRest(path: string): string {
  const hash = path.indexOf('#');
  const encode = (part: string) => part.replace(/%(?![\da-f]{2})|[^\w\-.~:/?@!$&'()*+,;=%]/gi, encodeURIComponent);
  return hash < 0 ? encode(path) : `${encode(path.slice(0, hash))}#${encode(path.slice(hash + 1))}`;
}
