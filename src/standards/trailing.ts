/** The text without a run of this character at its end. A pattern would look at each run in it to its end again and again. */
export function withoutTrailing(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end--;
  return text.slice(0, end);
}
