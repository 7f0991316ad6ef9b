/** The same project in the other repositories of the site: which version is for which machines, and what lies there twice. */
import { type Html, html } from '../html.ts';
import type { PagePlace } from './layout.ts';
import type { Sibling, SiteContext, Twins } from './model.ts';
import { platformMarks, when } from './parts.ts';
import { projectPath } from './places.ts';
import { platformCell } from './platform-cell.ts';
import type { Words } from './words.ts';

export interface Family {
  /** This one too. */
  siblings: readonly Sibling[];
  twins: readonly Twins[];
}

/** What a repository has of it; 0 instead of platforms: it runs on all machines. */
export type MachineRuns = readonly [
  repository: string,
  version: string,
  platforms: readonly string[] | 0,
  hasSource: 0 | 1,
];

export function siblingsSection(name: string, family: Family, site: SiteContext, place: PagePlace, words: Words): Html {
  const { siblings, twins } = family;
  if (siblings.length < 2) return html``;
  // A column of nothing would push the others out of sight.
  const platforms = [
    ...new Set(
      siblings.flatMap(({ coverage = [] }) =>
        coverage.filter(({ state }) => state !== 'missing').map(({ platform }) => platform),
      ),
    ),
  ].sort();
  const row = ({ repository, latest, coverage, hasPure, hasSource }: Sibling) => {
    const of = new Map(coverage?.map((summary) => [summary.platform, summary]));
    const title = repository === '.' ? site.title : repository;
    const isHere = repository === place.repository;
    const link = html`<a href="${wayTo(repository, name, place)}">${title}</a>`;
    // What runs everywhere has no row of its own for each machine.
    const cells = coverage
      ? platforms.length === 0
        ? [nothing(words)]
        : platforms.map((platform) => (of.has(platform) ? platformCell(of.get(platform), words) : nothing(words)))
      : [
          html`<td${when(platforms.length > 1, () => html` colspan="${platforms.length}"`)}>${platformMarks([...(hasPure ? ['any'] : []), ...(hasSource ? ['sdist'] : [])], words)}</td>`,
        ];
    return html`<tr><th scope="row">${isHere ? html`<strong>${title}</strong> <span class="quiet">${words.mark('hereIt')}</span>` : link}</th><td class="version">${latest ?? ''}</td>${cells}</tr>
`;
  };
  const heads =
    platforms.length > 0
      ? platforms.map((platform) => html`<th scope="col">${platform}</th>`)
      : [html`<th scope="col">${words.mark('platforms')}</th>`];
  return html`<section id="siblings"><h2>${words.mark('inRepositories')}</h2>
<div class="scroll" tabindex="0" role="group" ${words.label('inRepositories')}><table class="coverage siblings">
<thead><tr><th scope="col">${words.mark('repository')}</th><th scope="col">${words.mark('latest')}</th>${heads}</tr></thead>
<tbody>
${siblings.map(row)}</tbody>
</table></div>
${twins.map(
  ({ repository, files, bytes }) =>
    html`<p class="hint">${words.mark('twins', files, repository)} ${words.size(bytes)}. ${words.mark('twinsHint', repository)}</p>\n`,
)}</section>
`;
}

/** For the script: what each repository has for which machines; nothing where this one's lines are right for all. */
export function familyData(own: string, name: string, { siblings }: Family): Html {
  const runs = siblings.map(
    ({ repository, latest, coverage, hasSource, hasPure }): MachineRuns => [
      repository,
      latest ?? '',
      coverage
        ? coverage.filter(({ pythons }) => pythons.length > 0).map(({ platform }) => platform)
        : hasPure
          ? 0
          : [],
      hasSource ? 1 : 0,
    ],
  );
  return machinesData(own, name, runs);
}

/** The same, told of one version. Nothing where it runs on all machines here, no repository has wheels for some, or no other has the project. */
export function machinesData(own: string, name: string, runs: readonly MachineRuns[]): Html {
  const here = runs.find(([repository]) => repository === own);
  const isBuilt = runs.some(([, , platforms]) => platforms !== 0 && platforms.length > 0);
  if (!here || here[2] === 0 || !isBuilt) return html``;
  return html` data-machines="${JSON.stringify(runs)}" data-project="${name}"`;
}

function nothing(words: Words): Html {
  return html`<td class="quiet"><span aria-hidden="true">–</span><span class="said">${words.mark('stateMissing')}</span></td>`;
}

function wayTo(repository: string, name: string, place: PagePlace): string {
  return place.inSite(repository === '.' ? projectPath(name) : `${repository}/${projectPath(name)}`);
}
