/**
 * For how long answers may be kept, by `kho serve` and by the web servers that kho writes configurations for.
 *
 * Source: RFC 9111 "HTTP Caching", RFC 8246 (`immutable`).
 */

export const CACHE_CONTROL = {
  /** Kept, and asked about each time: a release is seen at once, and costs who knows the page only a 304. */
  ask: 'no-cache',
  /** What has another name when it changes. A year is as good as for ever. */
  keep: 'public, max-age=31536000, immutable',
  /** As `ask`, by the client itself only: for what not everybody may read. */
  private: 'private, no-cache',
  /** How things are at this moment. */
  never: 'no-store',
} as const;
