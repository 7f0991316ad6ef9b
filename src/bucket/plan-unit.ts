import type { ObjectHeaders } from '../object-store/object-store.ts';
import { type LeftObject, type RecordedObject, type RecordedUnit, sha256Of } from './bucket-record.ts';
import type { BucketObject, ObjectStep, SourceUnit } from './bucket-source.ts';
import { dueLooks, mayBeUnderWay } from './second-looks.ts';

/** One object that has to be looked at, and put where it is not as it should be. */
export interface PlannedObject {
  wanted: BucketObject;
  headers: string;
  /** As the record has it. */
  known?: RecordedObject;
  /** What is recorded of it may not hold: the store is asked. */
  isDoubtful: boolean;
}

export interface UnitPlan {
  name: string;
  /** What is recorded of it when all has come to its place. */
  print: string;
  planned: readonly PlannedObject[];
  /** As it was, and as it should be. */
  same: readonly RecordedObject[];
  left: readonly LeftObject[];
  /** Recorded as published until now: pages and lists among them go in this push. */
  leaving: readonly LeftObject[];
  /** Keys that a push before this one was about to touch when it ended. */
  open: ReadonlyMap<string, ObjectStep>;
  /** Keys that are looked at once more. */
  looked: ReadonlyMap<string, ObjectStep>;
  /** A request of an earlier push may still be under way to it. */
  isClose: boolean;
}

/**
 * @param print what is recorded of it when all has come to its place
 * @param unit undefined where the source has it no more
 * @param open keys that a push before this one was about to touch when it ended
 */
export async function planUnit(
  name: string,
  print: string,
  unit: SourceUnit | undefined,
  recorded: RecordedUnit | undefined,
  open: ReadonlyMap<string, ObjectStep> | undefined,
  nowMs: number,
): Promise<UnitPlan> {
  const looked = dueLooks(recorded, nowMs);
  const touched = new Map([...looked, ...(open ?? [])]);
  const known = new Map((recorded?.objects ?? []).map((object) => [object.key, object]));
  const left = new Map((recorded?.left ?? []).map((object) => [object.key, object]));
  const planned: PlannedObject[] = [];
  const same: RecordedObject[] = [];
  const wantedKeys = new Set<string>();
  for (const wanted of unit ? await unit.objects() : []) {
    const { key, stamp } = wanted;
    wantedKeys.add(key);
    const before = known.get(key);
    const headers = headersPrint(wanted.headers);
    // What was to go may be gone: by a push that told nobody.
    const isDoubtful = touched.has(key) || left.has(key);
    if (before && !isDoubtful && before.stamp === stamp && before.headers === headers) same.push(before);
    else planned.push({ wanted, headers, isDoubtful, ...(before && { known: before }) });
  }
  const gone = new Map<string, ObjectStep>(touched);
  for (const { key, step } of known.values()) gone.set(key, step);
  const leaving = [...gone]
    .filter(([key]) => !wantedKeys.has(key) && !left.has(key))
    .map(([key, step]) => ({ key, step, sinceMs: 0 }));
  // Pages of the push that ended may have named it once more: its time begins anew.
  const stays = [...left.values()]
    .filter(({ key }) => !wantedKeys.has(key))
    .map((object) => (open?.has(object.key) ? { ...object, sinceMs: 0 } : object));
  const isClose = mayBeUnderWay(recorded, open !== undefined, nowMs);
  return { name, print, planned, same, left: stays, leaving, open: open ?? new Map(), looked, isClose };
}

/** Stands for headers; the hash of the content is not among them. */
export function headersPrint({ contentType, cacheControl, contentEncoding = '', meta = {} }: ObjectHeaders): string {
  return sha256Of(JSON.stringify([contentType, cacheControl, contentEncoding, Object.entries(meta).sort()])).slice(
    0,
    8,
  );
}
