/** What a page says of itself, for the script. */

const { dataset } = document.documentElement;

/** The way from this page to the site's root: empty or `../` some times. */
export const root = dataset['root'] ?? '';

/** `.` is the site itself. */
export const repository = dataset['repository'] ?? '.';

/** @param path from the folder of that repository, encoded */
export function wayTo(of: string, path: string): string {
  return root + (of === '.' ? '' : `${encodeURIComponent(of)}/`) + path;
}

export const siteTitle = document.querySelector('.brand span')?.textContent ?? '';

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
