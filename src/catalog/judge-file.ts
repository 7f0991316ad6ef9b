/** Whether a file may be listed in a repository: machines that install from there must be able to run what is in it. */
import { PROBLEM_HINTS, type Problem } from '../problems.ts';
import type { BinaryFacts } from '../standards/platforms/binary-facts.ts';
import { judgeTag } from '../standards/platforms/judge-tag.ts';
import { type Platform, platformText } from '../standards/platforms/platform.ts';
import { isNewer } from '../standards/platforms/platform-tag.ts';
import { isFor, platformTagsOf, type WheelPlatform, wheelPlatforms } from '../standards/platforms/wheel-platforms.ts';

/** What a repository says of the machines that it serves; `RepositoryConfig` has it all. */
export interface RepositoryRules {
  name: string;
  /** Absent when it has no files of its own. */
  packages?: string;
  platforms?: Platform[] | 'everything';
  glibc?: { [architecture: string]: string };
  musl?: string;
}

export interface JudgedFile {
  filename: string;
  binaries?: BinaryFacts;
}

export type Verdict = Pick<Problem, 'code' | 'what' | 'hint'>;

/**
 * Why a file may not be listed in `repository`; undefined when it may.
 *
 * @param all repositories of the site, among which may be the one where it belongs
 */
export function judgeFile(
  file: JudgedFile,
  repository: RepositoryRules,
  all: readonly RepositoryRules[],
): Verdict | undefined {
  if (!isForSomeMachines(file.filename)) return undefined;
  const lie = lieOf(file);
  if (lie !== undefined) return { code: 'lying-tag', what: lie, hint: PROBLEM_HINTS['lying-tag'] };
  const platforms = platformsOf(file);
  if (platforms === 'any') return undefined;
  const fitting = platforms.filter((platform) => isServed(platform, repository));
  if (fitting.length === 0 && isParticular(repository)) {
    return {
      code: 'wrong-platform',
      what: mismatch(file, platforms, repository),
      hint: placeFor(file, all) ?? newPlaceFor(platforms),
    };
  }
  const tooNew = fitting.find((platform) => floorBelow(platform, repository) !== undefined);
  if (!tooNew || fitting.some((platform) => floorBelow(platform, repository) === undefined)) return undefined;
  return {
    code: 'needs-newer-libc',
    what: `needs ${tooNew.system} ${tooNew.libc}, and "${repository.name}" serves machines that have ${floorBelow(tooNew, repository)}`,
    hint: placeFor(file, all) ?? PROBLEM_HINTS['needs-newer-libc'],
  };
}

/** As `judgeFile`, without the words. */
export function mayBeListed(file: JudgedFile, repository: RepositoryRules): boolean {
  if (!isForSomeMachines(file.filename)) return true;
  if (lieOf(file) !== undefined) return false;
  const platforms = platformsOf(file);
  if (platforms === 'any') return true;
  const fitting = platforms.filter((platform) => isServed(platform, repository));
  if (fitting.length === 0) return !isParticular(repository);
  return fitting.some((platform) => floorBelow(platform, repository) === undefined);
}

/** Wheels named for any machine, and sdists, are not: the quick way for nearly all files of most sites. */
export function isForSomeMachines(filename: string): boolean {
  return filename.endsWith('.whl') && !filename.endsWith('-any.whl');
}

function platformsOf({ filename, binaries }: JudgedFile): 'any' | WheelPlatform[] {
  return wheelPlatforms(platformTagsOf(filename), binaries);
}

function lieOf({ filename, binaries }: JudgedFile): string | undefined {
  return binaries && judgeTag(binaries, platformTagsOf(filename)).find(({ lie }) => lie)?.what;
}

/** Whether it takes some files only. */
function isParticular({ platforms }: RepositoryRules): boolean {
  return platforms !== undefined && platforms !== 'everything';
}

function isServed(platform: WheelPlatform, { platforms }: RepositoryRules): boolean {
  return platforms === undefined || platforms === 'everything' || platforms.some((each) => isFor(each, platform));
}

/** The libc of the oldest machines, where that is older than what the wheel needs. */
function floorBelow(platform: WheelPlatform, { glibc, musl }: RepositoryRules): string | undefined {
  if (platform.libc === undefined) return undefined;
  const floor = platform.system === 'glibc' ? (glibc?.[platform.architecture] ?? glibc?.['*']) : musl;
  return floor !== undefined && isNewer(platform.libc, floor) ? floor : undefined;
}

function mismatch(file: JudgedFile, platforms: readonly WheelPlatform[], repository: RepositoryRules): string {
  const names = (repository.platforms as Platform[]).map(platformText);
  const purpose = `"${repository.name}" is for ${names.length > 0 ? inWords(names) : 'pure files only'}`;
  const systems = new Set((repository.platforms as Platform[]).map(({ system }) => system));
  const isOtherLibc = platforms.every(({ system }) => !systems.has(system)) && systems.size > 0;
  // What is inside is the news where the name tells machines of both libcs to take it.
  const inside = isOtherLibc && file.binaries && judgeTag(file.binaries, platformTagsOf(file.filename))[0]?.what;
  if (inside) return `${inside}; ${purpose}`;
  const where = platforms.length > 0 ? inWords([...new Set(platforms.map(platformText))]) : 'another system';
  return `is for ${where}, and ${purpose}`;
}

/** Repositories that say for which machines they are go before those that take anything. */
function placeFor(file: JudgedFile, all: readonly RepositoryRules[]): string | undefined {
  const places = all.filter((each) => each.packages !== undefined && mayBeListed(file, each));
  const particular = places.filter(isParticular);
  const best = particular.length > 0 ? particular : places;
  return best.length > 0 ? `move it to ${inWords(best.map(({ name }) => packagesOf(name)))}` : undefined;
}

function newPlaceFor([platform]: readonly WheelPlatform[]): string {
  return platform
    ? `no repository of this site takes it: make one for ${platformText(platform)}, or name that in platforms of kho.toml`
    : PROBLEM_HINTS['wrong-platform'];
}

function packagesOf(name: string): string {
  return name === '.' ? 'packages/' : `${name}/packages/`;
}

/** `a, b or c`. */
function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
