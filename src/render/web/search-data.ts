/**
 * What search looks through, as scripts: a page opened from a disk may load those, and no other data.
 *
 * Each calls `khoSearch` with the projects of one part, as lists: normalized name, name as written, latest version, summary,
 * keywords in one text, platforms, bytes, time of the last change in milliseconds, status, where it runs (`runsText`). 0 stands for
 * what is absent; a name as written is absent where it is the normalized one.
 */
import type { ProjectCard } from './model.ts';

export function searchData(cards: readonly ProjectCard[]): string {
  const rows = cards.map((card) => [
    card.name,
    card.displayName === card.name ? 0 : card.displayName,
    card.latest ?? 0,
    card.summary ?? 0,
    card.keywords.join(' ') || 0,
    card.platforms,
    card.bytes,
    card.changedMs,
    card.status ?? 0,
    runsText(card) ?? 0,
  ]);
  return `khoSearch(${scriptValue(rows)});\n`;
}

/** As a script has it. Of JSON that is no JavaScript of old nothing is left, and no script element can be ended by it: it is a file of its own. */
export function scriptValue(value: unknown): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
}

/** `glibc-x86_64:3.11,3.12 musl-x86_64:3.11`: where the latest version has a wheel. Undefined where it runs on all machines. */
export function runsText({ coverage }: ProjectCard): string | undefined {
  return coverage
    ?.filter(({ pythons }) => pythons.length > 0)
    .map(({ platform, pythons }) => `${platform}:${pythons.join(',')}`)
    .join(' ');
}
