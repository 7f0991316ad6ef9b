import { KhoError, messageOf } from '../errors.ts';
import { type ObjectStore, StoreError } from '../object-store/object-store.ts';
import { atOnce } from './at-once.ts';
import type { RecordedObject } from './bucket-record.ts';
import { OBJECT_STEPS } from './bucket-source.ts';
import type { PlannedObject, UnitPlan } from './plan-unit.ts';
import type { PushOptions } from './push-options.ts';
import { type PutResult, putObject } from './put-object.ts';
import type { UnitOutcome } from './shard-plan.ts';

/** Of objects that the store refuses, or that cannot be read; then something else is wrong. */
const MOST_FAILURES = 100;

interface Task {
  unit: string;
  object: PlannedObject;
}

/** Brings objects to their places, and counts. */
export class PutQueue {
  written = 0;
  unchanged = 0;
  /** In bytes. */
  sent = 0;
  readonly failed: { key: string; why: string }[] = [];
  readonly replaced: string[] = [];
  readonly #options: PushOptions & { store: ObjectStore };
  /** What stands there unmarked is not kho's. */
  readonly #isFirst: boolean;
  readonly #goesOn: () => void;
  #expected = 0;
  #share = 1;

  /** @param goesOn called before each object and each part of one; it may throw what ends all */
  constructor(options: PushOptions & { store: ObjectStore }, isFirst: boolean, goesOn: () => void) {
    [this.#options, this.#isFirst, this.#goesOn] = [options, isFirst, goesOn];
  }

  get hasFailed(): boolean {
    return this.failed.length > 0;
  }

  /** @param share of all shards that changed, which were planned by now @returns how many keys are touched */
  expect(units: readonly UnitPlan[], share: number): number {
    let keys = 0;
    for (const { planned, leaving } of units) {
      this.#expected += planned.length;
      keys += planned.length + leaving.length;
    }
    this.#share = share;
    return keys;
  }

  /**
   * What is linked to before what links to it: all of one step before the next. Where one object of a unit fails, what may name it waits; so do
   * lists, whosever it is.
   *
   * @throws {KhoError} BUCKET {StoreError}
   */
  async put(units: readonly UnitPlan[]): Promise<Map<string, UnitOutcome>> {
    const done = new Map(units.map(({ name }) => [name, new Map<string, RecordedObject>()]));
    const failed = new Set<string>();
    const others = new Set<string>();
    const tasks = units.flatMap(({ name, planned }) => planned.map((object): Task => ({ unit: name, object })));
    for (const step of OBJECT_STEPS) {
      const isList = step === 'list' || step === 'sync-head';
      const waits = new Set(failed); // others of the same step do not name it
      const ofStep = tasks.filter(({ object }) => object.wanted.step === step);
      await atOnce(ofStep, this.#options.parallel, async ({ unit, object }) => {
        const result = waits.has(unit) || (isList && this.hasFailed) ? undefined : await this.#put(object);
        if (result) done.get(unit)?.set(result.recorded.key, result.recorded);
        else failed.add(unit);
        if (result?.wasOther) others.add(unit);
      });
    }
    const outcomeOf = (name: string) => ({ hasFailed: failed.has(name), wasOther: others.has(name) });
    return new Map([...done].map(([name, objects]) => [name, { done: objects, ...outcomeOf(name) }]));
  }

  async #put(object: PlannedObject): Promise<PutResult | undefined> {
    const { store, signal, adopt = false, onProgress } = this.#options;
    signal?.throwIfAborted();
    this.#goesOn();
    const { key, step } = object.wanted;
    try {
      const result = await putObject(store, object, this.#isFirst && !adopt, this.#goesOn);
      const { how, sent, replaced } = result;
      this[how]++;
      this.sent += sent;
      if (replaced && step === 'package') this.replaced.push(key);
      const objectsTotal = Math.round(this.#expected / this.#share);
      onProgress?.({ objects: this.written + this.unchanged, objectsTotal, bytes: this.sent });
      return result;
    } catch (error) {
      if (!concernsOne(error)) throw error;
      this.failed.push({ key, why: messageOf(error) });
      if (this.failed.length >= MOST_FAILURES) throw tooMany(store, this.failed.length, error);
      return undefined;
    }
  }
}

/** Others may go well all the same: a file that cannot be read or changed meanwhile, or a name that the store does not take. */
export function concernsOne(error: unknown): boolean {
  if (error instanceof StoreError) return error.fault === 'refused';
  if (error instanceof KhoError) return error.code === 'READ';
  return typeof (error as NodeJS.ErrnoException).syscall === 'string' || isRefusal(error);
}

/** As io/ refuses what is another file by now. */
function isRefusal(error: unknown): boolean {
  return ['ENOENT', 'EINVAL', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function tooMany(store: ObjectStore, count: number, cause: unknown): KhoError {
  return new KhoError('BUCKET', `Cannot publish to "${store.name}": ${count} objects failed`, {
    hint: '"kho doctor s3://…" tells what the store can do',
    cause,
  });
}
