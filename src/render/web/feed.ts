/**
 * Atom feeds of what came.
 *
 * Source: RFC 4287. Ids are made of names, so that they stay when a site moves; times are those of files, never the clock's.
 */
import { html } from '../html.ts';
import { encodePath } from '../links.ts';
import type { Change } from './changes-page.ts';
import { PagePlace } from './layout.ts';
import type { SiteContext } from './model.ts';
import { projectPath } from './places.ts';
import { isoTime, Words } from './words.ts';

export interface Feed {
  repository: string;
  /** Of the feed itself, and of the page that it belongs to: from the repository's folder. */
  path: string;
  pagePath: string;
  title: string;
  /** Newest first. */
  changes: readonly Change[];
}

export function feedXml(site: SiteContext, { repository, path, pagePath, title, changes }: Feed): string {
  const words = new Words(site.language);
  const place = new PagePlace(repository, path);
  const base = site.siteUrl === undefined ? place.toSite : `${site.siteUrl}/`;
  const fromSite = (name: string, below: string) => base + encodePath(name === '.' ? below : `${name}/${below}`);
  const updated = isoTime(changes[0]?.publishedMs ?? 0);
  const entry = (change: Change) => html`<entry>
<title>${`${change.displayName} ${change.version}`}</title>
<id>${changeId(change)}</id>
<updated>${isoTime(change.publishedMs)}</updated>
<link rel="alternate" type="text/html" href="${fromSite(change.repository, projectPath(change.name))}"/>
<summary>${[change.summary, words.text('files', change.files)].filter(Boolean).join(' · ')}</summary>
</entry>
`;
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${site.language}">
<title>${title}</title>
<id>${`urn:kho:feed:${encodeURIComponent(site.title)}:${encodeURIComponent(repository)}:${encodeURIComponent(path)}`}</id>
<updated>${updated}</updated>
<author><name>${site.title}</name></author>
<generator>kho</generator>
<link rel="self" type="application/atom+xml" href="${fromSite(repository, path)}"/>
<link rel="alternate" type="text/html" href="${fromSite(repository, pagePath)}"/>
${changes.map(entry)}</feed>
`.text;
}

function changeId({ repository, name, version, publishedMs }: Change): string {
  return `urn:kho:release:${encodeURIComponent(repository)}:${name}:${encodeURIComponent(version)}:${publishedMs}`;
}
