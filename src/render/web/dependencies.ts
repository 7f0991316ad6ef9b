/** What a project needs, and what needs it, in one repository. */
import { type Html, html } from '../html.ts';
import type { PagePlace } from './layout.ts';
import { when } from './parts.ts';
import { projectPath } from './places.ts';
import type { Words } from './words.ts';

export interface Dependency {
  /** Normalized. */
  name: string;
  /** As the metadata has it (PEP 508). */
  requirement: string;
  /** This repository lists it. */
  isThere: boolean;
  /** Of the marker: needed with this extra only. */
  extra?: string;
}

/** So many are shown at once; the rest unfolds. */
const SHOWN = 30;

export function dependencySection(
  dependencies: readonly Dependency[],
  dependents: readonly string[],
  place: PagePlace,
  words: Words,
): Html {
  const always = dependencies.filter(({ extra }) => extra === undefined);
  const extras = [...new Set(dependencies.flatMap(({ extra }) => extra ?? []))].sort();
  const missing = always.filter(({ isThere }) => !isThere).length;
  return html`<section class="box" id="dependencies"><h2>${words.mark('dependencies')}</h2>
${always.length === 0 ? html`<p class="quiet">${words.mark('noDependencies')}</p>\n` : dependencyList(always, place, words)}${when(missing > 0, () => html`<p class="notice is-bad">${words.mark('missingHere', missing)}</p>\n`)}${extras.map(
  (extra) =>
    html`<details><summary>${words.mark('withExtra', extra)}</summary>\n${dependencyList(
      dependencies.filter((dependency) => dependency.extra === extra),
      place,
      words,
    )}</details>\n`,
)}</section>
${when(dependents.length > 0, () => dependentList(dependents, place, words))}`;
}

function dependencyList(dependencies: readonly Dependency[], place: PagePlace, words: Words): Html {
  const item = ({ name, requirement, isThere }: Dependency) => {
    const [, written = name, rest = ''] = /^([A-Za-z0-9._-]+)\s*(.*)$/s.exec(requirement) ?? [];
    const shown = rest.replace(/\s*(?:and\s+)?extra\s*==\s*(?:'[^']*'|"[^"]*")/g, '').replace(/;\s*$/, '');
    const named = isThere
      ? html`<a href="${place.inRepository(projectPath(name))}">${written}</a>`
      : html`<span class="missing">${written}</span> <span class="tag is-bad">${words.mark('notHere')}</span>`;
    return html`<li>${named} <span class="quiet">${shown}</span></li>\n`;
  };
  return html`<ul class="dependencies">\n${dependencies.map(item)}</ul>\n`;
}

function dependentList(dependents: readonly string[], place: PagePlace, words: Words): Html {
  const item = (name: string) => html`<li><a href="${place.inRepository(projectPath(name))}">${name}</a></li>\n`;
  const rest = dependents.slice(SHOWN);
  return html`<section class="box" id="dependents"><h2>${words.mark('neededBy')}</h2>
<ul class="inline">\n${dependents.slice(0, SHOWN).map(item)}</ul>
${when(rest.length > 0, () => html`<details><summary>${words.mark('more', rest.length)}</summary>\n<ul class="inline">\n${rest.map(item)}</ul></details>\n`)}</section>
`;
}
