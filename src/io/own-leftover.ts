import { look } from './open-file.ts';
import { isAbandoned } from './temporary-name.ts';
import { isOwn } from './trusted-owners.ts';

/** Whether a run of this user that is dead left it behind: a name alone is no proof, since anybody can give it. */
export function isOwnLeftover(name: string, path: string): boolean {
  if (!isAbandoned(name)) return false;
  const stats = look(path);
  return stats !== undefined && isOwn(stats.uid);
}
