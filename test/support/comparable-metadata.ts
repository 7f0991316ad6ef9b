/** Metadata as kho, as Python's `packaging` and as the JSON API have it, brought to one shape. */

/** What the JSON API and METADATA have in common, absent and empty made alike. (Like PyPI, kho adds to project_urls.) */
export function infoKeys(from: Record<string, unknown>): Record<string, unknown> {
  const keys = ['name', 'summary', 'requires_python', 'requires_dist', 'home_page', 'author', 'classifiers'];
  return Object.fromEntries(keys.map((key) => [key, isEmpty(from[key]) ? null : tidy(from[key])]));
}

/** Old build tools wrote `UNKNOWN` where there was nothing to say. */
function isEmpty(value: unknown): boolean {
  return (
    value == null ||
    value === '' ||
    value === 'UNKNOWN' ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

/** kho's metadata under the names, and in the shapes, of `packaging`. */
export function inPythonsWords(metadata: Record<string, unknown>): Record<string, unknown> {
  const words = Object.entries(metadata).map(([key, value]) => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  const { project_urls: urls, keywords, ...rest } = Object.fromEntries(words);
  return withoutEmpty({
    ...rest,
    project_urls: Object.fromEntries((urls as string[]).map((line) => line.split(/,(.*)/s).map((part) => part.trim()))),
    keywords: keywords?.split(',').map((keyword: string) => keyword.trim()),
  });
}

/** Without what only `packaging` keeps: blanks around a value, and around the lines of a description in a header. */
export function withoutEmpty(metadata: Record<string, unknown>): Record<string, unknown> {
  const tidied = Object.entries(metadata).map(([key, value]) => [key, tidy(value)]);
  return Object.fromEntries(tidied.filter(([, value]) => !isEmpty(value) && `${value}` !== 'UNKNOWN'));
}

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  return typeof value === 'string' ? value.replace(/^[ \t|]+|[ \t\r]+$/gm, '').trim() : value;
}
