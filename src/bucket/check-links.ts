/** Pages of a bucket, read as clients read them. */
import { gunzipSync } from 'node:zlib';
import { type ClientFile, viewHtml, viewJson } from '../clients/client-view.ts';
import { followLink } from '../clients/follow-link.ts';
import { FormatError } from '../problems.ts';
import { splitRepository } from '../publish/target.ts';
import { quoted } from '../standards/quoted.ts';

/** What a link of a page leads to. */
export interface PageLink {
  filename: string;
  /** From the store's prefix; undefined where it leads out of the site. */
  key: string | undefined;
}

const PROJECT_PAGE = /^simple\/[^/]+\/(?:index\.(?:html|json))?$/;

/** Whether installers look there for files. */
export function isProjectPage(key: string): boolean {
  return PROJECT_PAGE.test(splitRepository(key).rest);
}

/** @param page its key @param siteUrl for links that name the whole address @returns what is wrong with it, where it cannot be read */
export function pageLinks(page: string, bytes: Buffer, isPacked: boolean, siteUrl?: string): PageLink[] | string {
  try {
    const text = (isPacked ? gunzipSync(bytes) : bytes).toString('utf8');
    const { files } = page.endsWith('.json') ? viewJson(JSON.parse(text)) : viewHtml(text);
    return files.flatMap((file) => linksOf(file, page, siteUrl));
  } catch (error) {
    if (error instanceof FormatError) return `cannot be read: it ${error.message}`;
    return 'cannot be read as such a page';
  }
}

function linksOf({ filename, url, metadataSha256 }: ClientFile, page: string, siteUrl?: string): PageLink[] {
  const key = followLink(page, String(url), siteUrl);
  const file: PageLink = { filename, key };
  if (metadataSha256 === undefined || key === undefined) return [file];
  return [file, { filename: `${filename}.metadata`, key: `${key}.metadata` }];
}

export function deadLink({ filename, key }: PageLink): string {
  return key === undefined
    ? `links ${quoted(filename)} to where it cannot be`
    : `names ${quoted(filename)}, which is not in the bucket`;
}
