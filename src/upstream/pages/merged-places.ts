/** Where pages lie that were made of a repository's own and of an upstream's: among what kho may lose at any time. */
import { join } from 'node:path';
import { SITE_ITSELF } from '../../config/repository-name.ts';
import { stateFolder } from '../../publish/state-folder.ts';

export type MergedForm = 'json' | 'html';

export function mergedFolder(root: string): string {
  return join(stateFolder(root), 'upstream-pages');
}

export function mergedPagePath(root: string, repository: string, project: string, form: MergedForm): string {
  const folder = repository === SITE_ITSELF ? '.site' : repository; // no repository's name begins with a dot
  return join(mergedFolder(root), folder, project, `index.${form}`);
}

/** Of such a page: the same in gzip, as nearly all clients take it. */
export function packedPagePath(path: string): string {
  return `${path}.gz`;
}
