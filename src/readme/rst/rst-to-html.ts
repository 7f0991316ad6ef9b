/**
 * reStructuredText, the part of it that READMEs use, as HTML. What is not known is shown as the text it is.
 *
 * Source: docutils' "reStructuredText Markup Specification" and "reStructuredText Directives". Not read: what reads other
 * files, and what changes how the rest is read (roles of one's own, numbering of sections).
 */
import { BlockRenderer } from './blocks.ts';
import { collectReferences } from './references.ts';

/** A tab goes to the next column that is a multiple of this. */
const TAB = 8;

/** Not safe yet where the author wrote HTML in a directive `raw`. */
export function rstToHtml(text: string): string {
  const lines = text
    .replace(/[\v\f]/g, ' ')
    .split('\n')
    .map(expandTabs);
  const blocks = new BlockRenderer(collectReferences(lines), lines.length);
  return blocks.contents.fill(blocks.render(lines));
}

function expandTabs(line: string): string {
  const plain = line.trimEnd();
  if (!plain.includes('\t')) return plain;
  let expanded = '';
  for (const piece of plain.split(/(\t)/)) {
    expanded += piece === '\t' ? ' '.repeat(TAB - (expanded.length % TAB)) : piece;
  }
  return expanded;
}
