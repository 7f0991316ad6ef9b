const COMPARISON = /extra\s*==\s*(?:'[^']*'|"[^"]*")/y;

/**
 * What follows a requirement's name, without the part of its marker that names an extra (` and extra == 'test'`), and
 * without the semicolon when nothing else of the marker is left. What stands before the comparison is looked at from there
 * backwards: a pattern that began with blanks would begin anew at each of them.
 */
export function withoutExtra(text: string): string {
  let kept = '';
  let from = 0;
  for (let at = text.indexOf('extra'); at >= 0; at = text.indexOf('extra', at + 1)) {
    COMPARISON.lastIndex = at;
    if (!COMPARISON.test(text)) continue;
    kept += text.slice(from, startOfPart(text, from, at));
    from = COMPARISON.lastIndex;
    at = from - 1;
  }
  const marker = kept + text.slice(from);
  const trimmed = marker.trimEnd();
  return trimmed.endsWith(';') ? trimmed.slice(0, -1) : marker;
}

/** Before the blanks, and before an `and` with its blanks. */
function startOfPart(text: string, from: number, at: number): number {
  const blanks = beforeBlanks(text, from, at);
  const isJoined = blanks < at && blanks - 'and'.length >= from && text.startsWith('and', blanks - 'and'.length);
  return isJoined ? beforeBlanks(text, from, blanks - 'and'.length) : blanks;
}

function beforeBlanks(text: string, from: number, at: number): number {
  let start = at;
  while (start > from && /\s/.test(text[start - 1] as string)) start--;
  return start;
}
