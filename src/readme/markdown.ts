import MarkdownIt from 'markdown-it';
import footnotes from 'markdown-it-footnote';
import { highlight } from './highlight.ts';
import { LONGEST_ADDRESS, LONGEST_ATTRIBUTE, MOST_COLOURED } from './limits.ts';

/** Of the text that is being rendered: how much of its code has got colours. */
let coloured = 0;

const markdown = new MarkdownIt({ html: true, linkify: true, highlight: colour });
markdown.use(footnotes);
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
// Whether an address is safe is decided later, for all links alike. A long one is no link: each reference would repeat it.
markdown.validateLink = (url) => url.length <= LONGEST_ADDRESS;
markdown.core.ruler.push('kho', ({ tokens }) => {
  for (const { children } of tokens) children?.forEach(dropLongTitle);
  tickBoxes(tokens);
});

/** Markdown as GitHub and PyPI read it, as HTML that is not safe yet: what the author wrote as HTML is in it as it stands. */
export function markdownToHtml(text: string): string {
  coloured = 0;
  return markdown.render(text);
}

/** Empty where there are to be no colours. */
function colour(code: string, language: string): string {
  if (coloured + code.length > MOST_COLOURED) return '';
  coloured += code.length;
  return highlight(code, language) ?? '';
}

type Token = ReturnType<typeof markdown.parse>[number];

/** A reference repeats its title as often as the text has room for its name. */
function dropLongTitle(token: Token): void {
  const place = token.attrIndex('title');
  const title = String(token.attrs?.[place]?.[1] ?? '');
  if (title.length > LONGEST_ATTRIBUTE) token.attrs?.splice(place, 1);
}

/** Task lists: `- [x] done` shows a ticked box. */
function tickBoxes(tokens: readonly Token[]): void {
  tokens.forEach((token, place) => {
    const first = token.children?.[0];
    if (token.type !== 'inline' || first?.type !== 'text') return;
    if (tokens[place - 1]?.type !== 'paragraph_open' || tokens[place - 2]?.type !== 'list_item_open') return;
    first.content = first.content.replace(/^\[([ xX])\](?=\s)/, (_box: string, tick: string) =>
      tick === ' ' ? '☐' : '☑',
    );
  });
}
