/** The path of a request, taken apart. Pure. */

export interface RequestPath {
  /** Percent-decoded, none of them empty, none of them able to lead anywhere but one folder down. */
  segments: string[];
  /** Ends in a slash. `/` itself does. */
  isFolder: boolean;
  /** Has slashes that say nothing: `//`. */
  hasEmptySegments: boolean;
  /** Folders that a relative link from here can climb. */
  depth: number;
  /** With its question mark; empty when there is none. */
  query: string;
}

/** What no published path holds: control characters, and what some systems take for a separator. */
const NEVER_PUBLISHED = /[\x00-\x1f\x7f/\\]/;

/**
 * @param target as it stands in the request line: a path, or a whole address as proxies send it
 * @returns `malformed` for what is no path of HTTP; `unpublished` for a path that can never name anything published
 */
export function parseRequestPath(target: string): RequestPath | 'malformed' | 'unpublished' {
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?/i.exec(target) ?? [];
  if (!path.startsWith('/')) return 'malformed';
  const raw = path.slice(1).split('/');
  const isFolder = raw.at(-1) === '';
  if (isFolder) raw.pop();
  const segments: string[] = [];
  for (const text of raw) {
    if (text === '') continue;
    const segment = decode(text);
    if (segment === undefined) return 'malformed';
    if (segment.startsWith('.') || NEVER_PUBLISHED.test(segment)) return 'unpublished';
    segments.push(segment);
  }
  return {
    segments,
    isFolder,
    hasEmptySegments: segments.length < raw.length,
    depth: raw.length - 1 + Number(isFolder),
    query,
  };
}

function decode(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // a percent sign without two digits, or no UTF-8
  }
}
