import { findAnchors } from './anchors.ts';
import { levelHeadings } from './outline.ts';
import { parseUntrusted } from './parse-untrusted.ts';
import { TidyWriter } from './write-tidy.ts';

export interface TidyOptions {
  /** The level of the text's highest headings on the page, 1 to 6. */
  topHeading: number;
  /** Whether images may be loaded from where the package says; else they become links. */
  remoteImages: boolean;
}

/**
 * HTML out of a package, made harmless and well formed: it can run nothing, load nothing (but images, where that is wanted),
 * reach nothing outside of its box, and is valid wherever blocks may stand.
 *
 * @throws {TooMuch} when the outcome is longer than `LONGEST_HTML`
 */
export function tidyHtml(untrusted: string, { topHeading, remoteImages }: TidyOptions): string {
  const root = parseUntrusted(untrusted);
  const anchors = findAnchors(root);
  levelHeadings(root, topHeading);
  return new TidyWriter({ anchors, remoteImages }).write(root);
}
