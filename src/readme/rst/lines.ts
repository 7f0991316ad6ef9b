/** Lines of a text, and how far they are indented: what all of reStructuredText is built on. */

export type Lines = readonly string[];

export function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === '';
}

/** In columns; a text has no tabs any more. */
export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** As far as all lines that hold something are indented, that is taken away; blank lines at both ends too. */
export function dedent(lines: Lines): string[] {
  let least = Number.POSITIVE_INFINITY;
  for (const line of lines) if (!isBlank(line)) least = Math.min(least, indentOf(line));
  let start = 0;
  let end = lines.length;
  while (start < end && isBlank(lines[start])) start++;
  while (end > start && isBlank(lines[end - 1])) end--;
  return lines.slice(start, end).map((line) => line.slice(least));
}

/** The place after the lines from `start` on that are blank or indented at least so far. Blank lines at their end are left. */
export function endOfIndented(lines: Lines, start: number, indent: number): number {
  let end = start;
  for (let place = start; place < lines.length; place++) {
    const line = lines[place] as string;
    if (isBlank(line)) continue;
    if (indentOf(line) < indent) break;
    end = place + 1;
  }
  return end;
}

/** The place after the lines from `start` on that are not blank, or `limit` when that comes before. */
export function endOfFilled(lines: Lines, start: number, limit = lines.length): number {
  let end = start;
  while (end < limit && !isBlank(lines[end])) end++;
  return end;
}

/** The line below a title, or above it too: one sign of punctuation, again and again. */
export function isAdornment(line: string): boolean {
  return /^([!-/:-@[-`{-~])\1{2,}\s*$/.test(line);
}

/** A short one has to be as long as its title. */
export function isUnderline(line: string, title: string): boolean {
  const length = /^([!-/:-@[-`{-~])\1*\s*$/.test(line) ? line.trim().length : 0;
  return length >= 4 || (length > 0 && length >= title.trim().length);
}
