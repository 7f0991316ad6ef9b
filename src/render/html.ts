/** The one way in which pages for people are put together: what is not marked as HTML gets escaped. */

/** Text that is HTML already. Made by `html` only. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A tag for template literals. Strings and numbers are escaped, in text and in quoted attributes alike; lists are joined. */
export function html(parts: TemplateStringsArray, ...values: (string | number | Html | readonly Html[])[]): Html {
  let text = parts[0] as string;
  values.forEach((value, place) => {
    text += toHtml(value) + parts[place + 1];
  });
  return new Html(text);
}

function toHtml(value: string | number | Html | readonly Html[]): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map((item) => item.text).join('');
  return String(value)
    .replace(/[&<>"']/g, (c) => ESCAPES[c] as string)
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd'); // HTML has no way to write these
}
