/**
 * Which host a request is for.
 *
 * Source: RFC 9112, sections 3.2 (Host) and 3.2.2 (absolute form); RFC 3986, section 3.2 (host and port). Stricter than RFC 3986 in
 * what a name may hold, since it ends up in links: letters, digits, `- . _ ~`, and what is percent-encoded.
 */

/** A name of DNS, and of URLs, has at most 255 characters (RFC 1035, section 2.3.4); a colon and a port at most 6. */
const MOST_NAME = 255;
const MOST_PORT = 6;

const HOST = /^(?:(?:[\w.~-]|%[\da-f]{2})+|\[[\da-f:.]{2,45}\])(?::\d{0,5})?$/i;

/** @returns whether it is a host with or without a port, as it may stand in Host */
export function isHost(text: string): boolean {
  return text.length <= MOST_NAME + MOST_PORT && HOST.test(text);
}

export interface RequestTarget {
  /** Absent when neither the target nor Host names one. */
  host?: string;
  /** With its query: what stands in the request line, without scheme and authority. */
  path: string;
}

/**
 * @param target as it stands in the request line: a path, or a whole address as proxies send it, whose host then counts
 * @param rawHeaders names and values in turn
 * @returns `malformed` when the host is none, when it is named twice, or not at all in HTTP/1.1
 */
export function readRequestTarget(
  target: string,
  rawHeaders: readonly string[],
  httpVersion: string,
): RequestTarget | 'malformed' {
  let host: string | undefined;
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const name = rawHeaders[place] as string;
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue;
    if (host !== undefined) return 'malformed';
    host = rawHeaders[place + 1] as string;
  }
  if (host === undefined ? httpVersion === '1.1' : host !== '' && !isHost(host)) return 'malformed';
  if (target.startsWith('/') || target === '*') return host ? { host, path: target } : { path: target };
  const [, authority, path = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  if (authority === undefined || !isHost(authority)) return 'malformed';
  return { host: authority, path: path.startsWith('/') ? path : `/${path}` };
}
