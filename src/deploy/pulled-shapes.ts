/** Which addresses are those of other indexes' pages and files, which `kho serve` finds. Regular expressions as in address-shapes.ts. */
import { UPSTREAM_FOLDER } from '../config/repository-name.ts';
import { PACKAGE_ENDINGS } from '../standards/package-suffixes.ts';
import { NAME } from './address-shapes.ts';
import type { DeployedSite, LivePart } from './deployed-site.ts';

/**
 * Before the path of a page that lists what is at hand, of the site and of other indexes. It comes before the one that the repository has by
 * itself, since a publish takes it away where it would tell otherwise.
 */
export const AT_HAND = `/${UPSTREAM_FOLDER}/simple`;

/** What kho serve has to do with other indexes; undefined where there is nothing of it. */
export function pullingPart({ live }: DeployedSite): LivePart | undefined {
  return live !== undefined && live.pulls.length > 0 ? live : undefined;
}

/** A page of a project, for installers, in a repository that passes on what other indexes have. */
export function pulledPage({ pulls }: Pick<LivePart, 'pulls'>): string {
  return `^${foldersOf(pulls)}simple/${NAME}/(?:index\\.(?:html|json))?$`;
}

/** The same, with the folder of the page as the group `1`. */
export function pulledFolder({ pulls }: Pick<LivePart, 'pulls'>): string {
  return `^(${foldersOf(pulls)}simple/${NAME}/)(?:index\\.(?:html|json))?$`;
}

/** A file of another index, and the metadata of one. */
export const PULLED_FILE = `^/${UPSTREAM_FOLDER}/[^/]+/packages/[^/]+/[^/]+\\.(?:${PACKAGE_ENDINGS})(?:\\.metadata)?$`;

/** What stands before `simple/`. */
function foldersOf(repositories: readonly string[]): string {
  const named = repositories.filter((name) => name !== '.').map((name) => name.replaceAll('.', '\\.'));
  const folders = `(?:${named.join('|')})/`;
  if (named.length === repositories.length) return `/${folders}`;
  return named.length === 0 ? '/' : `/(?:${folders})?`;
}
