/** Python × platform for each version of a project: what is there, what is not. */
import type { CoverageCell, CoverageRow, CoverageState } from '../../catalog/coverage.ts';
import { type Html, html } from '../html.ts';
import type { ProjectCoverage } from './model.ts';
import { when } from './parts.ts';
import type { TextKey } from './texts/en.ts';
import type { Words } from './words.ts';

/** So many versions are shown at once; the rest unfolds. */
const SHOWN_VERSIONS = 8;

const STATE_TEXTS = {
  wheel: 'stateWheel',
  pure: 'statePure',
  sdist: 'stateSdist',
  yanked: 'stateYanked',
  held: 'stateHeld',
  excluded: 'stateExcluded',
  missing: 'stateMissing',
} as const satisfies Record<CoverageState, TextKey>;

export function stateText(state: CoverageState): TextKey {
  return STATE_TEXTS[state];
}

export function coverageSection(coverage: ProjectCoverage, words: Words): Html {
  const rest = coverage.rows.slice(SHOWN_VERSIONS);
  return html`<section id="coverage"><h2>${words.mark('coverage')}</h2>
<p class="quiet">${words.mark('coverageAbout')}</p>
${coverageTable(coverage, coverage.rows.slice(0, SHOWN_VERSIONS), words)}${when(
  rest.length > 0,
  () =>
    html`<details><summary>${words.mark('olderVersions', rest.length)}</summary>\n${coverageTable(coverage, rest, words)}</details>\n`,
)}</section>
`;
}

function coverageTable({ machines }: ProjectCoverage, rows: readonly CoverageRow[], words: Words): Html {
  const platforms = [...new Set(machines.map(({ platform }) => platform))];
  const pythonsOf = (platform: string) => machines.filter((machine) => machine.platform === platform);
  return html`<div class="scroll" tabindex="0" role="group" data-t-label="coverage" aria-label="${words.text('coverage')}"><table class="coverage">
<thead>
<tr><th scope="col" rowspan="2">${words.mark('version')}</th>${platforms.map(
    (platform) => html`<th scope="colgroup" colspan="${pythonsOf(platform).length}">${platform}</th>`,
  )}</tr>
<tr>${machines.map(({ python }, place) => html`<th scope="col"${edge(machines, place)}>${python}</th>`)}</tr>
</thead>
<tbody>
${rows.map((row) => html`<tr><th scope="row">${row.version}</th>${row.cells.map((cell, place) => cellOf(cell, edge(machines, place), words))}</tr>\n`)}</tbody>
</table></div>
`;
}

/** Where the columns of another platform begin. */
function edge(machines: ProjectCoverage['machines'], place: number): Html {
  return when(machines[place]?.platform !== machines[place - 1]?.platform, () => html` data-edge`);
}

function cellOf({ state, glibcFloor, heldWheel }: CoverageCell, edge: Html, words: Words): Html {
  const floor = when(glibcFloor, () => html`<small>≥ ${glibcFloor ?? ''}</small>`);
  const held = when(heldWheel, () => html`<small>${words.mark('wheelIsHeld')}</small>`);
  return html`<td class="is-${state}"${edge}>${words.mark(stateText(state))}${floor}${held}</td>`;
}
