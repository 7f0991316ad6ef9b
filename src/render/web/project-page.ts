/** `project/NAME/index.html`: all about one project in one repository. */
import { isYanked } from '../../catalog/build-project.ts';
import type { HeldFile } from '../../catalog/held-files.ts';
import type { MachineChoice } from '../../catalog/machine-choices.ts';
import type { IndexedFile, Project, Release } from '../../catalog/model.ts';
import type { CoreMetadata } from '../../standards/metadata.ts';
import { platformWords } from '../../standards/platform-words.ts';
import { type Html, html } from '../html.ts';
import { fileHref } from '../links.ts';
import { indexAddress } from './address.ts';
import { coverageSection } from './coverage-table.ts';
import { type Dependency, dependencySection, dependentSection } from './dependencies.ts';
import { heldTable } from './held-table.ts';
import { holesNotice } from './holes-section.ts';
import { hashLines, installLines, installTabs } from './install-lines.ts';
import { layout, PagePlace } from './layout.ts';
import { classifierList, licenceOf, metadataFacts, projectLinks } from './metadata-facts.ts';
import type { ProjectCoverage, ProjectOrigin, ShownHole, Sibling, SiteContext, Twins } from './model.ts';
import { elsewhereSection, originLine, originMark } from './origin-section.ts';
import { breakable, platformMarks, stats, when } from './parts.ts';
import { fileHtmlPath, projectFeedPath, projectPath, versionPath } from './places.ts';
import { addressHint } from './repository-page.ts';
import { runsSection } from './runs-section.ts';
import { familyData, siblingsSection } from './siblings-section.ts';
import type { TextKey } from './texts/en.ts';
import { whySection } from './why-section.ts';
import { Words } from './words.ts';

export interface ProjectPageData {
  repository: string;
  project: Project;
  /** Of the file that tells most about the latest release; absent when no file is offered. */
  metadata?: CoreMetadata;
  /** Safe HTML made of the description. */
  description?: Html;
  dependencies: readonly Dependency[];
  /** Projects of this repository that need it: normalized names, sorted. */
  dependents: readonly string[];
  held: readonly HeldFile[];
  /** Of the latest release, the worst first. */
  holes: readonly ShownHole[];
  /** What its machines take; none where no machine is known. */
  choices: readonly MachineChoice[];
  /** Absent where it runs on all machines of the repository. */
  coverage?: ProjectCoverage;
  /** Absent where the site has nothing to do with other indexes. */
  origin?: ProjectOrigin;
  siblings: readonly Sibling[];
  twins: readonly Twins[];
  /** The description is longer than what is shown. */
  isCut?: true;
}

export function projectPage(site: SiteContext, data: ProjectPageData): string {
  const { repository, project, metadata } = data;
  const words = new Words(site.language);
  const path = projectPath(project.name);
  const place = new PagePlace(repository, path);
  const { latest } = project;
  return layout({
    ...{ site, place, kind: 'project', title: project.displayName },
    ...(metadata?.summary !== undefined && { description: metadata.summary }),
    crumbs: [...repositoryCrumbs(site, place), { text: project.displayName }],
    feed: place.inRepository(projectFeedPath(project.name)),
    body: [
      header(data, place, words),
      jumpList(project, data, words),
      html`<div class="columns">\n<div class="main">\n`,
      when(latest, () => installSection(site, data, latest as Release, words)),
      when(latest, () => runsSection(latest as Release, words)),
      siblingsSection(project.name, data, site, place, words),
      when(data.coverage, () => coverageSection(data.coverage as ProjectCoverage, words)),
      when(latest, () =>
        whySection(
          { name: project.name, latest: latest?.version ?? '', choices: data.choices, offer: data.origin?.offer },
          place,
          words,
        ),
      ),
      elsewhereSection(project.name, data.origin, words),
      when(
        data.held.length > 0,
        () => html`<section id="held"><h2>${words.mark('heldFiles')}</h2>\n${heldTable(data.held, words)}</section>\n`,
      ),
      html`<section id="releases"><h2>${words.mark('releases')}</h2>\n${project.releases.map((release) => releaseItem(release, data, place, words))}${when(project.releases.length === 0, () => html`<p>${words.mark('noReleases')}</p>\n`)}<p class="sub"><a href="${place.inRepository(`simple/${project.name}/index.html`)}">${words.mark('simpleIndex')}</a></p></section>\n`,
      when(
        data.description,
        () =>
          html`<section id="description"><h2>${words.mark('description')}</h2>\n${when(!site.remoteImages && / class="image"/.test((data.description as Html).text), () => html`<p class="sub">${words.mark('imagesLeftOut')}</p>\n`)}<div class="readme" lang="">${data.description as Html}</div>\n${when(data.isCut, () => html`<p class="hint">${words.mark('descriptionCut')}</p>\n`)}</section>\n`,
      ),
      html`</div>\n<aside class="side" ${words.label('about')}>\n`,
      when(metadata, () => metadataFacts(metadata as CoreMetadata, words)),
      when(metadata, () => projectLinks(metadata as CoreMetadata, words)),
      when(latest, () => dependencySection(data.dependencies, place, words)),
      dependentSection(data.dependents, place, words),
      when(metadata, () => classifierList(metadata as CoreMetadata, words)),
      html`</aside>\n</div>\n`,
    ],
  });
}

/** From the site to a repository; the site is one of them where it is a repository itself. */
export function repositoryCrumbs(site: SiteContext, place: PagePlace): { text: string; href: string }[] {
  const home = { text: site.title, href: place.inSite('index.html') };
  return place.repository === '.' ? [home] : [home, { text: place.repository, href: place.inRepository('index.html') }];
}

function header({ project, metadata, holes, origin }: ProjectPageData, place: PagePlace, words: Words): Html {
  const { latest, status, statusReason } = project;
  return html`<div class="title">
<h1>${project.displayName}${when(latest, () => html` <span class="version">${latest?.version ?? ''}</span>`)}</h1>
${when(metadata?.summary, () => html`<p class="summary">${metadata?.summary ?? ''}</p>\n`)}${when(latest, () => platformMarks(platformWords(latest?.files ?? []), words))}
${when(latest, () => releaseFacts(latest as Release, metadata, words))}${when(status !== undefined && status !== 'active', () => html`<p class="notice${status === 'quarantined' ? ' is-bad' : ''}"><strong>${words.mark(`status-${status as 'archived'}`)}</strong>${statusReason === undefined ? '' : ` ${statusReason}`}</p>\n`)}${originLine(origin, words)}${when(latest, () => holesNotice(holes, addressOfVersion(project, latest as Release, place), words))}</div>
`;
}

/** What one wants to know before installing it. */
function releaseFacts(latest: Release, metadata: CoreMetadata | undefined, words: Words): Html {
  const { requiresPython } = metadata ?? {};
  return stats([
    [words.mark('hereSince'), words.day(newestFile(latest))],
    [words.mark('requiresPython'), requiresPython],
    [words.mark('licence'), metadata && licenceOf(metadata)],
    [words.mark('allFiles'), words.count(latest.files.length)],
    [words.mark('size'), words.size(latest.files.reduce((sum, { size }) => sum + size, 0))],
  ]);
}

/** When it came: milliseconds since 1970. */
export function newestFile({ files }: Release): number {
  return Math.max(...files.map((file) => file.uploadedMs));
}

/** The sections below, for long pages. */
function jumpList({ latest, releases }: Project, data: ProjectPageData, words: Words): Html {
  const links: [id: string, key: TextKey, isThere: boolean][] = [
    ['install', 'install', latest !== undefined],
    ['siblings', 'inRepositories', data.siblings.length > 1],
    ['coverage', 'platforms', data.coverage !== undefined],
    ['why', 'whyTitle', data.choices.length > 0],
    ['elsewhere', 'fromOthers', (data.origin?.asked.length ?? 0) > 0],
    ['held', 'heldFiles', data.held.length > 0],
    ['releases', 'releases', releases.length > 0],
    ['description', 'description', data.description !== undefined],
    ['dependencies', 'dependencies', latest !== undefined],
  ];
  const sections = links.filter(([, , isThere]) => isThere);
  const item = ([id, key]: (typeof links)[number]) => html`<li><a href="#${id}">${words.mark(key)}</a></li>\n`;
  return when(
    sections.length > 1,
    () => html`<nav class="jump" ${words.label('onThisPage')}><ul>\n${sections.map(item)}</ul></nav>\n`,
  );
}

function installSection(site: SiteContext, data: ProjectPageData, latest: Release, words: Words): Html {
  const { project, repository } = data;
  const address = indexAddress(site, repository);
  const lines = [...installLines(project.displayName, address), hashLines(project.displayName, latest, address)];
  return html`<section id="install"${familyData(repository, project.name, data)}><h2>${words.mark('install')}</h2>\n${installTabs(lines, words)}${when(!address.isKnown, () => addressHint(words))}</section>\n`;
}

function releaseItem(release: Release, data: ProjectPageData, place: PagePlace, words: Words): Html {
  const isLatest = release === data.project.latest;
  const yanked = isYanked(release);
  const [reason, ...others] = new Set(release.files.map((file) => file.yanked ?? ''));
  return html`<details class="release"${isLatest ? html` open` : ''}>
<summary><span class="version">${release.version}</span> ${when(yanked, () => html`<span class="tag is-bad">${words.mark('yanked')}</span> `)}<span class="quiet">${words.day(newestFile(release))} · ${words.mark('files', release.files.length)}</span>${when(yanked && others.length === 0 && reason, () => html` <span class="about">${reason ?? ''}</span>`)}</summary>
${filesTable(release, listedIn(data), place, words)}${versionLink(release, data, place, words)}</details>
`;
}

function addressOfVersion({ name }: Project, { version }: Release, place: PagePlace): string | undefined {
  const path = versionPath(name, version);
  return path === undefined ? undefined : place.inRepository(path);
}

function versionLink(release: Release, { project }: ProjectPageData, place: PagePlace, words: Words): Html {
  const href = addressOfVersion(project, release, place);
  const { version } = release;
  return when(
    href !== undefined,
    () => html`<p class="sub more-of"><a href="${href ?? ''}">${words.mark('aboutVersion', version)}</a></p>\n`,
  );
}

/** Where files are listed. */
interface Listed {
  repository: string;
  /** Normalized. */
  project: string;
  origin?: ProjectOrigin;
}

function listedIn({ repository, project, origin }: ProjectPageData): Listed {
  return { repository, project: project.name, ...(origin && { origin }) };
}

export function filesTable(release: Release, data: Listed, place: PagePlace, words: Words): Html {
  return html`<div class="scroll"><table class="files cardlike">
<thead><tr><th scope="col">${words.mark('file')}</th><th scope="col">${words.mark('python')}</th><th scope="col">${words.mark('platform')}</th><th scope="col" class="number">${words.mark('size')}</th><th scope="col">${words.mark('hereSince')}</th></tr></thead>
<tbody>
${release.files.map((file) => fileRow(file, release, data, place, words))}</tbody>
</table></div>
`;
}

function fileRow(file: IndexedFile, release: Release, data: Listed, place: PagePlace, words: Words): Html {
  const page = fileHtmlPath(data.project, release.version, file.filename);
  const depth = place.toRepository.length / '../'.length;
  const href = page === undefined ? fileHref({ repository: data.repository, depth }, file) : place.inRepository(page);
  return html`<tr><td class="filename"><a href="${href}">${breakable(file.filename)}</a>${originMark(file, data.origin, words)}${when(file.yanked !== undefined, () => html`<br><span class="tag is-bad">${words.mark('yanked')}</span> ${file.yanked || ''}`)}</td><td>${file.kind === 'wheel' ? pythonOf(file) : (file.requiresPython ?? '')}</td><td>${platformMarks(platformWords([file]), words)}</td><td class="number">${words.size(file.size)}</td><td>${words.day(file.uploadedMs)}</td></tr>
`;
}

/** The tag of a wheel's name that says for which Pythons it is: `cp311`, `py3`. */
function pythonOf({ filename }: IndexedFile): string {
  return filename.split('-').at(-3)?.replaceAll('.', ' ') ?? '';
}
