import { type DescriptionKind, descriptionKind } from './description-kind.ts';
import { resetColours } from './highlight.ts';
import { findUnsafe } from './html/prove-safe.ts';
import { type TidyOptions, tidyHtml } from './html/tidy-html.ts';
import { MOST_SHOWN_BYTES } from './limits.ts';
import { markdownToHtml } from './markdown.ts';
import { plainToHtml } from './plain.ts';
import { rstToHtml } from './rst/rst-to-html.ts';
import { TooMuch } from './too-much.ts';

export interface RenderedDescription {
  /** Safe wherever blocks may stand, in a `<div class="readme">` with the style that goes with it. */
  html: string;
  kind: DescriptionKind;
  /** Whether there was more than kho shows. */
  cut: boolean;
}

/**
 * What a package says of itself, for its page. What is too much of it (limits.ts) is shown as plain text.
 *
 * Loads the readers of Markdown and code, which is not cheap: import this file with `import()`, where a page is made.
 */
export function renderDescription(
  description: string,
  contentType: string | undefined,
  options: TidyOptions,
): RenderedDescription {
  const { text, cut } = cutText(description);
  const kind = descriptionKind(text, contentType);
  return { html: kind === 'text' ? plainToHtml(text) : richOrPlain(text, kind, options), kind, cut };
}

/** A description as plain text, where it cannot be rendered as the kind that it says it is. */
export function renderPlainly(description: string): RenderedDescription {
  const { text, cut } = cutText(description);
  return { html: plainToHtml(text), kind: 'text', cut };
}

function richOrPlain(text: string, kind: 'markdown' | 'rst', options: TidyOptions): string {
  resetColours();
  try {
    const html = tidyHtml(kind === 'markdown' ? markdownToHtml(text) : rstToHtml(text), options);
    if (findUnsafe(html) === undefined) return html;
  } catch (error) {
    // A RangeError: too deep for a parser that calls itself.
    if (!(error instanceof TooMuch) && !(error instanceof RangeError)) throw error;
  }
  return plainToHtml(text);
}

/** The first 256 kB, up to the end of a line, with line ends as `\n`. */
function cutText(description: string): { text: string; cut: boolean } {
  const cut = description.length > MOST_SHOWN_BYTES || Buffer.byteLength(description) > MOST_SHOWN_BYTES;
  let text = description;
  if (cut) {
    const decoded = new TextDecoder()
      .decode(Buffer.from(description).subarray(0, MOST_SHOWN_BYTES))
      .replace(/\ufffd$/, '');
    text = decoded.slice(0, decoded.lastIndexOf('\n') + 1) || decoded;
  }
  return { text: text.replace(/\r\n?/g, '\n'), cut };
}
