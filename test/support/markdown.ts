/** Cells of the rows of the first table under a heading, without the heading row. */
export function markdownTable(text: string, heading: string): string[][] {
  const lines = sectionOf(text, heading)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What stands under a heading of the second level, up to the next one. */
export function sectionOf(text: string, heading: string): string {
  const start = text.indexOf(`\n## ${heading}\n`);
  if (start < 0) throw new Error(`There is no heading "## ${heading}"`);
  const end = text.indexOf('\n## ', start + 1);
  return text.slice(start, end < 0 ? undefined : end);
}

/** Texts of the headings of one level, in their order. */
export function headingsOf(text: string, level: number): string[] {
  const marks = '#'.repeat(level);
  return withoutCodeBlocks(text)
    .split('\n')
    .filter((line) => line.startsWith(`${marks} `))
    .map((line) => line.slice(level + 1));
}

/** What a link to a heading ends with, as GitHub and its peers make it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

export function withoutCodeBlocks(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}
