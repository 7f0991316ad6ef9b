/** Where that lies which is known of files of other indexes, and what has come of those that are not whole. */
import { join } from 'node:path';
import { upstreamFolder } from '../../kept-upstream/kept-places.ts';
import { stateFolder } from '../../publish/state-folder.ts';

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
