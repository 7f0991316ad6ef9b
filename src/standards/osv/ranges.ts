/**
 * Ranges of versions as OSV has them: events that are sorted, and between which versions are affected or not.
 *
 * Source: OSV schema, "Evaluation". Of types only `ECOSYSTEM` says something of versions of PyPI; they compare as PEP 440 has it.
 */
import { versionKey } from '../version.ts';

/** From a version on, up to one: `before` is the first that is not affected, `last` the last that is; all later ones where there is neither. */
export interface AffectedRange {
  /** `0` is before all versions. */
  from: string;
  before?: string;
  last?: string;
}

/** Events of one range beyond so many are left out. */
const MOST_EVENTS = 10_000;

type EventKind = 'introduced' | 'fixed' | 'last_affected' | 'limit';

interface RangeEvent {
  kind: EventKind;
  version: string;
}

/** @param ranges as a record has them */
export function rangesOf(ranges: readonly Record<string, unknown>[]): AffectedRange[] {
  return ranges.filter(({ type }) => type === 'ECOSYSTEM').flatMap(({ events }) => spans(eventsOf(events)));
}

export function isInRanges(ranges: readonly AffectedRange[], version: string): boolean {
  return ranges.some((range) => isInRange(range, version));
}

export function isInRange({ from, before, last }: AffectedRange, version: string): boolean {
  const key = versionKey(version);
  if (key < startKey(from)) return false;
  return before === undefined ? last === undefined || key <= versionKey(last) : key < versionKey(before);
}

function startKey(version: string): string {
  return version === '0' ? '' : versionKey(version);
}

function eventsOf(events: unknown): RangeEvent[] {
  if (!Array.isArray(events)) return [];
  return events.slice(0, MOST_EVENTS).flatMap((event: unknown) =>
    (['introduced', 'fixed', 'last_affected', 'limit'] as const).flatMap((kind) => {
      const version = Object(event)[kind] as unknown;
      return typeof version === 'string' && version.length <= 255 ? [{ kind, version }] : [];
    }),
  );
}

/** In the order of versions; where two events have one version, the last that is affected comes after the first that is. */
function spans(events: readonly RangeEvent[]): AffectedRange[] {
  const limit = limitOf(events);
  const ordered = events
    .filter(({ kind }) => kind !== 'limit')
    .map((event) => ({ ...event, key: startKey(event.version) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : rank(a) - rank(b)));
  const found: AffectedRange[] = [];
  let from: string | undefined;
  for (const { kind, version } of ordered) {
    if (kind === 'introduced') from ??= version;
    else if (from !== undefined) {
      found.push(kind === 'fixed' ? { from, before: version } : { from, last: version });
      from = undefined;
    }
  }
  if (from !== undefined) found.push({ from });
  return limit === undefined ? found : found.flatMap((range) => upTo(range, limit));
}

function rank({ kind }: RangeEvent): number {
  return kind === 'last_affected' ? 1 : 0;
}

/** The highest: what lies before any limit, counts. Undefined where nothing is limited. */
function limitOf(events: readonly RangeEvent[]): string | undefined {
  const limits = events.filter(({ kind }) => kind === 'limit').map(({ version }) => version);
  if (limits.includes('*')) return undefined;
  return limits.sort((a, b) => (versionKey(a) < versionKey(b) ? 1 : -1))[0];
}

function upTo(range: AffectedRange, limit: string): AffectedRange[] {
  const end = versionKey(limit);
  if (startKey(range.from) >= end) return [];
  const stop = range.before ?? range.last;
  return [stop !== undefined && versionKey(stop) < end ? range : { from: range.from, before: limit }];
}
