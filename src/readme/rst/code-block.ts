import { highlight } from '../highlight.ts';
import { escapeText } from '../html/escape.ts';
import type { Lines } from './lines.ts';

/** Code as it stands, with colours where its language is known. What looks like a session of Python is taken for one. */
export function codeBlock(lines: Lines, language: string): string {
  const code = lines.join('\n');
  const guess = language === '' && code.startsWith('>>> ') ? 'pycon' : language;
  return `<pre><code>${highlight(code, guess) ?? escapeText(code)}\n</code></pre>`;
}
