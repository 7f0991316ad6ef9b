import { DriftList } from '../drift.ts';
import type { ObjectStep } from './bucket-source.ts';

export const FIX = 'kho check --fix puts it right';
export const BUILD = 'run kho build, and look again';
export const PUSH = 'the site is newer: publish it, with kho build';
export const WAITS = 'kho check --fix takes it up: it goes when the grace is over, in case somebody still needs it';
export const STORE_KEEPS_NONE =
  'kho doctor s3://… tells whether the store keeps it: if so, kho check --fix puts it right; if not, let what stands before the bucket say it, as kho config prints';
export const NOT_OURS =
  'kho leaves alone what it did not put there; remove it with the tools of your store, if nobody needs it';

/** What a check found, and what is to be done about it. */
export class BucketFindings extends DriftList {
  /** Keys that a push has to look at, by unit. */
  readonly doubtful = new Map<string, Map<string, ObjectStep>>();
  /** Keys whose bytes are other ones than they say: these are put anew, by the ETag that was found. */
  readonly forged = new Map<string, string>();
  /** Keys of which nothing says how long they may be kept, where so it is with all: the store keeps no such thing, or something else wrote them. */
  readonly uncached: { unit: string; key: string; step: ObjectStep }[] = [];
  /** Parts of the record that are damaged or gone, by their names: they are written anew, also where they tell of nothing. */
  readonly lostShards: string[] = [];
  /** Keys with uploads that nobody goes on with. */
  readonly uploads: string[] = [];

  constructor() {
    super(FIX);
  }

  /** It is looked at by the push that mends. */
  doubt(unit: string, key: string, step: ObjectStep): void {
    const keys = this.doubtful.get(unit) ?? new Map<string, ObjectStep>();
    this.doubtful.set(unit, keys.set(key, step));
  }
}
