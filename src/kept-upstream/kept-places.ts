/** Where files of other indexes lie: SITE/upstream/NAME/packages/PROJECT/FILE. What is in SITE/upstream, people may delete at any time. */
import { join } from 'node:path';
import { SITE_ITSELF, UPSTREAM_FOLDER } from '../config/repository-name.ts';
import type { NormalizedName } from '../standards/name.ts';

/** Behind the name of a wheel: what stands in it about it. */
export const METADATA = '.metadata';

/** Of one project, as one upstream has it. */
export interface UpstreamPlace {
  /** Its name in kho.toml. */
  upstream: string;
  project: NormalizedName;
}

export function upstreamFolder(root: string): string {
  return join(root, UPSTREAM_FOLDER);
}

/** Below it: pages that web servers have while kho does not run. No upstream is called so. */
export const AT_HAND_NAME = 'simple';

/** All pages of what is at hand. */
export function allAtHandFolder(root: string): string {
  return join(upstreamFolder(root), AT_HAND_NAME);
}

/** Those of one repository: a folder for each project. */
export function atHandFolder(root: string, repository: string): string {
  return join(allAtHandFolder(root), repository === SITE_ITSELF ? '' : repository, 'simple');
}

/** All packages that one upstream sent. */
export function keptPackagesFolder(root: string, upstream: string): string {
  return join(upstreamFolder(root), upstream, 'packages');
}

/** Those of one project. */
export function keptProjectFolder(root: string, { upstream, project }: UpstreamPlace): string {
  return join(keptPackagesFolder(root, upstream), project);
}

/** A path from `upstreamFolder`, with `/`. */
export function keptPath({ upstream, project }: UpstreamPlace, filename: string): string {
  return `${upstream}/packages/${project}/${filename}`;
}

/** The same, from the site's root. */
export function sitePathOf(place: UpstreamPlace, filename: string): string {
  return `${UPSTREAM_FOLDER}/${keptPath(place, filename)}`;
}

/** What FILE.metadata is of, or the path itself. */
export function packageOf(path: string): string {
  return path.endsWith(METADATA) ? path.slice(0, -METADATA.length) : path;
}
