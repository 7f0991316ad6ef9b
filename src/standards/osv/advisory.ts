/**
 * Advisories in OSV's format: known holes and known malware. Of a record that is kept which is needed to judge versions and to tell people.
 *
 * Source: "Open Source Vulnerability format", https://ossf.github.io/osv-schema/, version 1.7. What is odd in a record is passed over.
 */
import { FormatError } from '../../problems.ts';
import { type NormalizedName, normalizeName } from '../name.ts';
import { compareVersions, parseVersion, versionKey } from '../version.ts';
import { type AffectedRange, isInRange, isInRanges, rangesOf } from './ranges.ts';
import { type Level, severityOf } from './severity.ts';

/** What one advisory says of one project. */
export interface Advisory {
  /** `GHSA-…`, `PYSEC-…`, `CVE-…`; `MAL-…` for malware. */
  id: string;
  /** Other names of the same, in the order of the record. */
  aliases: string[];
  level?: Level;
  /** As the record has it, where no level can be told of it. */
  severity?: string;
  /** One line; empty where there is none. */
  summary: string;
  ranges: AffectedRange[];
  /** Normalized; those that no range has. */
  versions: string[];
}

export interface ProjectAdvisory {
  project: NormalizedName;
  advisory: Advisory;
}

/** More than the longest that there are; what goes beyond is left out, or cut. Counts, and lengths in characters. */
export const ADVISORY_LIMITS = { aliases: 20, idLength: 100, summaryLength: 300, versions: 50_000 } as const;

const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/;

/**
 * What a record says of projects of PyPI, one after the other; nothing of one that was withdrawn.
 *
 * @param record as JSON has it: anything
 */
export function readOsvRecord(record: unknown): ProjectAdvisory[] {
  const { id, withdrawn, aliases, summary, details, affected, ...rest } = fieldsOf(record);
  if (!isId(id) || (withdrawn !== undefined && withdrawn !== null)) return [];
  const shared = {
    id,
    aliases: listOf(aliases).filter(isId).slice(0, ADVISORY_LIMITS.aliases),
    summary: oneLine(summary) || oneLine(details),
  };
  const found = new Map<NormalizedName, Advisory>();
  for (const one of listOf(affected).map(fieldsOf)) {
    const project = projectOf(one['package']);
    if (project === undefined) continue;
    const { ranges, versions } = affectedOf(one, id);
    const before = found.get(project);
    if (before) {
      before.ranges.push(...ranges);
      before.versions.push(...versions);
    } else {
      found.set(project, { ...shared, ...severityOf([one, rest]), ranges, versions });
    }
  }
  return [...found].map(([project, advisory]) => ({ project, advisory: withoutCovered(advisory) }));
}

/** Whether it is about malware: code that was published to do harm. */
export function isMalware({ id }: Pick<Advisory, 'id'>): boolean {
  return id.startsWith('MAL-');
}

/**
 * Whether a version is affected: it is listed, or a range has it. One with a local part (`2.1+cpu`) is a build of the version before
 * the `+`, and is judged as that too.
 */
export function affects({ ranges, versions }: Pick<Advisory, 'ranges' | 'versions'>, version: string): boolean {
  const names = (each: string) => versions.some((one) => versionKey(one) === versionKey(each));
  const isNamed = (each: string) => isInRanges(ranges, each) || names(each);
  if (isNamed(version)) return true;
  return parseVersion(version)?.local !== undefined && isNamed(version.slice(0, version.indexOf('+')));
}

/** What says that a version is malware; where nobody knows the version, the worst counts. */
export function malwareIn(advisories: readonly Advisory[], version: string | undefined): Advisory | undefined {
  return advisories.find((each) => isMalware(each) && (version === undefined || affects(each, version)));
}

/** The first versions after an affected one that are no longer: each range that has it names one at most. */
export function fixedVersions({ ranges }: Pick<Advisory, 'ranges'>, version: string): string[] {
  const ends = ranges.filter((range) => isInRange(range, version)).flatMap(({ before }) => before ?? []);
  const later = ranges.flatMap(({ before }) =>
    before !== undefined && compareVersions(before, version) > 0 ? before : [],
  );
  const found = ends.length > 0 ? ends : later; // it is in a list: the ranges beside that tell where it was mended
  return [...new Set(found)].sort(compareVersions).slice(0, ends.length > 0 ? undefined : 1);
}

/** One that names malware, and no version of it, means all of them. */
function affectedOf(affected: Record<string, unknown>, id: string): Pick<Advisory, 'ranges' | 'versions'> {
  const ranges = rangesOf(listOf(affected['ranges']).map(fieldsOf));
  const versions = listOf(affected['versions']).filter(isVersionText).slice(0, ADVISORY_LIMITS.versions);
  const isEmpty = ranges.length === 0 && versions.length === 0;
  return isEmpty && isMalware({ id }) ? { ranges: [{ from: '0' }], versions } : { ranges, versions };
}

/** Records list each version as well as the ranges: most of what they hold is said twice. */
function withoutCovered({ versions, ...advisory }: Advisory): Advisory {
  const byKey = new Map(versions.map((version) => [versionKey(version), version]));
  return { ...advisory, versions: [...byKey.values()].filter((version) => !isInRanges(advisory.ranges, version)) };
}

/** Undefined for other ecosystems, and for what is no name. */
function projectOf(value: unknown): NormalizedName | undefined {
  const { ecosystem, name } = fieldsOf(value);
  if (ecosystem !== 'PyPI' || typeof name !== 'string') return undefined;
  try {
    return normalizeName(name);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= ADVISORY_LIMITS.idLength && ID.test(value);
}

/** In characters: file names end at 255. */
const LONGEST_VERSION = 255;

function isVersionText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_VERSION && !/\p{Cc}/u.test(value);
}

/** What people read, of whoever wrote it: the first line, without what steers terminals or turns the direction of text. */
function oneLine(value: unknown): string {
  if (typeof value !== 'string') return '';
  const [line = ''] = value
    .slice(0, 4 * ADVISORY_LIMITS.summaryLength)
    .trim()
    .split(/[\r\n\u2028\u2029]/, 1);
  const text = line.replace(/[\p{Cc}\p{Cf}]/gu, ' ').trim();
  const characters = [...text];
  if (characters.length <= ADVISORY_LIMITS.summaryLength) return text;
  return `${characters.slice(0, ADVISORY_LIMITS.summaryLength - 1).join('')}…`;
}

export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
