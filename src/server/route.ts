/** From the path of a request to what is asked for. Pure: whether it is there, the disk says. */

import { UPSTREAM_FOLDER } from '../config/repository-name.ts';
import { FormatError } from '../problems.ts';
import { encodePath } from '../render/links.ts';
import { type NormalizedName, normalizeName } from '../standards/name.ts';
import { isSyncName, SYNC_FOLDER } from '../sync-format/sync-names.ts';
import { parseRequestPath, type RequestPath } from './request-path.ts';
import type { UpstreamAction } from './upstream-action.ts';

/** What paths of a site may start with. */
export interface SiteShape {
  /** `.` among them when the site itself is one. */
  repositories: ReadonlySet<string>;
  /** Other indexes whose files are reached through it. */
  upstreams?: ReadonlySet<string>;
}

export type Action =
  /** A page of the simple API, in the form that the client likes; without a project the list of all. */
  | { kind: 'simple'; repository: string; project?: NormalizedName }
  /** A published file as it is, by its path from the repository's folder (or the site's, for `.`). */
  | { kind: 'page'; repository: string; path: string; project?: NormalizedName }
  /** Something below `packages/`, by its path from there. */
  | { kind: 'package'; repository: string; path: string }
  /** What sites that follow a repository ask for, by its path from the repository's folder. */
  | { kind: 'synced'; repository: string; path: string }
  | UpstreamAction
  /** To a location relative to the request, so that it is right under any prefix, host and scheme. */
  | { kind: 'redirect'; location: string }
  | { kind: 'health' }
  | { kind: 'metrics' }
  | { kind: 'missing'; repository?: string }
  | { kind: 'malformed' };

/** Where a path should have gone, if it did not: from the site's root, not encoded; ends in a slash where it is a folder. */
type Found = { action: Action; canonical: string };

/** @param target as it stands in the request line */
export function route(target: string, site: SiteShape): Action {
  const path = parseRequestPath(target);
  if (path === 'malformed') return { kind: 'malformed' };
  if (path === 'unpublished') return { kind: 'missing' };
  const found = find(path, site);
  if ('kind' in found) return found;
  const asked = `${path.segments.join('/')}${path.isFolder && path.segments.length > 0 ? '/' : ''}`;
  if (asked === found.canonical && !path.hasEmptySegments) return found.action;
  const upwards = '../'.repeat(path.depth) || './';
  return { kind: 'redirect', location: `${upwards}${encodePath(found.canonical)}${path.query}` };
}

function find({ segments, isFolder }: RequestPath, site: SiteShape): Found | Action {
  const [first, ...others] = segments;
  if (first === undefined) return page('.', 'index.html', '');
  if (others.length === 0 && !isFolder) {
    if (first === 'healthz') return { action: { kind: 'health' }, canonical: first };
    if (first === 'metrics') return { action: { kind: 'metrics' }, canonical: first };
    if (first === 'index.html') return page('.', first, first);
  }
  if (first === UPSTREAM_FOLDER && site.upstreams !== undefined && site.upstreams.size > 0)
    return (isFolder ? undefined : findUpstream(others, site.upstreams)) ?? { kind: 'missing' };
  // Nothing that stands at the top of a repository can be the name of one.
  if (first !== '.' && site.repositories.has(first)) return findInRepository(first, `${first}/`, others, isFolder);
  if (site.repositories.has('.')) return findInRepository('.', '', segments, isFolder);
  if (first === 'project') return findInRepository('.', '', segments, isFolder); // pages of the whole site, and their style
  return { kind: 'missing' };
}

/** `upstream/NAME/packages/PROJECT/FILE`, as pages link to it. */
function findUpstream(segments: string[], upstreams: ReadonlySet<string>): Found | undefined {
  const [upstream = '', packages, name = '', filename = '', ...more] = segments;
  const project = readName(name);
  if (!upstreams.has(upstream) || packages !== 'packages' || project !== name || filename === '' || more.length > 0)
    return undefined;
  const canonical = `${UPSTREAM_FOLDER}/${upstream}/packages/${project}/${filename}`;
  return { action: { kind: 'upstream', upstream, project, filename }, canonical };
}

function findInRepository(repository: string, above: string, segments: string[], isFolder: boolean): Found | Action {
  const [folder, ...rest] = segments;
  const missing: Action = { kind: 'missing', repository };
  switch (folder) {
    case undefined:
      return page(repository, 'index.html', above);
    case 'index.html':
    case 'SHA256SUMS':
      return rest.length > 0 || isFolder ? missing : page(repository, folder, above + folder);
    case 'simple':
      return findSimple(repository, above, rest, isFolder) ?? missing;
    case 'pypi':
      return findPypi(repository, above, rest) ?? missing;
    case 'packages': {
      const path = rest.join('/');
      if (path === '' || isFolder) return missing;
      return { action: { kind: 'package', repository, path }, canonical: `${above}packages/${path}` };
    }
    case SYNC_FOLDER: {
      const [name = '', ...more] = rest;
      if (!isSyncName(name) || more.length > 0 || isFolder) return missing;
      const path = `${SYNC_FOLDER}/${name}`;
      return { action: { kind: 'synced', repository, path }, canonical: above + path };
    }
    case 'project': {
      const path = segments.join('/') + (isFolder ? '/' : '');
      return page(repository, isFolder ? `${path}index.html` : path, above + path);
    }
    default:
      return missing;
  }
}

function findSimple(repository: string, above: string, rest: string[], isFolder: boolean): Found | undefined {
  const [first, second, ...more] = rest;
  if (first === undefined) return { action: { kind: 'simple', repository }, canonical: `${above}simple/` };
  if (isPageName(first)) {
    if (second !== undefined || isFolder) return undefined;
    return page(repository, `simple/${first}`, `${above}simple/${first}`);
  }
  const project = readName(first);
  if (project === undefined) return undefined;
  const folder = `simple/${project}/`;
  if (second === undefined) return { action: { kind: 'simple', repository, project }, canonical: above + folder };
  if (!isPageName(second) || more.length > 0 || isFolder) return undefined;
  return page(repository, folder + second, above + folder + second, project);
}

/** PyPI's own JSON API takes its addresses with and without a slash at their end. */
function findPypi(repository: string, above: string, rest: string[]): Found | undefined {
  const project = readName(rest[0] ?? '');
  if (project === undefined || rest.length < 2 || rest.length > 3 || rest.at(-1) !== 'json') return undefined;
  const path = ['pypi', project, ...rest.slice(1)].join('/');
  return page(repository, path, above + path, project);
}

function page(repository: string, path: string, canonical: string, project?: NormalizedName): Found {
  return { action: { kind: 'page', repository, path, ...(project !== undefined && { project }) }, canonical };
}

function isPageName(segment: string): boolean {
  return segment === 'index.html' || segment === 'index.json';
}

function readName(segment: string): NormalizedName | undefined {
  try {
    return normalizeName(segment);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
