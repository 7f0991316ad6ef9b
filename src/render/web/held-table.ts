/** Files that are not listed, with the reason and the way out, in plain words. */
import { PROBLEM_HINTS, type ProblemCode } from '../../problems.ts';
import { type Html, html } from '../html.ts';
import type { HeldFile } from './model.ts';
import { heldWords } from './texts/held-words.ts';
import type { Words } from './words.ts';

export function heldTable(held: readonly HeldFile[], words: Words): Html {
  return html`<ul class="held">\n${held.map((file) => heldItem(file, words))}</ul>\n`;
}

function heldItem({ file, code, what, hint }: HeldFile, words: Words): Html {
  const known = heldWords(words.language, code);
  const isOrdinary = hint === PROBLEM_HINTS[code as ProblemCode];
  return html`<li>
<p class="path">${file}</p>
<p class="what">${known ? html`${known.why} <span lang="en">${what}</span>` : what}</p>
<p class="hint"><strong>${words.mark('whatToDo')}</strong> ${known?.todo ?? hint}${known && !isOrdinary ? html` <span lang="en">(${hint})</span>` : ''}</p>
<p class="code">${code}</p>
</li>
`;
}
