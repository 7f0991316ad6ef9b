/** Files that are not listed, with the reason and the way out, in plain words. */

import type { HeldFile } from '../../catalog/held-files.ts';
import { LANGUAGES, type Language } from '../../standards/languages.ts';
import { type Html, html } from '../html.ts';
import { nameText } from '../text-direction.ts';
import { heldWords } from './texts/held-words.ts';
import { Words } from './words.ts';

export function heldTable(held: readonly HeldFile[], words: Words): Html {
  return html`<ul class="held">\n${held.map((file) => heldItem(file, words))}</ul>\n`;
}

/** In all languages: the script shows the reader's instead of the page's. */
function heldItem(held: HeldFile, { language }: Words): Html {
  return html`<li>
<p class="path">${nameText(held.file)}</p>
${LANGUAGES.map((each) => html`<div lang="${each}" data-language="${each}"${each === language ? '' : html` hidden`}>\n${reason(held, each)}</div>\n`)}<p class="code">${held.code}</p>
</li>
`;
}

function reason({ code, what, hint }: HeldFile, language: Language): Html {
  const wording = heldWords(language, code, hint);
  const detail = wording ? html`<p class="detail" lang="en">${what}</p>\n` : '';
  return html`<p class="what">${wording?.why ?? what}</p>
${detail}<p class="hint"><strong>${new Words(language).text('whatToDo')}</strong> ${wording?.todo ?? hint}</p>
`;
}
