/** For which machines a repository is: as far as kho.toml or its name says it, else as its wheels tell. */

import type { Project } from '../catalog/model.ts';
import { seenPlatforms } from '../catalog/seen-machines.ts';
import type { RepositoryConfig } from '../config/site-config.ts';
import { parseTargetPython, type TargetMachine } from '../standards/platforms/target-machine.ts';

/** What a repository without wheels for any platform is for: files that run everywhere. */
export const ANY_PLATFORM = 'any';

/**
 * Sorted; `any` alone where nothing tells more. Empty for what is only there to be included by others.
 *
 * @param asked only these are of interest: those of them that the repository may be for
 */
export function servedPlatforms(
  repository: RepositoryConfig,
  projects: readonly Project[],
  all: readonly RepositoryConfig[],
  asked?: readonly string[],
): string[] {
  if (asked) return asked.filter((platform) => maySupply(repository, platform));
  const seen = seenPlatforms(projects);
  if (seen.length > 0) return seen;
  return all.some(({ include }) => include.includes(repository.name)) ? [] : [ANY_PLATFORM];
}

/** Whether machines of this platform may install from the repository. */
export function maySupply(_repository: RepositoryConfig, _platform: string): boolean {
  return true;
}

/** Where it is not said which, the newest counts. */
export function machineOf(_repository: RepositoryConfig, platform: string, python: string): TargetMachine {
  return { platform, python: parseTargetPython(python) };
}

/** Whether something says for which machines the repository is; else it takes anything. */
export function saysPlatforms(_repository: RepositoryConfig): boolean {
  return false;
}
