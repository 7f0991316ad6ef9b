/** How nginx leads other spellings of a name to the normalized one, with nothing but rewrites. Pure. */
import { BEFORE_NAME } from './address-shapes.ts';

/** nginx gives up after ten rewrites of one request; each round changes one capital of each letter. */
const ROUNDS = 9;
/** Each round changes so many separators. */
export const SEPARATORS_A_ROUND = 3;

export function letterLines(): string {
  return [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
    .map((letter) => `        rewrite "(${BEFORE_NAME}[^/]*)${letter}(.*)$" $1${letter.toLowerCase()}$2;`)
    .join('\n');
}

export function separatorLines(): string {
  const line = `        rewrite "(${BEFORE_NAME}[^/]*?)(?:[_.][-_.]*|-[-_.]+)(.*)$" $1-$2;`;
  return Array.from({ length: SEPARATORS_A_ROUND }, () => line).join('\n');
}

/** `(?!…)` keeps the search for a letter that comes back from trying every way to divide a long name. */
export function tooManyChanges(): string {
  const capitals = `[^/]*?([A-Z])(?:(?:(?!\\1)[^/])*\\1){${ROUNDS}}`;
  const separators = `(?:[^/_.-]*[_.-]+){${ROUNDS * SEPARATORS_A_ROUND + 1}}`;
  return `${BEFORE_NAME}(?:${capitals}|${separators})`;
}
