/** Patterns of names of projects: names, with `*` for any characters. Spelled as names are: `Farm_*` is `farm-*`. */
import { foldName } from './name.ts';

const VALID = /^[A-Za-z0-9*][A-Za-z0-9._*-]*$/;

/** In characters. */
const LONGEST = 200;

/** What such a pattern may hold, in words. */
export const PATTERN_CHARACTERS = 'letters, digits, . _ - and *';

/** Folded as names are; undefined for what no name can match. */
export function readProjectPattern(text: string): string | undefined {
  const pattern = foldName(text);
  return text.length <= LONGEST && VALID.test(text) && !pattern.endsWith('-') ? pattern : undefined;
}
