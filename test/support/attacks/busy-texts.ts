/** Texts that are written to keep whoever renders them busy, of any length, and what rendering them costs beside an honest one. */
import { renderDescription } from '../../../src/readme/render-description.ts';

/** So many times what an honest description of the same size takes. One that grew with the square of its size would take a hundred times, and 12 times at an eighth of it. */
export const MOST_TIMES = 8;

const HONEST = `
Some words
----------

A paragraph with *words*, **more words**, \`code\` and [a link](https://example.org/somewhere), as people write them. It goes on
for some lines, and says what the package does & how.

- one thing
- another thing

| a | b |
|---|---|
| 1 | 2 |

\`\`\`python
def main(argument: str) -> None:
    return print(f"{argument}")
\`\`\`
`;

type Texts = readonly (readonly [what: string, text: string])[];

/** @param length of each, in UTF-16 units: what is shown of a description, or less */
export function busyTexts(length: number): { honest: string; markdown: Texts; rst: Texts } {
  const fill = (piece: string) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
  const number = (piece: (n: number) => string) => {
    let text = '';
    for (let n = 0; text.length < length; n++) text += piece(n);
    return text.slice(0, length);
  };
  const half = (open: string, close: string) => fill(open).slice(0, length / 2) + fill(close).slice(0, length / 2);
  return {
    honest: fill(HONEST),
    markdown: [
      ['emphasis that ends nowhere', fill('*a **b ')],
      ['emphasis within words', fill('a**b*c***d')],
      ['images in images', half('![', '](a)')],
      ['names of a long address', fill(`[a]: http://x.org/${'y'.repeat(1900)}\n\n`).slice(0, 1950) + fill('[a]')],
      ['titles that end nowhere', fill('[a](b "')],
      ['code that ends nowhere', number((n) => `${'`'.repeat((n % 500) + 1)}a`)],
      ['comments that end nowhere', fill('a <!-- ')],
      ['tags that end nowhere', fill('x<a b="')],
      ['cells that reach far', `<table>${fill('<tr><td rowspan=60 colspan=60>')}`],
      ['lists in lists', number((n) => `${' '.repeat(n)}- a\n`)],
      ['headings', fill('# a\n')],
      ['rows of a table', `|a|b|\n|-|-|\n${fill('|1|2|\n')}`],
      ['columns of a table', `${'|a'.repeat(20_000)}|\n${'|-'.repeat(20_000)}|\n${fill('|\n')}`],
      ['footnotes', number((n) => `a[^${n}]\n\n[^${n}]: b\n\n`)],
      ['footnotes in a line', fill('^[a]')],
      ['names of a footnote', `[^a]: b\n\n${fill('[^a]')}`],
      ['names of emoji', fill(':+1:*a* ')],
      ['blocks of code', fill('```python\nx\n```\n')],
      ['words in a line of code', fill(`\`\`\`ini\n${'a.'.repeat(9_900)}\n\`\`\`\n`)],
    ],
    rst: [
      ['lists in lists', number((n) => `${'  '.repeat(n % 100)}- a\n\n`)],
      ['bars', `.. |a| replace:: ${'|a| '.repeat(400)}\n\n${fill('|a| ')}`],
      ['names that lead to names', number((n) => `.. _a${n}: a${n + 1}_\n`)],
      ['tables', fill('= =\na b\n= =\n\n')],
      ['values of a table', `.. csv-table::\n\n${fill('   "a\n')}`],
      ['sessions of Python', fill('>>> a\n\n')],
      ['single back quotes', fill('`a ')],
      ['tables of contents', number((n) => `.. contents::\n\nA${n}\n====\n\n`)],
      ['footnotes', number((n) => `.. [#a${n}] b [#a${n}]_\n`)],
    ],
  };
}

/** In milliseconds of the processor: others may be using it. */
function renderingCost(type: string, text: string): number {
  const before = process.cpuUsage();
  renderDescription(text, type, { topHeading: 3, remoteImages: true });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** As `renderingCost`; where that is not below `enough`, the least of a few times: the collector, or who shares the process, may have been at work. */
export function leastCost(type: string, text: string, enough: number): number {
  let least = renderingCost(type, text);
  for (let tries = 1; tries < 4 && least >= enough; tries++) least = Math.min(least, renderingCost(type, text));
  return least;
}

/** As `renderingCost`, when it is known how to do it well: the first times take longer. */
export function warmCost(type: string, text: string): number {
  return Math.min(...Array.from({ length: 4 }, () => renderingCost(type, text)));
}
