import { escapeText } from './html/escape.ts';

/** Text as it stands, with its line ends. */
export function plainToHtml(text: string): string {
  return `<pre class="plain" tabindex="0">${escapeText(text)}</pre>`;
}
