/** `project/NAME/VERSION/FILE.html`: all about one file. */
import type { IndexedFile } from '../../catalog/model.ts';
import { FormatError } from '../../problems.ts';
import type { BinaryFacts } from '../../standards/platforms/binary-facts.ts';
import { parseWheelFilename } from '../../standards/wheel-filename.ts';
import { type Html, html } from '../html.ts';
import { fileHref } from '../links.ts';
import { binariesSection } from './binaries-section.ts';
import { layout, PagePlace } from './layout.ts';
import { type MemberChanges, memberChangesSection } from './member-changes.ts';
import { memberTree, type ShownMember } from './member-tree.ts';
import type { ProjectOrigin, SiteContext } from './model.ts';
import { fetchedFrom } from './origin-section.ts';
import { breakable, copyable, facts, stats, when } from './parts.ts';
import { projectPath } from './places.ts';
import { repositoryCrumbs } from './project-page.ts';
import { tagTable } from './tag-words.ts';
import { Words } from './words.ts';

/** What the package itself says, read when the page is made. Texts are as they stand in it. */
export interface PackageDetails {
  /** Files only. */
  members: readonly ShownMember[];
  metadataText: string;
  recordText?: string;
  entryPointsText?: string;
  /** `WHEEL`: which tool built it. */
  wheelText?: string;
  provenance?: readonly Publisher[];
}

/** Who published a file, as its provenance says (PEP 740). */
export interface Publisher {
  kind: string;
  /** `repository`: `owner/name` and the like. */
  claims: readonly (readonly [name: string, value: string])[];
}

export interface FilePageData {
  repository: string;
  /** Normalized. */
  project: string;
  displayName: string;
  version: string;
  file: IndexedFile;
  /** From the repository's folder. */
  path: string;
  /** Absent where the site has nothing to do with other indexes. */
  origin?: ProjectOrigin;
  /** Absent when it could not be read any more: the next run makes the page anew. */
  details?: PackageDetails;
  /** Compared with the file of the same kind and tags in the release before. */
  changes?: { since: string; changes: MemberChanges };
}

/** So much of a text out of a package is shown, in characters. */
const SHOWN_TEXT = 64 * 1024;

export function filePage(site: SiteContext, data: FilePageData): string {
  const { repository, project, displayName, version, file, details } = data;
  const words = new Words(site.language);
  const place = new PagePlace(repository, data.path);
  const main = mainSections(data, words);
  const side = html`${entryPointsSection(details?.entryPointsText, words)}${trustSection(data, place, words)}`;
  return layout({
    ...{ site, place, kind: 'file', title: file.filename },
    crumbs: [
      ...repositoryCrumbs(site, place),
      { text: displayName, href: place.inRepository(projectPath(project)) },
      { text: version, href: 'index.html' },
      { text: file.filename },
    ],
    body: [
      html`<div class="title">\n<h1 class="filename">${breakable(file.filename)}</h1>\n<p class="summary">${words.mark('fileOf', displayName, version)}</p>\n`,
      when(
        file.yanked !== undefined,
        () =>
          html`<p class="notice is-bad"><strong>${words.mark('yanked')}</strong>${file.yanked ? `: ${file.yanked}` : ''}</p>\n`,
      ),
      aboutFile(data, place, words),
      html`</div>\n`,
      side.text === ''
        ? main
        : html`<div class="columns">
<div class="main">
${main}</div>
<aside class="side" ${words.label('about')}>
${side}</aside>
</div>
`,
    ],
  });
}

function mainSections(data: FilePageData, words: Words): Html {
  const { file, details, changes } = data;
  return html`${[
    hashSection(file, words),
    tagSection(file, words),
    when(file.binaries, () => binariesSection(file.binaries as BinaryFacts, words)),
    when(details, () => membersSection(details as PackageDetails, words)),
    when(changes, () =>
      memberChangesSection((changes as { changes: MemberChanges }).changes, changes?.since ?? '', words),
    ),
    when(details, () => textSections(file.kind, details as PackageDetails, words)),
  ]}`;
}

function entryPointsSection(text: string | undefined, words: Words): Html {
  if (text === undefined || text.trim() === '') return html``;
  return html`<section class="box"><h2>${words.mark('entryPoints')}</h2>\n${preformatted(text.trim(), words)}</section>\n`;
}

function aboutFile({ file, repository, origin }: FilePageData, place: PagePlace, words: Words): Html {
  const fetched = fetchedFrom(file, origin);
  return html`${stats([
    [words.mark('kind'), words.mark(file.kind === 'wheel' ? 'kindWheel' : 'kindSdist')],
    [words.mark('size'), words.size(file.size)],
    [words.mark('hereSince'), words.day(file.uploadedMs)],
    [words.mark('requiresPython'), file.requiresPython],
    [words.mark('cameFrom'), fetched ? `${fetched.from}, ${fetched.day}` : origin && words.mark('ownFile')],
    [words.mark('liesIn'), file.repository === repository ? undefined : file.repository],
  ])}<p><a class="button" href="${hrefOf(file, place)}" download>${words.mark('download')}</a></p>
`;
}

function hashSection({ sha256 }: IndexedFile, words: Words): Html {
  return html`<section id="hash"><h2>sha256</h2>\n${copyable(sha256, words, words.label('copyHash'))}</section>\n`;
}

function hrefOf(file: IndexedFile, place: PagePlace): string {
  return fileHref({ repository: place.repository, depth: place.toRepository.length / '../'.length }, file);
}

function tagSection(file: IndexedFile, words: Words): Html {
  if (file.kind !== 'wheel')
    return html`<section id="runs"><h2>${words.mark('whereItRuns')}</h2>\n<p>${words.mark('sdistRuns')}</p></section>\n`;
  try {
    return html`<section id="runs"><h2>${words.mark('whereItRuns')}</h2>\n${tagTable(parseWheelFilename(file.filename), words)}</section>\n`;
  } catch (error) {
    if (error instanceof FormatError) return html``; // it is listed, so its name has been read before
    throw error;
  }
}

function membersSection({ members }: PackageDetails, words: Words): Html {
  const bytes = members.reduce((sum, { size }) => sum + size, 0);
  return html`<section id="inside"><h2>${words.mark('inside')}</h2>
<p class="quiet">${words.mark('files', members.length)}, ${words.mark('unpacked', words.sizeText(bytes))}</p>
<p class="filter" hidden><label>${words.mark('searchMembers')} <input type="search" data-filter="members" autocomplete="off" spellcheck="false"></label></p>
${memberTree(members, words)}</section>
`;
}

function textSections(
  kind: IndexedFile['kind'],
  { metadataText, recordText, wheelText }: PackageDetails,
  words: Words,
): Html {
  const section = (name: string, text: string | undefined) =>
    when(
      text !== undefined,
      () => html`<details class="text"><summary>${name}</summary>\n${preformatted(text ?? '', words)}</details>\n`,
    );
  return html`<section id="texts"><h2>${words.mark('asItStands')}</h2>\n${section(kind === 'wheel' ? 'METADATA' : 'PKG-INFO', metadataText)}${section('WHEEL', wheelText)}${section('RECORD', recordText)}</section>\n`;
}

function preformatted(text: string, words: Words): Html {
  const left = text.length - SHOWN_TEXT;
  return html`<pre class="verbatim" tabindex="0">${text.slice(0, SHOWN_TEXT)}</pre>\n${when(left > 0, () => html`<p class="quiet">${words.mark('moreText', left)}</p>\n`)}`;
}

function trustSection({ file, details }: FilePageData, place: PagePlace, words: Words): Html {
  const href = hrefOf(file, place);
  if (!file.signed && !details?.provenance) return html``;
  const publishers = (details?.provenance ?? []).map(({ kind, claims }) => html`<h3>${kind}</h3>\n${facts(claims)}`);
  return html`<section class="box"><h2>${words.mark('trust')}</h2>
${when(file.signed, () => html`<p>${words.mark('isSigned')} <a href="${href}.asc">${words.mark('signature')}</a></p>\n`)}${when(details?.provenance, () => html`<p>${words.mark('hasProvenance')} <a href="${href}.provenance">${words.mark('provenance')}</a></p>\n${publishers}`)}</section>
`;
}
