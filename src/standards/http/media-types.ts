/**
 * As what each file of a site is sent, by `kho serve` and by the web servers that kho writes configurations for. One line here is all
 * that a further kind of page needs; what stands beside packages has its types in side-files.ts.
 *
 * Source: IANA's registry of media types; PyPA "Simple repository API" (PEP 691).
 */

export const HTML_TYPE = 'text/html';
export const TEXT_TYPE = 'text/plain';
/** Packages: what a browser only saves, and nobody unpacks on the way. */
export const PACKAGE_TYPE = 'application/octet-stream';

/** Pages of the simple API; plain `text/html` is its third form. */
export const SIMPLE_TYPES = {
  json: 'application/vnd.pypi.simple.v1+json',
  html: 'application/vnd.pypi.simple.v1+html',
} as const;

/** PyPI's JSON API. */
export const PYPI_JSON_TYPE = 'application/json';

/** Pages for people and what belongs to them, by the end of the name; without one that is here, it is text. */
export const PAGE_TYPES: Readonly<Record<string, string>> = {
  html: HTML_TYPE,
  css: 'text/css',
  js: 'text/javascript',
  xml: 'application/xml',
  svg: 'image/svg+xml',
  json: PYPI_JSON_TYPE,
};

/** Sent packed where the client takes that. */
export const PACKED_TYPES: readonly string[] = [...Object.values(PAGE_TYPES), SIMPLE_TYPES.json];

/** As the header says it. All text of a site is UTF-8; the types of other files say so themselves, or have no letters. */
export function contentType(mediaType: string): string {
  return mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType;
}
