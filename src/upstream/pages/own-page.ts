import { join } from 'node:path';
import { look } from '../../io/open-file.ts';
import type { NormalizedName } from '../../standards/name.ts';

/** What a repository lists of a project by itself, in JSON. @param folder of the repository, as it is published */
export function ownPagePath(folder: string, project: NormalizedName): string {
  return join(folder, 'simple', project, 'index.json');
}

export function hasOwnPage({ folder }: { folder: string }, project: NormalizedName): boolean {
  return look(ownPagePath(folder, project)) !== undefined;
}
