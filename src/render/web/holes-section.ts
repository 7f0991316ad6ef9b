/** What advisories tell of a version: bounded, and as text, since anybody may have written it. */
import { type Html, html } from '../html.ts';
import type { ShownHole } from './model.ts';
import { breakable, when } from './parts.ts';
import type { Words } from './words.ts';

/** So many are shown, and so many other names of each. */
const MOST_SHOWN = 50;
const MOST_NAMES = 5;

export function holesSection(holes: readonly ShownHole[], words: Words): Html {
  if (holes.length === 0) return html``;
  const left = holes.length - MOST_SHOWN;
  return html`<section id="holes"><h2>${words.mark('knownHoles')}</h2>
<p class="sub">${words.mark('holesAbout')}</p>
<ul class="held">
${holes.slice(0, MOST_SHOWN).map((hole) => holeItem(hole, words))}</ul>
${when(left > 0, () => html`<p class="hint">${words.mark('more', left)}</p>\n`)}</section>
`;
}

function holeItem({ id, aliases, severity, summary, fixed }: ShownHole, words: Words): Html {
  const isBad = severity === 'malware' || severity === 'critical' || severity === 'high';
  const closed =
    fixed.length === 0 ? words.mark('closedNowhere') : words.mark('closedIn', fixed.slice(0, MOST_NAMES).join(', '));
  return html`<li>
<p class="what"><span class="tag${isBad ? ' is-bad' : ''}">${words.mark(`severity-${severity}`)}</span> <span lang="">${summary}</span></p>
${when(severity !== 'malware', () => html`<p class="hint">${closed}</p>\n`)}<p class="code">${[id, ...aliases.slice(0, MOST_NAMES)].map((name, place) => html`${place === 0 ? '' : ', '}${breakable(name)}`)}</p>
</li>
`;
}

/** In the head of a project's page, about its latest version. */
export function holesNotice(holes: readonly ShownHole[], href: string | undefined, words: Words): Html {
  if (holes.length === 0) return html``;
  const isEvil = holes.some(({ severity }) => severity === 'malware');
  const text = isEvil ? words.mark('isMalware') : words.mark('holesOfLatest', holes.length);
  return html`<p class="notice is-bad">${href === undefined ? text : html`<a href="${href}#holes">${text}</a>`}</p>\n`;
}
