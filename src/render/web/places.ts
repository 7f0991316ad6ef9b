/** Where pages for people stand, as paths from the repository's folder (the site's own from the site's root). */
import { LONGEST_FILENAME } from '../../standards/longest-filename.ts';

export const CHANGES_PAGE = 'project/changes.html';
export const CHANGES_FEED = 'project/changes.xml';
export const HELD_PAGE = 'project/held.html';
export const PLATFORMS_PAGE = 'project/platforms.html';

/** How to upload: to the site, or to a repository. */
export const PUBLISH_PAGE = 'project/publish.html';

/** Of the whole site: all names, and what search in all repositories begins with. */
export const ALL_PAGE = 'project/all.html';
/** What servers send where nothing is. */
export const LOST_PAGE = 'project/404.html';
export const ALL_INDEX = 'project/search-all.js';

/** Style, script, texts and the tab's icon: their names change with their content. For PCRE and RE2 too. */
export const NAMED_BY_CONTENT = 'project/(?:kho|theme|icon|texts-[a-z]+)\\.[A-Za-z0-9_]{10}\\.(?:css|js|svg)';

const NAMED = new RegExp(`^${NAMED_BY_CONTENT}$`);

/** @param path from the site's root */
export function isNamedByContent(path: string): boolean {
  return NAMED.test(path);
}

/** @param number from 1 */
export function listPagePath(number: number): string {
  return number === 1 ? 'index.html' : `project/page-${number}.html`;
}

/** @param number from 1 */
export function platformsPagePath(number: number): string {
  return number === 1 ? PLATFORMS_PAGE : `project/platforms-${number}.html`;
}

/** @param key of its part (shards.ts) */
export function searchDataPath(key: string): string {
  return `project/search-${key}.js`;
}

/** @param key of its part (shards.ts) */
export function allPagePath(key: string): string {
  return key === '1' ? ALL_PAGE : `project/all-${key}.html`;
}

/** @param key of its part (shards.ts) */
export function allDataPath(key: string): string {
  return `project/search-all-${key}.js`;
}

/** @param name normalized: so it collides with none of the names above, which have a dot */
export function projectPath(name: string): string {
  return `project/${name}/index.html`;
}

export function projectFeedPath(name: string): string {
  return `project/${name}/changes.xml`;
}

/** Undefined where files of that version have no pages either. @param name normalized */
export function versionPath(name: string, version: string): string | undefined {
  return fileHtmlPath(name, version, 'index');
}

/** What stands beside the folders of versions, packed forms too; a disk may ignore case. */
const BESIDE_VERSIONS = /^(?:index\.html|changes\.xml)/i;

/**
 * Undefined where no page can be: for versions of old sdists that are no name of a folder, or the name of what stands
 * there already, and for names of files that leave no room for an ending.
 */
export function fileHtmlPath(name: string, version: string, filename: string): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9.!+_-]{0,199}$/.test(version) || BESIDE_VERSIONS.test(version)) return undefined;
  if (Buffer.byteLength(filename) + '.html'.length > LONGEST_FILENAME) return undefined;
  return `project/${name}/${version}/${filename}.html`;
}
