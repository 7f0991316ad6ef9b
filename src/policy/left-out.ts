/** Files of another index that clients of this site do not get: why, and told in few words where there are thousands. */
import { compareVersions, versionKey } from '../standards/version.ts';
import { type OfferedFile, refusalWords, type UpstreamRefusal, wholeMinute } from './policy.ts';

/**
 * Why a file that another index lists is not listed here. `clash`: the site has a file of that name with other bytes. `unhashed`: the index
 * names no hash of it. `gone`: the index has the project no more, since then, and the file is not here; milliseconds since 1970.
 */
export type WhyLeftOut =
  | UpstreamRefusal
  | { kind: 'quarantined' | 'unhashed' | 'clash' }
  | { kind: 'gone'; sinceMs: number };

export interface LeftOutFile {
  file: Pick<OfferedFile, 'filename' | 'version'>;
  why: WhyLeftOut;
}

/** Files of one version, left out for one reason. */
export interface LeftOutRelease {
  /** Absent where names of files do not tell it. */
  version?: string;
  why: WhyLeftOut;
  files: number;
  /** The first of them, sorted. */
  names: string[];
}

/** All that is left out for one kind of reason. */
export interface LeftOutGroup {
  kind: WhyLeftOut['kind'];
  files: number;
  /** How many of `LeftOutRelease` there are in all. */
  releases: number;
  /** The newest. */
  newest: LeftOutRelease[];
}

/** What people ask for first comes first. */
const KINDS: readonly WhyLeftOut['kind'][] = [
  ...(['malware', 'quarantined', 'cooldown', 'deny', 'allow', 'unhashed', 'gone', 'clash'] as const),
];

/** So much is told one by one: a page of thousands of files stays one that a telephone reads. */
const MOST_RELEASES = 8;
const MOST_NAMES = 6;

/** By reason, the newest versions first. */
export function groupLeftOut(leftOut: readonly LeftOutFile[]): LeftOutGroup[] {
  return KINDS.flatMap((kind): LeftOutGroup[] => {
    const ofKind = leftOut.filter(({ why }) => why.kind === kind);
    if (ofKind.length === 0) return [];
    const releases = releasesOf(ofKind);
    const newest = releases.sort(newestFirst).slice(0, MOST_RELEASES);
    return [
      {
        ...{ kind, files: ofKind.length, releases: releases.length },
        newest: newest.map((each) => ({ ...each, names: each.names.sort().slice(0, MOST_NAMES) })),
      },
    ];
  });
}

function releasesOf(leftOut: readonly LeftOutFile[]): LeftOutRelease[] {
  const releases = new Map<string, LeftOutRelease>();
  for (const { file, why: exact } of leftOut) {
    const { filename, version } = file;
    const why = exact.kind === 'cooldown' ? { ...exact, untilMs: wholeMinute(exact.untilMs) } : exact;
    const key = `${version === undefined ? '' : versionKey(version)} ${JSON.stringify(why)}`;
    const same = releases.get(key);
    if (same) {
      same.files++;
      same.names.push(filename);
    } else releases.set(key, { ...(version !== undefined && { version }), why, files: 1, names: [filename] });
  }
  return [...releases.values()];
}

function newestFirst(a: LeftOutRelease, b: LeftOutRelease): number {
  if (a.version === undefined || b.version === undefined)
    return Number(a.version === undefined) - Number(b.version === undefined);
  return compareVersions(b.version, a.version) || untilOf(a) - untilOf(b);
}

function untilOf({ why }: LeftOutRelease): number {
  return why.kind === 'cooldown' ? why.untilMs : 0;
}

/** To be read after the name of the file, without a full stop. */
export function leftOutWords(why: WhyLeftOut): string {
  switch (why.kind) {
    case 'quarantined':
      return 'is of a project that is in quarantine there';
    case 'unhashed':
      return 'has no sha256 there, so nobody could tell whether it came right';
    case 'clash':
      return 'has other bytes than the file of that name here, which is listed';
    case 'gone':
      return `is gone there, since ${new Date(why.sinceMs).toISOString().slice(0, 10)}`;
    default:
      return refusalWords(why);
  }
}
