/** `project/NAME/VERSION/index.html`: one release, its files, the line that installs this very version, and what is new in it. */
import { isYanked } from '../../catalog/build-project.ts';
import type { Release } from '../../catalog/model.ts';
import { platformWords } from '../../standards/platform-words.ts';
import { type Html, html } from '../html.ts';
import { indexAddress } from './address.ts';
import { holesNotice, holesSection } from './holes-section.ts';
import { hashLines, installLines, installTabs } from './install-lines.ts';
import { layout, PagePlace } from './layout.ts';
import type { ProjectOrigin, ShownHole, SiteContext } from './model.ts';
import { facts, libcName, platformMarks, stats, when } from './parts.ts';
import { projectPath, versionPath } from './places.ts';
import { filesTable, newestFile, repositoryCrumbs } from './project-page.ts';
import { addressHint } from './repository-page.ts';
import { runsSection } from './runs-section.ts';
import { type MachineRuns, machinesData } from './siblings-section.ts';
import { Words } from './words.ts';

export interface Difference {
  added: readonly string[];
  removed: readonly string[];
}

export interface VersionChanges {
  /** The version before. */
  since: string;
  /** Requirements, as written. */
  dependencies: Difference;
  /** `[console_scripts] name = module:function`. */
  entryPoints: Difference;
  /** As in `ProjectCard`. */
  platforms: Difference;
  /** Requires-Python before and now, empty for none; absent where it is the same. */
  pythons: readonly [before: string, now: string] | undefined;
  /** The glibc that all its wheels run with. */
  glibc: readonly [before: string, now: string] | undefined;
}

export interface VersionPageData {
  repository: string;
  /** Normalized. */
  project: string;
  displayName: string;
  release: Release;
  /** From the repository's folder. */
  path: string;
  summary?: string;
  requiresPython?: string;
  /** In all repositories that have this version; none where no other has the project. */
  machines: readonly MachineRuns[];
  /** The worst first. */
  holes: readonly ShownHole[];
  /** Absent where the site has nothing to do with other indexes. */
  origin?: ProjectOrigin;
  /** The version after this one; absent for the newest. */
  newer?: string;
  /** Absent for the oldest release. */
  changes?: VersionChanges;
}

/** So many of one kind are named. */
const NAMED = 200;

export function versionPage(site: SiteContext, data: VersionPageData): string {
  const { repository, project, displayName, release, summary, requiresPython, changes } = data;
  const { version, files } = release;
  const words = new Words(site.language);
  const place = new PagePlace(repository, data.path);
  const address = indexAddress(site, repository);
  const pinned = `${displayName}==${version}`;
  const lines = [...installLines(pinned, address), hashLines(displayName, release, address)];
  return layout({
    ...{ site, place, kind: 'version', title: `${displayName} ${version}` },
    crumbs: [
      ...repositoryCrumbs(site, place),
      { text: displayName, href: place.inRepository(projectPath(project)) },
      { text: version },
    ],
    body: [
      html`<div class="title">\n<h1>${displayName} <span class="version">${version}</span></h1>\n`,
      when(summary, () => html`<p class="summary">${summary ?? ''}</p>\n`),
      platformMarks(platformWords(files), words),
      stats([
        [words.mark('hereSince'), words.day(newestFile(release))],
        [words.mark('requiresPython'), requiresPython],
        [words.mark('allFiles'), words.count(files.length)],
        [words.mark('size'), words.size(files.reduce((sum, { size }) => sum + size, 0))],
      ]),
      when(isYanked(release), () => yanked(release, words)),
      holesNotice(data.holes, '', words),
      versionLink('versionAfter', data.newer, data, place, words),
      html`</div>\n`,
      html`<section id="install"${machinesData(repository, project, data.machines)}><h2>${words.mark('install')}</h2>\n${installTabs(lines, words)}${when(!address.isKnown, () => addressHint(words))}</section>\n`,
      holesSection(data.holes, words),
      runsSection(release, words),
      when(changes, () => changesSection(changes as VersionChanges, data, place, words)),
      html`<section id="files"><h2>${words.mark('filesOfVersion')}</h2>\n${filesTable(release, { repository, project, ...(data.origin && { origin: data.origin }) }, place, words)}</section>\n`,
    ],
  });
}

function yanked({ files }: Release, words: Words): Html {
  const reasons = [...new Set(files.flatMap((file) => file.yanked || []))];
  return html`<p class="notice is-bad"><strong>${words.mark('yanked')}</strong>${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}</p>\n`;
}

/** Nothing where there is none, or where it has no page. */
function versionLink(
  key: 'versionBefore' | 'versionAfter',
  version: string | undefined,
  { project }: VersionPageData,
  place: PagePlace,
  words: Words,
): Html {
  const path = version === undefined ? undefined : versionPath(project, version);
  if (version === undefined || path === undefined) return html``;
  return html`<p class="sub"><a href="${place.inRepository(path)}">${words.mark(key, version)}</a></p>\n`;
}

function changesSection(changes: VersionChanges, data: VersionPageData, place: PagePlace, words: Words): Html {
  const { since, dependencies, entryPoints, platforms, pythons, glibc } = changes;
  const rows = facts([
    [words.mark('dependencies'), difference(dependencies, words)],
    [words.mark('requiresPython'), pythons && step(pythons)],
    [words.mark('entryPoints'), difference(entryPoints, words)],
    [words.mark('platforms'), difference(inLibcNames(platforms), words)],
    [words.mark('needsOfLibc', 'glibc'), glibc && step(glibc)],
  ]);
  const before = versionLink('versionBefore', since, data, place, words);
  return html`<section id="since"><h2>${words.mark('sinceVersion', since)}</h2>
${rows.text === '' ? html`<p>${words.mark('sameNeeds')}</p>\n` : rows}${before}</section>
`;
}

function difference({ added, removed }: Difference, words: Words): Html | undefined {
  if (added.length + removed.length === 0) return undefined;
  const item = (sign: string, word: Html) => (text: string) =>
    html`<li><span aria-hidden="true">${sign}</span> <span class="said">${word}</span><code>${text}</code></li>\n`;
  return html`<ul class="difference">
${added.slice(0, NAMED).map(item('+', words.mark('isNew')))}${removed.slice(0, NAMED).map(item('−', words.mark('isGone')))}</ul>
`;
}

function inLibcNames({ added, removed }: Difference): Difference {
  return { added: added.map(libcName), removed: removed.map(libcName) };
}

function step([before, now]: readonly [string, string]): Html {
  return html`<code>${before || '–'}</code> → <code>${now || '–'}</code>`;
}
