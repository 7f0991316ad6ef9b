/** What a project says of itself. */
import { safeAddress } from '../../readme/safe-address.ts';
import { decodeWords } from '../../standards/encoded-words.ts';
import type { CoreMetadata } from '../../standards/metadata.ts';
import { type Html, html } from '../html.ts';
import { mailNames } from './mail-names.ts';
import { facts, when } from './parts.ts';
import type { Words } from './words.ts';

/** So much of a licence's text is shown; some projects put the whole text into the field. In characters. */
const LICENCE_LENGTH = 100;

/** So many keywords and extras are named. */
const SHOWN_NAMES = 20;

export function metadataFacts(metadata: CoreMetadata, words: Words): Html {
  const rows = facts([
    [words.mark('author'), person(metadata.author, metadata.authorEmail)],
    [words.mark('maintainer'), person(metadata.maintainer, metadata.maintainerEmail)],
    [words.mark('keywords'), names(keywordsOf(metadata), words)],
    [words.mark('extras'), names(metadata.providesExtra, words)],
  ]);
  return when(rows.text !== '', () => html`<section class="box"><h2>${words.mark('about')}</h2>\n${rows}</section>\n`);
}

/** Some projects have hundreds of extras. */
function names(all: readonly string[], words: Words): Html | string {
  const firstNames = all.slice(0, SHOWN_NAMES).join(', ');
  const left = all.length - SHOWN_NAMES;
  return left > 0 ? html`${firstNames} … <span class="quiet">${words.mark('more', left)}</span>` : firstNames;
}

export function licenceOf(metadata: CoreMetadata): string | undefined {
  if (metadata.licenseExpression !== undefined) return metadata.licenseExpression;
  const [first = ''] = (metadata.license ?? '').split('\n');
  if (first !== '' && first.length <= LICENCE_LENGTH && !/^(?:©|copyright\b)/i.test(first)) return first;
  const classified = metadata.classifiers.filter((line) => line.startsWith('License :: '));
  if (classified.length > 0) return classified.map((line) => line.split(' :: ').at(-1)).join(', ');
  return first === '' ? undefined : `${first.slice(0, LICENCE_LENGTH)}…`;
}

/** A list in one text, separated by commas, in old files by blanks. */
export function keywordsOf({ keywords = '' }: CoreMetadata): string[] {
  const parts = keywords.split(keywords.includes(',') ? ',' : /\s+/).map((word) => word.trim());
  return [...new Set(parts.filter((word) => word !== ''))];
}

/** Addresses of mail are left out: pages are read by machines that collect them. */
function person(name: string | undefined, email: string | undefined): string | undefined {
  if (name !== undefined) return decodeWords(name);
  const named = mailNames(email ?? '').map((one) => decodeWords(one).replaceAll('"', '').trim());
  return named.filter((one) => one !== '' && !one.includes('@')).join(', ') || undefined;
}

export interface ProjectLink {
  label: string;
  url: string;
}

/** As the metadata has them, the old single fields among them; those that lead nowhere safe are shown as text. */
export function linksOf({ projectUrls, homePage, downloadUrl }: CoreMetadata): ProjectLink[] {
  const links = new Map<string, string>();
  for (const line of projectUrls) {
    const [, label, url] = /^([^,]*),\s*(\S.*)$/.exec(line) ?? [];
    if (label !== undefined && url !== undefined) links.set(label.trim(), url);
  }
  if (homePage !== undefined && ![...links.values()].includes(homePage)) links.set('Homepage', homePage);
  if (downloadUrl !== undefined) links.set('Download', downloadUrl);
  return [...links].map(([label, url]) => ({ label, url }));
}

export function projectLinks(metadata: CoreMetadata, words: Words): Html {
  const links = linksOf(metadata);
  if (links.length === 0) return html``;
  const item = ({ label, url }: ProjectLink) => html`<li>${outsideLink(label, url)}</li>\n`;
  return html`<section class="box"><h2>${words.mark('links')}</h2>\n<ul class="links">\n${links.map(item)}</ul></section>\n`;
}

/** A link out of the site, to the web or to mail and to nothing else; the host is told, since a label may say anything. */
function outsideLink(label: string, url: string): Html {
  const href = safeAddress(url);
  if (href === undefined || href.startsWith('mailto:')) return html`${label}: <span class="quiet">${url}</span>`;
  const { host } = new URL(href);
  return html`<a href="${href}" rel="nofollow noopener noreferrer">${label}</a> <span class="quiet">${host}</span>`;
}

export function classifierList({ classifiers }: CoreMetadata, words: Words): Html {
  if (classifiers.length === 0) return html``;
  const groups = new Map<string, string[]>();
  for (const line of classifiers) {
    const [group = '', ...rest] = line.split(' :: ');
    const values = groups.get(group) ?? [];
    values.push(rest.join(' :: '));
    groups.set(group, values);
  }
  const groupRows = [...groups].map(
    ([group, values]) => html`<h3>${group}</h3>\n<ul>${values.map((value) => html`<li>${value}</li>\n`)}</ul>\n`,
  );
  return html`<section class="box classifiers"><h2>${words.mark('classifiers')}</h2>\n<details><summary>${words.mark('classifierCount', classifiers.length)}</summary>\n${groupRows}</details></section>\n`;
}
