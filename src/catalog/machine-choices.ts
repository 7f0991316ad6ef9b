/**
 * Which file each of a repository's machines takes of a project, and why not the others: told of the latest release, and of what is newer
 * and not taken all the same. Of older ones it is the same answer each time, that they are older.
 */
import type { MachineFit } from '../standards/platforms/machine-fit.ts';
import { compareVersions, isPrerelease } from '../standards/version.ts';
import { type Candidate, listedCandidate, NO_OPTIONS } from './candidate.ts';
import { usableCandidates } from './choose-candidate.ts';
import { explainChoice, type WhyNot } from './explain-choice.ts';
import { type HeldFile, readHeldFile } from './held-files.ts';
import type { Project, Release } from './model.ts';

/** Why a file is not taken; `held`: no index lists it; `passed-over`: new clients do not look at it. */
export type WhyLeft = WhyNot | { is: 'held' | 'passed-over' };

/** What some Pythons take. */
export interface Taking {
  /** `3.11`, in their order. */
  pythons: string[];
  /** Absent where there is nothing for them. */
  file?: { filename: string; version: string; isSource: boolean };
  /** Why it is not of the latest release. */
  whyNotLatest?: WhyLeft;
}

export interface LeftFile {
  filename: string;
  why: WhyLeft;
}

/** Of machines for which the same is to be said. */
export interface MachineChoice {
  /** `glibc-x86_64`. */
  platforms: string[];
  takes: Taking[];
  /** Files that none of them takes: those that come nearest first. */
  left: LeftFile[];
  /** How many more there are, for other machines. */
  elsewhere: number;
}

export interface NamedMachine {
  platform: string;
  python: string;
  fit: MachineFit;
}

/** So many versions that are newer than the latest are told of: pre-releases and yanked ones. */
const MOST_NEWER = 2;

/** Those of which people learn most. Where a file has several reasons, on several Pythons, the first counts. */
const NEAREST: readonly WhyLeft['is'][] = [
  'lower-build',
  'fits-less',
  'source-later',
  'held',
  'passed-over',
  'yanked',
  'pre-release',
  'requires-python',
  'newer-libc',
  'other-libc',
  'other-python',
  'other-machine',
];

const NO_LIMITS = { specifiers: [], sha256s: [] };

/** @param machines by platform, then by Python */
export function machineChoices(
  project: Project,
  held: readonly HeldFile[],
  machines: readonly NamedMachine[],
): MachineChoice[] {
  const { latest } = project;
  if (!latest) return [];
  const told = toldReleases(project, latest);
  const heldHere = heldOf(project, held, told);
  const platforms = [...new Set(machines.map(({ platform }) => platform))];
  const isForAll = [...told, ...heldHere].every((each) => 'files' in each || isForAny(each.filename));
  const isPure = isForAll && project.releases.every(({ files }) => files.every(({ filename }) => isForAny(filename)));
  const candidates = new Map<Release, Candidate[]>();
  const listed = (releases: readonly Release[]) =>
    releases.flatMap((release) => {
      const found = candidates.get(release) ?? candidatesOf(release);
      candidates.set(release, found);
      return found;
    });
  const choices = (isPure ? platforms.slice(0, 1) : platforms).map((platform): MachineChoice => {
    const ofPlatform = machines.filter((machine) => machine.platform === platform);
    const each = ofPlatform.map(({ python, fit }) => ({
      python,
      ...choose(project, latest, told, heldHere, fit, listed),
    }));
    return { platforms: isPure ? platforms : [platform], takes: takesOf(each, latest), ...leftOf(each) };
  });
  return alike(choices);
}

/** The latest, and what is newer. */
function toldReleases({ releases }: Project, latest: Release): Release[] {
  const newer = releases.slice(0, releases.indexOf(latest));
  return [...newer.slice(-MOST_NEWER), latest];
}

function heldOf(project: Project, held: readonly HeldFile[], told: readonly Release[]): Candidate[] {
  const oldest = told.at(-1)?.version ?? '';
  return held.flatMap((file): Candidate[] => {
    const read = readHeldFile(file, project.name);
    if (!read || compareVersions(read.version, oldest) < 0) return [];
    const { filename, version, wheel } = read;
    return [
      {
        filename,
        version,
        isYanked: false,
        ...(wheel && { wheel }),
        ...(file.binaries && { binaries: file.binaries }),
      },
    ];
  });
}

function candidatesOf({ files }: Release): Candidate[] {
  return files.filter(({ passedOver }) => passedOver === undefined).map(listedCandidate);
}

interface Chosen {
  chosen: Candidate | undefined;
  others: Map<string, { why: WhyLeft; version: string }>;
}

function choose(
  project: Project,
  latest: Release,
  told: readonly Release[],
  held: readonly Candidate[],
  fit: MachineFit,
  listed: (releases: readonly Release[]) => Candidate[],
): Chosen {
  const { chosen: ofTold, others } = explainChoice(project.name, listed(told), NO_LIMITS, fit, NO_OPTIONS);
  // A pre-release is taken only where there is no final version at all.
  const isSettled = ofTold !== undefined && (!isPrerelease(ofTold.version) || isPrerelease(latest.version));
  const chosen = isSettled ? ofTold : firstUsable(project, latest, fit, listed);
  const found: Chosen['others'] = new Map(
    others.map(({ file, why }) => [file.filename, { why, version: file.version }]),
  );
  if (ofTold && ofTold !== chosen) found.set(ofTold.filename, { why: { is: 'pre-release' }, version: ofTold.version });
  for (const file of told.flatMap(({ files }) => files))
    if (file.passedOver !== undefined) found.set(file.filename, { why: { is: 'passed-over' }, version: file.version });
  for (const file of held) {
    const isUsable = !file.wheel || fit.withNewestLibc.rank(file.wheel, file.binaries) !== undefined;
    const why: WhyLeft = isUsable ? { is: 'held' } : { is: 'other-machine', tag: file.wheel?.platform ?? '' };
    found.set(file.filename, { why, version: file.version });
  }
  return { chosen, others: found };
}

/** Among older releases, the newest first; one by one, since most have one in the first. */
function firstUsable(
  project: Project,
  latest: Release,
  fit: MachineFit,
  listed: (releases: readonly Release[]) => Candidate[],
): Candidate | undefined {
  for (const release of project.releases.slice(project.releases.indexOf(latest) + 1)) {
    if (isPrerelease(release.version)) continue;
    const [first] = usableCandidates(project.name, listed([release]), NO_LIMITS, fit, NO_OPTIONS);
    if (first) return first;
  }
  return usableCandidates(project.name, listed(project.releases), NO_LIMITS, fit, NO_OPTIONS)[0];
}

/** Pythons that take the same, next to each other or not, together. */
function takesOf(each: readonly ({ python: string } & Chosen)[], latest: Release): Taking[] {
  const takes = new Map<string, Taking>();
  for (const { python, chosen, others } of each) {
    const isLatest = chosen !== undefined && compareVersions(chosen.version, latest.version) >= 0;
    const whyNotLatest = isLatest ? undefined : nearest(whysOf(others, latest));
    const file = chosen && { filename: chosen.filename, version: chosen.version, isSource: !chosen.wheel };
    const taking: Taking = { pythons: [], ...(file && { file }), ...(whyNotLatest && { whyNotLatest }) };
    const key = JSON.stringify(taking);
    const same = takes.get(key) ?? taking;
    same.pythons.push(python);
    takes.set(key, same);
  }
  return [...takes.values()];
}

function whysOf(others: Chosen['others'], latest: Release): WhyLeft[] {
  return [...others.values()].flatMap(({ why, version }) =>
    compareVersions(version, latest.version) === 0 ? [why] : [],
  );
}

function leftOf(each: readonly Chosen[]): Pick<MachineChoice, 'left' | 'elsewhere'> {
  const taken = new Set(each.map(({ chosen }) => chosen?.filename));
  const names = new Set(each.flatMap(({ others }) => [...others.keys()]).filter((name) => !taken.has(name)));
  const left = [...names].map((filename): LeftFile => {
    const whys = each.flatMap(({ others }) => others.get(filename)?.why ?? []);
    return { filename, why: nearest(whys) as WhyLeft };
  });
  const isElsewhere = ({ why }: LeftFile) => why.is === 'other-machine' || why.is === 'other-libc';
  return {
    left: left
      .filter((file) => !isElsewhere(file))
      .sort((a, b) => rankOf(a.why) - rankOf(b.why) || (a.filename < b.filename ? -1 : 1)),
    elsewhere: left.filter(isElsewhere).length,
  };
}

function nearest(whys: readonly WhyLeft[]): WhyLeft | undefined {
  return [...whys].sort((a, b) => rankOf(a) - rankOf(b))[0];
}

function rankOf({ is }: WhyLeft): number {
  const rank = NEAREST.indexOf(is);
  return rank < 0 ? NEAREST.length : rank;
}

function isForAny(filename: string): boolean {
  return !filename.endsWith('.whl') || filename.endsWith('-any.whl');
}

/** One for all machines that are told the same. */
function alike(choices: readonly MachineChoice[]): MachineChoice[] {
  const found = new Map<string, MachineChoice>();
  for (const { platforms, ...rest } of choices) {
    const key = JSON.stringify(rest);
    const same = found.get(key);
    if (same) same.platforms.push(...platforms);
    else found.set(key, { platforms: [...platforms], ...rest });
  }
  return [...found.values()];
}
