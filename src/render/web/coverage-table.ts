/** Python × platform for each version of a project: what is there, what is not. */
import type { CoverageCell, CoverageRow, CoverageState } from '../../catalog/coverage.ts';
import { type FirstRelease, releasesWith } from '../../standards/platforms/distributions.ts';
import { compareVersions } from '../../standards/version.ts';
import { type Html, html } from '../html.ts';
import type { ProjectCoverage } from './model.ts';
import { facts, systemsList, when } from './parts.ts';
import type { TextKey } from './texts/en.ts';
import type { Words } from './words.ts';

/** Distributions that others are compared with. */
const WELL_KNOWN = /^(?:Debian$|Ubuntu$|RHEL)/;

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

export function coverageSection(whole: ProjectCoverage, words: Words): Html {
  const { coverage, nothingFor } = withoutEmptyPlatforms(whole);
  const rest = coverage.rows.slice(SHOWN_VERSIONS);
  return html`<section id="coverage"><h2>${words.mark('platforms')}</h2>
<p class="quiet">${words.mark('coverageAbout')}</p>
${coverageTable(coverage, coverage.rows.slice(0, SHOWN_VERSIONS), words)}${systemsOfNumbers(coverage, words)}${when(
  nothingFor.length > 0,
  () => html`<p class="is-bad">${words.mark('nothingFor', nothingFor.join(', '))}</p>\n`,
)}${when(
  rest.length > 0,
  () =>
    html`<details><summary>${words.mark('olderVersions', rest.length)}</summary>\n${coverageTable(coverage, rest, words)}</details>\n`,
)}</section>
`;
}

/** What the numbers in the table are in people's words: nobody knows the glibc of his machine by heart. */
function systemsOfNumbers({ rows }: ProjectCoverage, words: Words): Html {
  const floors = new Set(rows.flatMap(({ cells }) => cells.flatMap(({ glibcFloor }) => glibcFloor ?? [])));
  const bySystems = new Map<string, { numbers: string[]; systems: FirstRelease[] }>();
  for (const floor of [...floors].sort(compareVersions)) {
    const systems = releasesWith('glibc', floor).filter(({ name }) => WELL_KNOWN.test(name));
    const key = JSON.stringify(systems);
    const alike = bySystems.get(key) ?? { numbers: [], systems };
    alike.numbers.push(`≥ ${floor}`);
    bySystems.set(key, alike);
  }
  const known = [...bySystems.values()].filter(({ systems }) => systems.length > 0);
  return facts(known.map(({ numbers, systems }) => [numbers.join(', '), systemsList(systems, words)]));
}

/** A platform that no version has anything for is named below the table: columns of nothing would push the others out of sight. */
function withoutEmptyPlatforms(coverage: ProjectCoverage): { coverage: ProjectCoverage; nothingFor: string[] } {
  const isThere = (place: number) => coverage.rows.some(({ cells }) => cells[place]?.state !== 'missing');
  const offeredPlatforms = new Set(
    coverage.machines.filter((_, place) => isThere(place)).map(({ platform }) => platform),
  );
  const platforms = new Set(coverage.machines.map(({ platform }) => platform));
  const nothingFor = [...platforms].filter((platform) => !offeredPlatforms.has(platform));
  if (offeredPlatforms.size === 0 || nothingFor.length === 0) return { coverage, nothingFor: [] };
  const isShown = coverage.machines.map(({ platform }) => offeredPlatforms.has(platform));
  const shownOf = <T>(list: readonly T[]) => list.filter((_, place) => isShown[place]);
  const rows = coverage.rows.map((row) => ({ ...row, cells: shownOf(row.cells) }));
  return { coverage: { ...coverage, machines: shownOf(coverage.machines), rows }, nothingFor };
}

function coverageTable({ machines }: ProjectCoverage, rows: readonly CoverageRow[], words: Words): Html {
  const platforms = [...new Set(machines.map(({ platform }) => platform))];
  const pythonsOf = (platform: string) => machines.filter((machine) => machine.platform === platform);
  return html`<div class="scroll" tabindex="0" role="group" ${words.label('platforms')}><table class="coverage">
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
  const held = when(heldWheel, () => html`<small>${words.mark('wheelIsHeld')}</small>`);
  return html`<td class="is-${state}"${edge}>${stateSign(state, glibcFloor, words)}${held}</td>`;
}

/** Of the states that fill most tables a sign, with the word for those who hear the page; a wheel's is the glibc that it needs. */
function stateSign(state: CoverageState, glibcFloor: string | undefined, words: Words): Html {
  const signOf = (sign: string) =>
    html`<span aria-hidden="true">${sign}</span><span class="said">${words.mark(stateText(state))}</span>`;
  if (state === 'missing') return signOf('–');
  if (state !== 'wheel') return words.mark(stateText(state));
  return glibcFloor === undefined
    ? signOf('✓')
    : html`<span class="said">${words.mark(stateText(state))}</span> ≥ ${glibcFloor}`;
}
