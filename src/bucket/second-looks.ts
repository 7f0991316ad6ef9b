/**
 * A request whose sender heard nothing may take effect later, when it was sent once more, and even after what came next. Conditions keep most of that off. They
 * cannot where a key is again as it was before: gone, or with the content, and so the ETag, of then. So what is touched twice within the time that a request may
 * be under way is looked at once more when that has passed.
 */
import type { RecordedUnit } from './bucket-record.ts';
import type { ObjectStep } from './bucket-source.ts';

/** Stores refuse requests that were signed 15 minutes ago, by their own clock. Source: Amazon S3, "Authenticating Requests (AWS Signature Version 4)", RequestTimeTooSkewed. */
const UNDER_WAY_MS = 16 * 60_000;

/** Keys that it is time for. */
export function dueLooks(unit: RecordedUnit | undefined, nowMs: number): Map<string, ObjectStep> {
  return new Map((unit?.again ?? []).flatMap(({ key, step, dueMs }) => (dueMs <= nowMs ? [[key, step]] : [])));
}

/** Whether a request of an earlier push may still be under way to it. @param isOpen a push ended while it touched the unit, nobody knows when */
export function mayBeUnderWay(unit: RecordedUnit | undefined, isOpen: boolean, nowMs: number): boolean {
  return isOpen || (unit !== undefined && unit.touchedMs + UNDER_WAY_MS > nowMs);
}

/**
 * @param looked keys whose time had come: they were looked at
 * @param touched keys that this push put or removed
 */
export function withTouched(
  unit: RecordedUnit,
  looked: ReadonlyMap<string, ObjectStep>,
  touched: ReadonlyMap<string, ObjectStep>,
  isClose: boolean,
  nowMs: number,
): RecordedUnit {
  if (touched.size === 0 && looked.size === 0) return unit;
  const again = new Map(unit.again.filter(({ key }) => !looked.has(key)).map((look) => [look.key, look]));
  if (isClose) for (const [key, step] of touched) again.set(key, { key, step, dueMs: nowMs + UNDER_WAY_MS });
  return { ...unit, again: [...again.values()], touchedMs: touched.size > 0 ? nowMs : unit.touchedMs };
}

/** When the first is due; undefined where there is none. */
export function firstLook(units: Iterable<RecordedUnit>): number | undefined {
  let first: number | undefined;
  for (const { again } of units) for (const { dueMs } of again) first = Math.min(first ?? dueMs, dueMs);
  return first;
}
