/** For which machines a repository is: as far as kho.toml or its name says it, else as its wheels tell. */
import type { Project } from '../catalog/model.ts';
import { seenPlatforms } from '../catalog/seen-machines.ts';
import type { RepositoryConfig } from '../config/site-config.ts';
import { type Platform, platformText, readPlatform } from '../standards/platforms/platform.ts';
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
  if (asked) return asked.filter((platform) => suppliersOf(platform, all).includes(repository));
  const seen = seenPlatforms(projects).filter((platform) => maySupply(repository, platform));
  const saidPlatforms = platformsSaid(repository).filter(({ architecture }) => architecture !== undefined);
  const platforms = [...new Set([...saidPlatforms.map(platformText), ...seen])].sort();
  if (platforms.length > 0) return platforms;
  return all.some(({ include }) => include.includes(repository.name)) ? [] : [ANY_PLATFORM];
}

/**
 * Where machines of this platform install from: the repositories that are for just this one; else those that say they are for such
 * machines; else those that take anything. A bare "glibc" serves boards too, but not where there is an "armhf".
 */
export function suppliersOf(platform: string, all: readonly RepositoryConfig[]): readonly RepositoryConfig[] {
  const able = all.filter((each) => maySupply(each, platform));
  const naming = able.filter((each) => namesPlatform(each, platform));
  return [naming, able.filter(saysPlatforms), able].find((some) => some.length > 0) ?? [];
}

/** Whether machines of this platform may install from the repository. */
function maySupply(repository: RepositoryConfig, platform: string): boolean {
  const wanted = readPlatform(platform);
  if (!saysPlatforms(repository)) return true;
  return platformsSaid(repository).some(
    ({ system, architecture }) =>
      system === wanted?.system && (architecture === undefined || architecture === wanted.architecture),
  );
}

/** Whether it is said to be for just this platform, architecture and all. */
function namesPlatform(repository: RepositoryConfig, platform: string): boolean {
  return platformsSaid(repository).some((each) => platformText(each) === platform);
}

/** Whether something says for which machines the repository is; else it takes anything. */
function saysPlatforms({ platforms }: RepositoryConfig): boolean {
  return platforms !== undefined && platforms !== 'everything';
}

/** With the oldest libc that the repository serves; where nothing says which, the newest counts. */
export function machineOf({ glibc, musl }: RepositoryConfig, platform: string, python: string): TargetMachine {
  const [system, architecture = ''] = platform.split('-');
  const libcFloor = system === 'glibc' ? (glibc?.[architecture] ?? glibc?.['*']) : system === 'musl' ? musl : undefined;
  return { platform, python: parseTargetPython(python), ...(libcFloor !== undefined && { libcFloor }) };
}

function platformsSaid({ platforms }: RepositoryConfig): Platform[] {
  return platforms === undefined || platforms === 'everything' ? [] : platforms;
}
