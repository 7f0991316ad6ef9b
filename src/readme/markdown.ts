import MarkdownIt from 'markdown-it';
import footnotes from 'markdown-it-footnote';
import { nameToEmoji } from './emoji.ts';
import { highlight } from './highlight.ts';
import { LONGEST_ADDRESS, LONGEST_ATTRIBUTE, LONGEST_ATTRIBUTES, MOST_FOOTNOTES, MOST_TOKENS } from './limits.ts';
import { TooMuch } from './too-much.ts';

const markdown = new MarkdownIt({
  html: true,
  linkify: true,
  highlight: (code, language) => highlight(code, language) ?? '',
});
markdown.use(footnotes);
// The same footnote has the same number wherever it is named.
markdown.renderer.rules['footnote_caption'] = (tokens, place) => `[${Number(tokens[place]?.meta?.['id']) + 1}]`;
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
// Whether an address is safe is decided later, for all links alike. A long one is no link: each reference would repeat it.
markdown.validateLink = (url) => url.length <= LONGEST_ADDRESS;
markdown.core.ruler.before('footnote_tail', 'limits', ({ tokens, env }) => {
  refuseMuch(tokens);
  refuseManyFootnotes((env as FootnoteEnvironment).footnotes?.list ?? []);
});
markdown.core.ruler.push('kho', ({ tokens, Token }) => {
  for (const { children } of tokens) {
    children?.forEach(dropLongTitle);
    showEmoji(children ?? []);
  }
  tickBoxes(tokens);
  nameAlerts(tokens, Token);
});

/**
 * Markdown as GitHub and PyPI read it, as HTML that is not safe yet: what the author wrote as HTML is in it as it stands.
 *
 * @throws {TooMuch}
 */
export function markdownToHtml(text: string): string {
  return markdown.render(text);
}

/** What markdown-it-footnote notes down: the footnotes of a text, and how often each is named. */
interface FootnoteEnvironment {
  footnotes?: { list?: readonly { count?: number }[] };
}

type MarkdownToken = ReturnType<typeof markdown.parse>[number];

function refuseMuch(tokens: readonly MarkdownToken[]): void {
  let count = 0;
  let length = 0;
  for (const { children } of tokens) {
    count += 1 + (children?.length ?? 0);
    for (const { attrs } of children ?? []) for (const [, value] of attrs ?? []) length += String(value).length;
  }
  if (count > MOST_TOKENS || length > LONGEST_ATTRIBUTES) throw new TooMuch();
}

/** Each costs a look at all others, and each place that names one gets a link back. */
function refuseManyFootnotes(list: readonly { count?: number }[]): void {
  const uses = list.reduce((sum, { count = 0 }) => sum + count, 0);
  if (list.length + uses > MOST_FOOTNOTES) throw new TooMuch();
}

/** A reference repeats its title as often as the text has room for its name. */
function dropLongTitle(token: MarkdownToken): void {
  const place = token.attrIndex('title');
  const title = String(token.attrs?.[place]?.[1] ?? '');
  if (title.length > LONGEST_ATTRIBUTE) token.attrs?.splice(place, 1);
}

/** Task lists: `- [x] done` shows a ticked box. */
function tickBoxes(tokens: readonly MarkdownToken[]): void {
  tokens.forEach((token, place) => {
    const first = token.children?.[0];
    if (token.type !== 'inline' || first?.type !== 'text') return;
    if (tokens[place - 1]?.type !== 'paragraph_open' || tokens[place - 2]?.type !== 'list_item_open') return;
    first.content = first.content.replace(/^\[([ xX])\](?=\s)/, (_box: string, tick: string) =>
      tick === ' ' ? '☐' : '☑',
    );
  });
}

const ALERT = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]$/i;

/** Quotations that begin with `[!NOTE]`: the kind of alert as a line of its own. */
function nameAlerts(
  tokens: readonly MarkdownToken[],
  make: new (type: string, tag: string, nesting: -1 | 0 | 1) => MarkdownToken,
): void {
  tokens.forEach(({ children }, place) => {
    const [first, second] = children ?? [];
    const [, kind = ''] = (first?.type === 'text' && ALERT.exec(first.content.trim())) || [];
    if (kind === '' || (second !== undefined && !/^(?:soft|hard)break$/.test(second.type))) return;
    if (tokens[place - 1]?.type !== 'paragraph_open' || tokens[place - 2]?.type !== 'blockquote_open') return;
    const text = new make('text', '', 0);
    text.content = kind.charAt(0).toUpperCase() + kind.slice(1).toLowerCase();
    children?.splice(0, 1, new make('strong_open', 'strong', 1), text, new make('strong_close', 'strong', -1));
    if (second) second.type = 'hardbreak';
  });
}

/** In text, but not in that of an address that is a link by itself. */
function showEmoji(children: readonly MarkdownToken[]): void {
  let inAddress = false;
  for (const token of children) {
    if (token.info === 'auto') inAddress = token.type === 'link_open';
    else if (token.type === 'text' && !inAddress) token.content = nameToEmoji(token.content);
  }
}
