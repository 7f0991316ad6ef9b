import { closest, distance } from 'fastest-levenshtein';

/** `; did you mean "title"?` when one of the known words is near, else nothing. To be put at the end of a message. */
export function didYouMean(word: string, words: readonly string[]): string {
  if (words.length === 0) return '';
  const near = closest(word.toLowerCase(), words);
  // Two slips at most (one swapped pair counts as two), and never more than half of the word.
  return distance(word.toLowerCase(), near.toLowerCase()) <= Math.min(2, near.length / 2)
    ? `; did you mean "${near}"?`
    : '';
}
