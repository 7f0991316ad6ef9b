/** What a page says of itself, for the script. */

const { dataset } = document.documentElement;

/** The way from this page to the site's root: empty or `../` some times. */
export const root = dataset['root'] ?? '';

/** The way from this page to its repository's folder. */
export const repositoryRoot =
  root + (dataset['repository'] === '.' ? '' : `${encodeURIComponent(dataset['repository'] ?? '')}/`);

/** For each language the file of its texts, from the site's root. */
export const textFiles: Record<string, string> = JSON.parse(dataset['texts'] ?? '{}');

/** An element with what is in it. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
