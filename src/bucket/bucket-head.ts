/** `.kho/site`, the head of what a bucket is known to hold: whose it is, what its shards say in short, and what a push was about to touch. */
import { KhoError } from '../errors.ts';
import { isPublishable, RECORD_FOLDER, stepAt } from './bucket-record.ts';
import type { ObjectStep } from './bucket-source.ts';
import { OBJECT_STEPS } from './bucket-source.ts';

export const HEAD_KEY = `${RECORD_FOLDER}site`;

/** Raised whenever what is recorded changes its meaning. */
const FORMAT = 1;

/** One site writes, and its folder is the truth. `shared` is for many writers, and not written yet. */
const MODE = 'mirror';

export interface BucketHead {
  /** The site's id. */
  site: string;
  /** One more with each write. */
  counter: number;
  /** Of the push that wrote it: no two heads are the same, so that one tells its own from another's. */
  run: string;
  /** By their names; without those that are empty. */
  shards: Map<string, ShardState>;
  /** What is touched from here on, by unit: a push that ends before it writes the next head may have done any of it. */
  touching: Touching;
}

export interface ShardState {
  /** Stands for the units in it, as the source had them. */
  units: string;
  /** How many objects are left of what is published no longer. */
  left?: number;
  /** When the first of them may go, see `dueOf`. */
  due?: number;
  /** When something is to be looked at once more. */
  again?: number;
  /** Its text, where it stands in the head. */
  text?: string;
}

/** In the place of what stands for a shard's units, where they have to be looked at whatever the source says. */
export const UNSETTLED = '?';

export type Touching = Map<string, Map<string, ObjectStep>>;

/** @returns whether any of it is new there */
export function addTouching(to: Touching, more: Touching): boolean {
  let isNew = false;
  for (const [unit, keys] of more) {
    const known = to.get(unit) ?? new Map<string, ObjectStep>();
    to.set(unit, known);
    for (const [key, step] of keys) {
      isNew ||= !known.has(key);
      known.set(key, step);
    }
  }
  return isNew;
}

export function newHead(site: string): BucketHead {
  return { site, counter: 0, run: '', shards: new Map(), touching: new Map() };
}

export function writeHead({ shards, touching, ...head }: BucketHead): string {
  const touched = [...touching].map(([unit, keys]) => [
    unit,
    [...keys].map(([key, step]) => [key, OBJECT_STEPS.indexOf(step)]),
  ]);
  return `${JSON.stringify({ format: FORMAT, mode: MODE, ...head, touching: touched, shards: [...shards].sort() })}\n`;
}

/**
 * @param where its name, for messages
 * @throws {KhoError} BUCKET for one of a newer kho, and one for several writers
 */
export function readHead(text: string, where: string): BucketHead | 'damaged' {
  const head = parse(text);
  const isNewer = Number.isSafeInteger(head?.['format']) && (head?.['format'] as number) > FORMAT;
  if (isNewer || (head?.['format'] === FORMAT && head['mode'] === 'shared')) {
    const why = isNewer ? 'a newer kho wrote it' : 'several machines publish there without a folder in common';
    throw new KhoError('BUCKET', `Cannot use the record "${where}": ${why}`, {
      hint: isNewer ? 'use that kho' : 'publish to another prefix',
    });
  }
  try {
    if (head?.['format'] !== FORMAT || head['mode'] !== MODE) throw new Error('no kho wrote that');
    return checked(head);
  } catch {
    return 'damaged';
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const head = JSON.parse(text);
    return head instanceof Object ? head : undefined;
  } catch {
    return undefined;
  }
}

function checked({ site, counter, run, shards, touching }: Record<string, unknown>): BucketHead {
  if (typeof site !== 'string' || typeof run !== 'string' || !Number.isSafeInteger(counter)) throw new Error();
  return {
    site,
    counter: counter as number,
    run,
    shards: new Map((shards as [string, ShardState][]).map(([id, state]) => [id, checkedState(state)])),
    touching: new Map((touching as [string, [string, number][]][]).map(([unit, keys]) => [unit, checkedKeys(keys)])),
  };
}

function checkedState({ units, left, due, again, text }: ShardState): ShardState {
  const isNumber = (value: unknown) => value === undefined || Number.isSafeInteger(value);
  const isText = (value: unknown) => value === undefined || typeof value === 'string';
  if (typeof units !== 'string' || ![left, due, again].every(isNumber) || !isText(text)) throw new Error();
  const numbers = Object.entries({ left, due, again }).filter(([, value]) => value !== undefined);
  return { units, ...Object.fromEntries(numbers), ...(text && { text }) };
}

function checkedKeys(keys: [string, number][]): Map<string, ObjectStep> {
  if (!keys.every(([key]) => isPublishable(key))) throw new Error();
  return new Map(keys.map(([key, step]) => [key, stepAt(step)]));
}
