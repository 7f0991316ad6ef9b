/** The lines of a requirements.txt, as pip joins and cuts them. */

/** As `str.splitlines` of Python, which pip splits with. */
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

/** Continued lines are joined, and comments are gone; `number` is that of the first. */
export function logicalLines(text: string): { text: string; number: number }[] {
  const lines: { text: string; number: number }[] = [];
  let open: { text: string; number: number } | undefined;
  text
    .replace(/^\ufeff/, '')
    .split(LINE_END)
    .forEach((line, index) => {
      const isComment = /^\s*#/.test(line);
      if (line.endsWith('\\') && !isComment) {
        const part = withoutBackslashes(line);
        open = open ? { ...open, text: open.text + part } : { text: part, number: index + 1 };
        return;
      }
      // A comment in the middle of a continued line must stay one.
      const whole = open
        ? { ...open, text: open.text + (isComment ? ` ${line}` : line) }
        : { text: line, number: index + 1 };
      lines.push(whole);
      open = undefined;
    });
  if (open) lines.push(open);
  return lines
    .map(({ text, number }) => ({ text: withoutComment(text).trim(), number }))
    .filter(({ text }) => text !== '');
}

/** At both ends, as pip takes them away. By hand, as `withoutComment`: patterns would look at a long run again and again. */
function withoutBackslashes(line: string): string {
  let [start, end] = [0, line.length];
  while (start < end && line[start] === '\\') start++;
  while (end > start && line[end - 1] === '\\') end--;
  return line.slice(start, end);
}

/** A comment begins with a line, or after white space. */
function withoutComment(text: string): string {
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at + 1)) {
    if (at === 0 || /\s/.test(text.charAt(at - 1))) return text.slice(0, at);
  }
  return text;
}
