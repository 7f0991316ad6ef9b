/** Where files of other indexes lie: SITE/upstream/NAME/packages/PROJECT/FILE, and beside them what people may delete at any time. */
import { join } from 'node:path';
import { UPSTREAM_FOLDER } from '../../config/repository-name.ts';
import { stateFolder } from '../../publish/state-folder.ts';
import type { NormalizedName } from '../../standards/name.ts';

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

/** A path from `upstreamFolder`, with `/`. */
export function keptPath({ upstream, project }: UpstreamPlace, filename: string): string {
  return `${upstream}/packages/${project}/${filename}`;
}

/** What has come of files that are not whole. Hidden from web servers, and nobody else may look into it. */
export function partsPath(root: string, upstream: string): string {
  return join(upstreamFolder(root), upstream, '.parts');
}

/** On which day each file was last served. */
export function usedPath(root: string): string {
  return join(upstreamFolder(root), 'used');
}

/** What kho knows of each: nobody else may write there. */
export function recordsPath(root: string): string {
  return join(stateFolder(root), 'upstream-files');
}
