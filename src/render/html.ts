/** The one way in which pages for people are put together: what is not marked as HTML gets escaped. */

import { endDirections } from './text-direction.ts';

/** Text that is HTML already. Made by `html` only. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What may have to be escaped; most texts hold nothing of it. */
const SPECIAL =
  /[&<>"'\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/;

/** A tag for template literals. Strings and numbers are escaped, in text and in quoted attributes alike, and turn no other text round; lists are joined. */
export function html(parts: TemplateStringsArray, ...values: (string | number | Html | readonly Html[])[]): Html {
  let text = parts[0] as string;
  for (let place = 0; place < values.length; place++) {
    text += toHtml(values[place] as string) + (parts[place + 1] as string);
  }
  return new Html(text);
}

function toHtml(value: string | number | Html | readonly Html[]): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'string') return SPECIAL.test(value) ? escaped(value) : value;
  if (typeof value === 'number') return String(value);
  let text = '';
  for (const item of value) text += item.text;
  return text;
}

function escaped(text: string): string {
  return endDirections(text)
    .replace(/[&<>"']/g, (c) => ESCAPES[c] as string)
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd'); // HTML has no way to write these
}
