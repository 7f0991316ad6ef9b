/** What a project needs, and what needs it, in one repository. */
import { type Html, html } from '../html.ts';
import type { PagePlace } from './layout.ts';
import { when } from './parts.ts';
import { projectPath } from './places.ts';
import { withoutExtra } from './without-extra.ts';
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
const SHOWN_EXTRAS = 12;

export function dependencySection(dependencies: readonly Dependency[], place: PagePlace, words: Words): Html {
  const always = dependencies.filter(({ extra }) => extra === undefined);
  const byExtra = new Map<string, Dependency[]>();
  for (const dependency of dependencies) {
    if (dependency.extra === undefined) continue;
    const needed = byExtra.get(dependency.extra) ?? [];
    needed.push(dependency);
    byExtra.set(dependency.extra, needed);
  }
  const extras = [...byExtra.keys()].sort();
  const rest = extras.slice(SHOWN_EXTRAS);
  const extraItem = (extra: string) => {
    const needed = byExtra.get(extra) ?? [];
    return html`<details><summary>${words.mark('withExtra', extra)}</summary>\n${dependencyList(needed, place, words)}</details>\n`;
  };
  const missing = always.filter(({ isThere }) => !isThere).length;
  return html`<section class="box" id="dependencies"><h2>${words.mark('dependencies')}</h2>
${always.length === 0 ? html`<p class="quiet">${words.mark('noDependencies')}</p>\n` : dependencyList(always, place, words)}${when(missing > 0, () => html`<p class="notice is-bad">${words.mark('missingHere', missing)}</p>\n`)}${extras.slice(0, SHOWN_EXTRAS).map(extraItem)}${when(rest.length > 0, () => html`<details><summary>${words.mark('more', rest.length)}</summary>\n${rest.map(extraItem)}</details>\n`)}</section>
`;
}

function dependencyList(dependencies: readonly Dependency[], place: PagePlace, words: Words): Html {
  const item = ({ name, requirement, isThere }: Dependency) => {
    const [, written = name, rest = ''] = /^([A-Za-z0-9._-]+)\s*(.*)$/s.exec(requirement) ?? [];
    const named = isThere ? html`<a href="${place.inRepository(projectPath(name))}">${written}</a>` : written;
    const isMissing = when(!isThere, () => html` <span class="tag is-bad">${words.mark('notHere')}</span>`);
    return html`<li>${named} <span class="quiet">${withoutExtra(rest)}</span>${isMissing}</li>\n`;
  };
  return html`<ul class="dependencies">\n${dependencies.map(item)}</ul>\n`;
}

/** @param dependents projects of this repository: normalized names, sorted */
export function dependentSection(dependents: readonly string[], place: PagePlace, words: Words): Html {
  if (dependents.length === 0) return html``;
  const item = (name: string) => html`<li><a href="${place.inRepository(projectPath(name))}">${name}</a></li>\n`;
  const rest = dependents.slice(SHOWN);
  return html`<section class="box" id="dependents"><h2>${words.mark('neededBy')}</h2>
<ul class="inline">\n${dependents.slice(0, SHOWN).map(item)}</ul>
${when(rest.length > 0, () => html`<details><summary>${words.mark('more', rest.length)}</summary>\n<ul class="inline">\n${rest.map(item)}</ul></details>\n`)}</section>
`;
}
