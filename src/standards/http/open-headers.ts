/**
 * What is said with everything that anybody may read, by `kho serve` and by what stands before buckets.
 *
 * Source: WHATWG Fetch, section "CORS protocol"; RFC 9110 for methods.
 */

/** Pages of other sites (micropip in a browser) read it too; types are not guessed. */
export const OPEN_HEADERS = ['Access-Control-Allow-Origin', '*', 'X-Content-Type-Options', 'nosniff'] as const;

export const READING_METHODS = 'GET, HEAD, OPTIONS';

/** What a browser asks about before it reads, with 204. */
export const PREFLIGHT_HEADERS = [
  'Access-Control-Allow-Methods',
  READING_METHODS,
  'Access-Control-Allow-Headers',
  'Accept, Cache-Control, If-Match, If-Modified-Since, If-None-Match, If-Range, Range',
  'Access-Control-Max-Age',
  '86400',
  ...OPEN_HEADERS,
] as const;
