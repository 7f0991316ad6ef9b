/**
 * What search looks through, as scripts: a page opened from a disk may load those, and no other data.
 *
 * Each calls `khoSearch` with the projects of one part, as lists: normalized name, name as written, latest version, summary,
 * keywords in one text, platforms, bytes, time of the last change in milliseconds, status.
 */
import type { ProjectCard } from './model.ts';

/** Projects in one file. */
export const SEARCH_PART = 2000;

export function searchData(cards: readonly ProjectCard[]): string {
  const rows = cards.map(({ name, displayName, latest, summary, keywords, platforms, bytes, changedMs, status }) => [
    name,
    displayName === name ? 0 : displayName,
    latest ?? 0,
    summary ?? 0,
    keywords.join(' ') || 0,
    platforms,
    bytes,
    changedMs,
    status ?? 0,
  ]);
  // Of JSON that is no JavaScript of old nothing is left, and no script element can be ended by it: it is a file of its own.
  return `khoSearch(${JSON.stringify(rows).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)});\n`;
}
