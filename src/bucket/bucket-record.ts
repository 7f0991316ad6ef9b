/**
 * What a bucket is known to hold, as it stands in the bucket itself: a head, `.kho/site`, and `.kho/shards/HH`, in which units are spread
 * by the hash of their names. A push reads the head, and of shards those in which something is to be done.
 */
import { hash } from 'node:crypto';
import { splitKeptLines, withSum } from '../io/kept-lines.ts';
import { leadsDown } from '../publish/published-path.ts';
import { isSha256 } from '../standards/sha256.ts';
import { BASE_UNIT, LISTS_UNIT, OBJECT_STEPS, type ObjectStep, type SourceUnit } from './bucket-source.ts';

/** Whatever stands below it is the record, and published by no site. */
export const RECORD_FOLDER = '.kho/';

export interface RecordedObject {
  key: string;
  step: ObjectStep;
  /** In bytes. */
  size: number;
  sha256: string;
  /** As the source had it. */
  stamp: string;
  /** As the store said it. */
  etag: string;
  /** Stands for its headers. */
  headers: string;
}

/** What is published no longer, and still stands in the bucket. */
export interface LeftObject {
  key: string;
  step: ObjectStep;
  /** When no page and no list named it any more, by the store's clock, milliseconds since 1970; 0 while some list may. */
  sinceMs: number;
}

/** What is to be looked at again. */
interface LookAgain {
  key: string;
  step: ObjectStep;
  /** From when on. Milliseconds since 1970, by the store's clock. */
  dueMs: number;
}

export interface RecordedUnit {
  name: string;
  /** What `printOf` made of it; empty where not all of it came to its place. */
  print: string;
  objects: readonly RecordedObject[];
  left: readonly LeftObject[];
  /** When something was last put there or removed, by the store's clock, milliseconds since 1970. */
  touchedMs: number;
  again: readonly LookAgain[];
}

/** By name. */
export type RecordShard = Map<string, RecordedUnit>;

/** Where a unit is recorded. */
export function shardOf(unit: string): string {
  return isInHead(unit) ? unit : sha256Of(unit).slice(0, 2);
}

/** These are shards of their own, and stand in the head itself: what names all projects changes with nearly each push. */
export function isInHead(shard: string): boolean {
  return shard === BASE_UNIT || shard === LISTS_UNIT;
}

export function shardKey(shard: string): string {
  return `${RECORD_FOLDER}shards/${shard}`;
}

/** Stands for all that decides about a unit's objects. @param settings that all units depend on */
export function printOf(settings: string, { name, print }: SourceUnit): string {
  return sha256Of(JSON.stringify([settings, name, print])).slice(0, 32);
}

/** When the first of what is left may go, by the same clock; 0 for what waits for a list, undefined where nothing is left. */
export function dueOf(shard: RecordShard, graceMs: number): number | undefined {
  let due: number | undefined;
  for (const { left } of shard.values())
    for (const object of left) due = Math.min(due ?? Number.POSITIVE_INFINITY, dueMs(object, graceMs));
  return due;
}

export function dueMs({ sinceMs }: LeftObject, graceMs: number): number {
  return sinceMs === 0 ? 0 : sinceMs + graceMs;
}

/** Lines of JSON, each with a checksum. */
export function writeShard(shard: RecordShard): string {
  const names = [...shard.keys()].sort();
  return names.map((name) => withSum(writeUnit(shard.get(name) as RecordedUnit))).join('');
}

/** @returns undefined where a part of it is damaged, or was written by no kho */
export function readShard(id: string, bytes: Buffer): RecordShard | undefined {
  const { lines, damaged, isTorn } = splitKeptLines(bytes);
  if (damaged > 0 || isTorn) return undefined;
  const shard: RecordShard = new Map();
  for (const line of lines) {
    const unit = readUnit(line);
    if (unit === undefined || shardOf(unit.name) !== id) return undefined;
    shard.set(unit.name, unit);
  }
  return shard;
}

function writeUnit({ name, print, objects, left, touchedMs, again }: RecordedUnit): string {
  return JSON.stringify([
    name,
    print,
    objects.map((one) => [
      one.key,
      OBJECT_STEPS.indexOf(one.step),
      one.size,
      one.sha256,
      one.stamp,
      one.etag,
      one.headers,
    ]),
    left.map(({ key, step, sinceMs }) => [key, OBJECT_STEPS.indexOf(step), sinceMs]),
    touchedMs,
    again.map(({ key, step, dueMs }) => [key, OBJECT_STEPS.indexOf(step), dueMs]),
  ]);
}

function readUnit(line: string): RecordedUnit | undefined {
  try {
    const [name, print, objects, left, touchedMs, again] = JSON.parse(line);
    if (typeof name !== 'string' || typeof print !== 'string' || !Number.isSafeInteger(touchedMs)) return undefined;
    const unit = { name, print, objects: objects.map(readObject), left: left.map(readLeft), touchedMs };
    return {
      ...unit,
      again: again.map(readLeft).map(({ key, step, sinceMs }: LeftObject) => ({ key, step, dueMs: sinceMs })),
    };
  } catch {
    return undefined;
  }
}

function readObject([key, step, size, sha256, stamp, etag, headers]: unknown[]): RecordedObject {
  const isBelieved =
    Number.isSafeInteger(size) &&
    isSha256(sha256) &&
    [stamp, etag, headers].every((text) => typeof text === 'string') &&
    isPublishable(key);
  if (!isBelieved) throw new Error('no kho wrote that');
  return { key, step: stepAt(step), size, sha256, stamp, etag, headers } as RecordedObject;
}

function readLeft([key, step, sinceMs]: unknown[]): LeftObject {
  if (!isPublishable(key) || !Number.isSafeInteger(sinceMs)) throw new Error('no kho wrote that');
  return { key, step: stepAt(step), sinceMs: sinceMs as number };
}

export function stepAt(index: unknown): ObjectStep {
  const step = OBJECT_STEPS[index as number];
  if (step === undefined) throw new Error('no kho wrote that');
  return step;
}

/** What a record names may be removed: so it leads down, and never to the record itself. A slash at its end is part of some names. */
export function isPublishable(key: unknown): key is string {
  if (typeof key !== 'string') return false;
  return leadsDown(key.endsWith('/') ? key.slice(0, -1) : key) && !key.startsWith(RECORD_FOLDER);
}

export function sha256Of(content: string | Uint8Array): string {
  return hash('sha256', content);
}
