/** Whether a file may be listed in a repository: machines that install from there must be able to run what is in it. */
import { type Doubt, PROBLEM_HINTS, type Problem } from '../problems.ts';
import type { BinaryFacts } from '../standards/platforms/binary-facts.ts';
import { judgeTag, type TagFault } from '../standards/platforms/judge-tag.ts';
import { unknownTags } from '../standards/platforms/known-tags.ts';
import { type Platform, platformText, type System } from '../standards/platforms/platform.ts';
import { isNewer } from '../standards/platforms/platform-tag.ts';
import { isFor, platformTagsOf, type WheelPlatform, wheelPlatforms } from '../standards/platforms/wheel-platforms.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';

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
  const unknown = judgeTagNames(file);
  if (unknown) return unknown;
  if (!isForSomeMachines(file.filename)) return undefined;
  const lie = lieOf(file, repository)?.what;
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
  if (judgeTagNames(file) !== undefined) return false;
  if (!isForSomeMachines(file.filename)) return true;
  if (lieOf(file, repository) !== undefined) return false;
  const platforms = platformsOf(file);
  if (platforms === 'any') return true;
  const fitting = platforms.filter((platform) => isServed(platform, repository));
  if (fitting.length === 0) return !isParticular(repository);
  return fitting.some((platform) => floorBelow(platform, repository) === undefined);
}

/** Of a file that may be listed in `repository`: what people ought to know of it all the same. */
export function doubtsIn(file: JudgedFile, repository: RepositoryRules): Doubt[] {
  const faults = faultsOf(file);
  const low = faults.find((fault) => fault.lie && isHarmless(fault, repository));
  const untied = faults.find(({ untied }) => untied !== undefined);
  return [
    ...(low ? [{ code: 'low-tag' as const, what: `${low.what}; all machines of "${repository.name}" have that` }] : []),
    ...(untied ? [{ code: 'not-everywhere' as const, what: `${untied.what}: ${untied.untied}` }] : []),
  ];
}

/** Of a wheel that no installer takes for any machine. */
export function judgeTagNames({ filename, binaries }: JudgedFile): Verdict | undefined {
  if (!filename.endsWith('.whl') || USUAL.test(filename)) return undefined;
  const tags = parseWheelFilename(filename);
  const unknown = unknownTags(tags, binaries);
  if (unknown === undefined) return undefined;
  const stem = filename.slice(0, -`${tags.python}-${tags.abi}-${tags.platform}.whl`.length);
  return {
    code: 'unknown-tag',
    what: `has the tag "${tags.python}-${tags.abi}-${tags.platform}", which no installer has`,
    hint: unknown.meant === undefined ? PROBLEM_HINTS['unknown-tag'] : `did you mean "${stem}${unknown.meant}.whl"?`,
  };
}

/** Most of all wheels. */
const USUAL = /-(?:py3|py2\.py3|cp3\d+)-none-any\.whl$/;

/** Wheels named for any machine, and sdists, are not: the quick way for nearly all files of most sites. */
export function isForSomeMachines(filename: string): boolean {
  return filename.endsWith('.whl') && !filename.endsWith('-any.whl');
}

function platformsOf({ filename, binaries }: JudgedFile): 'any' | WheelPlatform[] {
  return wheelPlatforms(platformTagsOf(filename), binaries);
}

function faultsOf({ filename, binaries }: JudgedFile): TagFault[] {
  return binaries ? judgeTag(binaries, platformTagsOf(filename)) : [];
}

/** What the name promises to machines of the repository, and does not keep. */
function lieOf(file: JudgedFile, repository: RepositoryRules): TagFault | undefined {
  return faultsOf(file).find((fault) => fault.lie && !isHarmless(fault, repository));
}

/** It needs a newer libc than its name says; but the oldest machine of the repository has that. */
function isHarmless({ needs }: TagFault, repository: RepositoryRules): boolean {
  if (needs === undefined) return false;
  const floor = floorOf(needs.system, needs.architecture, repository);
  return floor !== undefined && !isNewer(needs.libc, floor);
}

/** Whether it takes some files only. */
function isParticular({ platforms }: RepositoryRules): boolean {
  return platforms !== undefined && platforms !== 'everything';
}

function isServed(platform: WheelPlatform, { platforms }: RepositoryRules): boolean {
  return platforms === undefined || platforms === 'everything' || platforms.some((each) => isFor(each, platform));
}

/** The libc of the oldest machines, where that is older than what the wheel needs. */
function floorBelow(platform: WheelPlatform, repository: RepositoryRules): string | undefined {
  if (platform.libc === undefined) return undefined;
  const floor = floorOf(platform.system, platform.architecture, repository);
  return floor !== undefined && isNewer(platform.libc, floor) ? floor : undefined;
}

/** The libc of the oldest machines; undefined when nobody has said it. */
function floorOf(system: System, architecture: string, { glibc, musl }: RepositoryRules): string | undefined {
  return system === 'glibc' ? (glibc?.[architecture] ?? glibc?.['*']) : musl;
}

function mismatch(file: JudgedFile, platforms: readonly WheelPlatform[], repository: RepositoryRules): string {
  const names = (repository.platforms as Platform[]).map(platformText);
  const purpose = `"${repository.name}" is for ${names.length > 0 ? inWords(names) : 'pure files only'}`;
  const systems = new Set((repository.platforms as Platform[]).map(({ system }) => system));
  const isOtherLibc = platforms.every(({ system }) => !systems.has(system)) && systems.size > 0;
  // Machines of both libcs take a wheel of this name: so what is inside is what has to be reported.
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
