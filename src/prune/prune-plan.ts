/** Which files the rules of a repository would let go, and why each other one is kept. Pure: the same files, the same plan. */
import type { PruneRules } from '../config/site-config.ts';
import { platformTagsOf } from '../standards/platforms/wheel-platforms.ts';
import { parseRequirement } from '../standards/requirement.ts';
import { specifierSetContains } from '../standards/specifier.ts';
import { compareVersions, isPrerelease, parseVersion } from '../standards/version.ts';

const DAY_MS = 86_400_000;

/** Whatever rules say: somebody may be about to use it. */
const FRESH_MS = DAY_MS;
/** A yank is to be seen by those whose lock files name it. */
const YANKED_MS = 30 * DAY_MS;

/** A listed file of a repository's own. */
export interface PrunableFile {
  filename: string;
  /** Normalized. */
  project: string;
  version: string;
  sha256: string;
  /** Milliseconds since 1970. */
  uploadedMs: number;
  /** When it was yanked, where it is. */
  yankedMs?: number;
}

/** What lock files name: hashes, and `name==version`. */
export interface LockedReleases {
  sha256s: ReadonlySet<string>;
  /** `name==version`, both normalized. */
  releases: ReadonlySet<string>;
}

export interface PruneVerdict<File> {
  file: File;
  /** Absent: it goes. */
  keptFor?: string;
  /** Why it goes. */
  goesFor?: string;
}

/** A version goes only if nothing keeps any file of it: a release does not lose some of its files. */
export function prunePlan<File extends PrunableFile>(
  files: readonly File[],
  rules: PruneRules,
  locked: LockedReleases,
  now: number,
): PruneVerdict<File>[] {
  const byProject = new Map<string, File[]>();
  for (const file of files) byProject.set(file.project, [...(byProject.get(file.project) ?? []), file]);
  return [...byProject.keys()]
    .sort()
    .flatMap((project) => planProject(byProject.get(project) ?? [], rules, locked, now));
}

function planProject<File extends PrunableFile>(
  files: readonly File[],
  rules: PruneRules,
  locked: LockedReleases,
  now: number,
): PruneVerdict<File>[] {
  const versions = [...new Set(files.map(({ version }) => version))].sort((a, b) => compareVersions(b, a));
  return versions.flatMap((version) => {
    const own = files.filter((file) => file.version === version);
    const keptFor = versions.length === 1 ? 'the only version' : whyKept(own, files, rules, locked, now);
    return own.map(
      (file): PruneVerdict<File> =>
        keptFor === undefined ? { file, goesFor: whyGone(version, rules) } : { file, keptFor },
    );
  });
}

function whyKept(
  own: readonly PrunableFile[],
  all: readonly PrunableFile[],
  rules: PruneRules,
  { sha256s, releases }: LockedReleases,
  now: number,
): string | undefined {
  const [{ project, version }] = own as [PrunableFile];
  if (own.some(({ sha256 }) => sha256s.has(sha256)) || releases.has(`${project}==${version}`))
    return 'a lock file names it, or an edge has it';
  const wanted = rules.keep?.find((text) => fits(text, project, version));
  if (wanted !== undefined) return `keep has "${wanted}"`;
  const ranks = own.map((file) => rankOf(file, all));
  if (ranks.includes(0)) return isPrerelease(version) ? 'the newest pre-release' : 'the newest';
  if (own.some(({ uploadedMs }) => now - uploadedMs < FRESH_MS)) return 'published within a day';
  if (own.some(({ yankedMs }) => yankedMs !== undefined && now - yankedMs < YANKED_MS)) return 'yanked within 30 days';
  const days = daysFor(version, rules);
  if (days !== undefined && own.some(({ uploadedMs }) => now - uploadedMs < days * DAY_MS))
    return `published within ${days} days`;
  const { keepVersions } = rules;
  if (!isPrerelease(version) && keepVersions !== undefined && ranks.some((rank) => rank < keepVersions))
    return `one of the newest ${keepVersions}`;
  return hasRule(version, rules) ? undefined : 'no rule is for it';
}

/** How many versions of its kind (final, or not) are newer, of those for the same machines: 0 for the newest. */
function rankOf(file: PrunableFile, all: readonly PrunableFile[]): number {
  const kind = machinesOf(file.filename);
  const isPre = isPrerelease(file.version);
  const newer = all.filter(
    (other) =>
      machinesOf(other.filename) === kind &&
      isPrerelease(other.version) === isPre &&
      compareVersions(other.version, file.version) > 0,
  );
  return new Set(newer.map(({ version }) => version)).size;
}

/** Equal for files that one kind of machine chooses between. */
function machinesOf(filename: string): string {
  if (!filename.endsWith('.whl')) return 'sdist';
  const start = filename.slice(0, filename.lastIndexOf('-'));
  const python = start.split('-').slice(-2).join('-');
  return `${python} ${platformTagsOf(filename).split('.').sort().join('.')}`;
}

function hasRule(version: string, rules: PruneRules): boolean {
  if (!isPrerelease(version)) return rules.keepVersions !== undefined || rules.keepDays !== undefined;
  return daysFor(version, rules) !== undefined;
}

function daysFor(version: string, { keepDays, prereleasesDays, devDays }: PruneRules): number | undefined {
  if (!isPrerelease(version)) return keepDays;
  return parseVersion(version)?.dev === undefined ? prereleasesDays : (devDays ?? prereleasesDays);
}

function whyGone(version: string, rules: PruneRules): string {
  const days = daysFor(version, rules);
  const old = days === undefined ? [] : [`older than ${days} days`];
  const isFinal = !isPrerelease(version);
  const far = isFinal && rules.keepVersions !== undefined ? [`not one of the newest ${rules.keepVersions}`] : [];
  return [...far, ...old].join(', ');
}

function fits(text: string, project: string, version: string): boolean {
  const { name, specifiers } = parseRequirement(text);
  return name === project && specifierSetContains(specifiers, version, { prereleases: true });
}
