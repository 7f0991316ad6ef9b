/** What came from where: the team's own, brought by kho, or kept of another index. */
import type { IndexedFile } from '../../catalog/model.ts';
import { type Html, html } from '../html.ts';
import { leftOutSection } from './left-out-section.ts';
import type { KeptOfUpstream, KeptProject, ProjectOrigin, ShownRules } from './model.ts';
import { facts, when } from './parts.ts';
import type { Words } from './words.ts';

/** So many versions of a project are named. */
const MOST_VERSIONS = 6;

/** Where kho brought a file from; undefined for one of the site's own, and where nothing is told of that. */
export function fetchedFrom(
  { sha256, filename }: IndexedFile,
  origin: ProjectOrigin | undefined,
): { from: string; day: string } | undefined {
  return origin?.fetched[`${sha256} ${filename}`];
}

/** Beside the name of a file, where not all files of the project are of one kind. */
export function originMark(file: IndexedFile, origin: ProjectOrigin | undefined, words: Words): Html {
  if (!origin) return html``;
  const fetched = fetchedFrom(file, origin);
  if (fetched) return html` <span class="quiet">${words.mark('fetchedFrom', fetched.from)}</span>`;
  const isMixed = origin.whose === 'shared' || Object.keys(origin.fetched).length > 0;
  return when(isMixed, () => html` <span class="tag">${words.mark('ownFile')}</span>`);
}

/** In the head of a project's page: one line. */
export function originLine(origin: ProjectOrigin | undefined, words: Words): Html {
  if (!origin) return html``;
  const { whose, asked, passesOn, fetched } = origin;
  const named = asked.map(({ upstream }) => upstream).join(', ');
  const from = [...new Set(Object.values(fetched).map((each) => each.from))].sort().join(', ');
  const line =
    whose === 'shared'
      ? named === ''
        ? words.mark('originShared')
        : words.mark('originSharedWith', named)
      : whose === 'upstream'
        ? from !== '' && words.mark('originFetched', from)
        : passesOn && words.mark(whose === 'own' ? 'originOwn' : 'originUndecided');
  return when(line, () => html`<p class="sub origin">${line || ''}</p>\n`);
}

/** What other indexes have to do with a project of this repository. */
export function elsewhereSection(name: string, origin: ProjectOrigin | undefined, words: Words): Html {
  if (!origin || origin.asked.length === 0) return html``;
  return html`<section id="elsewhere"><h2>${words.mark('fromOthers')}</h2>
<p>${words.mark('elsewhereAbout')}</p>
${facts(origin.asked.map((rules) => [rules.upstream, rulesWords(rules, origin, words)] as const))}${leftOutSection(name, origin.offer, words)}<p class="sub">${words.mark('whyExact')} <code>kho why ${name}</code></p></section>
`;
}

function rulesWords(rules: ShownRules, { kept, offer }: ProjectOrigin, words: Words): Html {
  const { upstream, cooldownDays, denied, onlyAllowed } = rules;
  const here = kept.find((each) => each.upstream === upstream);
  const parts = [
    ...(cooldownDays === undefined ? [] : [words.mark('ruleCooldown', String(cooldownDays))]),
    ...(denied.length === 0 ? [] : [words.mark('ruleDenied', denied.join('; '))]),
    ...(onlyAllowed ? [words.mark('ruleAllowed')] : []),
    ...(here ? [html`${words.mark('keptHere', namedVersions(here))} ${words.size(here.bytes)}`] : []),
    ...(here || offer.is === 'untold' ? [] : [words.mark('nothingKept')]),
  ];
  if (parts.length === 0) parts.push(words.mark('ruleNothing'));
  return html`${parts.map((part) => html`<div>${part}</div>`)}`;
}

/** On a repository's page: what its machines have brought of other indexes. They have no pages of their own here. */
export function keptSection(kept: readonly KeptOfUpstream[], words: Words): Html {
  if (kept.length === 0) return html``;
  return html`<section id="kept"><h2>${words.mark('fromOthers')}</h2>\n<p class="sub">${words.mark('keptAbout')}</p>\n${kept.map((each) => keptItem(each, words))}</section>\n`;
}

function keptItem({ upstream, projects, more }: KeptOfUpstream, words: Words): Html {
  const bytes = projects.reduce((sum, project) => sum + project.bytes, 0);
  const row = (project: KeptProject) =>
    html`<tr><th scope="row">${project.name}</th><td class="version">${namedVersions(project)}</td><td class="number">${words.size(project.bytes)}</td></tr>\n`;
  return html`<details class="choice"><summary><span class="whose">${words.mark('keptOf', projects.length + more, upstream)}</span> <span class="quiet">${words.size(bytes)}</span></summary>
<div class="scroll"><table class="projects cardlike">
<thead><tr><th scope="col">${words.mark('project')}</th><th scope="col">${words.mark('version')}</th><th scope="col" class="number">${words.mark('size')}</th></tr></thead>
<tbody>
${projects.map(row)}</tbody>
</table></div>
${when(more > 0, () => html`<p class="hint">${words.mark('moreKept', more)}</p>\n`)}</details>
`;
}

function namedVersions({ versions }: KeptProject): string {
  return `${versions.slice(0, MOST_VERSIONS).join(', ')}${versions.length > MOST_VERSIONS ? ', …' : ''}`;
}
