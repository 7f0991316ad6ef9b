/** What a project has for one platform, as a cell of a table. */
import type { PlatformSummary } from '../../catalog/platform-summary.ts';
import { type Html, html } from '../html.ts';
import { stateText } from './coverage-table.ts';
import { when } from './parts.ts';
import type { Words } from './words.ts';

export function platformCell(summary: PlatformSummary | undefined, words: Words): Html {
  if (!summary) return html`<td></td>`;
  const { state, pythons, lacking, behind, glibcFloor } = summary;
  if (pythons.length > 0) {
    const floor = when(glibcFloor, () => html` ≥ ${glibcFloor ?? ''}`);
    const without = when(lacking.length > 0, () => html`<small>${words.mark('lackingFor', ranges(lacking))}</small>`);
    return html`<td class="is-${lacking.length > 0 ? 'partial' : state}">${words.mark(stateText(state))}${floor}${without}</td>`;
  }
  const older = when(
    behind,
    () => html`<small>${words.mark('releasesBehind', behind?.releases ?? 0, behind?.version ?? '')}</small>`,
  );
  return html`<td class="is-${state}">${words.mark(stateText(state))}${older}</td>`;
}

/** `3.9–3.11, 3.14`. @param pythons sorted */
function ranges(pythons: readonly string[]): string {
  const minor = (python: string | undefined) => Number(python?.split('.')[1]);
  const parts: string[][] = [];
  for (const python of pythons) {
    const last = parts.at(-1);
    if (last && minor(python) === minor(last.at(-1)) + 1) last.push(python);
    else parts.push([python]);
  }
  return parts.map((part) => (part.length < 3 ? part.join(', ') : `${part[0]}–${part.at(-1)}`)).join(', ');
}
