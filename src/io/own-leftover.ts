import { join } from 'node:path';
import { look, namesIn } from './open-file.ts';
import { isAbandoned } from './temporary-name.ts';
import { isOwn } from './trusted-owners.ts';

/** Whether a run of this user that is dead left it behind: a name alone is no proof, since anybody can give it. */
export function isOwnLeftover(name: string, path: string): boolean {
  if (!isAbandoned(name)) return false;
  const stats = look(path);
  return stats !== undefined && isOwn(stats.uid);
}

/** Paths of those in a folder, which need not be there. */
export function ownLeftovers(folder: string): string[] {
  return namesIn(folder)
    .map((name) => [name, join(folder, name)] as const)
    .filter(([name, path]) => isOwnLeftover(name, path))
    .map(([, path]) => path);
}
