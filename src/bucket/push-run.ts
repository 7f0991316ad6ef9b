import type { RetryStore } from '../object-store/retry-store.ts';
import { atOnce } from './at-once.ts';
import { addTouching, type Touching, UNSETTLED } from './bucket-head.ts';
import type { ObjectStep } from './bucket-source.ts';
import { type ChangedShard, changedShards, dueShards } from './changed-shards.ts';
import { abandonUploads } from './leftover-uploads.ts';
import { lookForGone } from './look-for-gone.ts';
import { BEAT_MS } from './open-in-turn.ts';
import type { PushOptions, PushReport } from './push-options.ts';
import { PutQueue } from './put-queue.ts';
import type { BucketRecord } from './record-store.ts';
import {
  mustWait,
  planShard,
  removable,
  type ShardPlan,
  settleLeft,
  settleUnits,
  type UnitOutcome,
} from './shard-plan.ts';
import { stillWanted } from './still-wanted.ts';

/** Of `roundKeys`: a head that names so many has some 200 kB. */
const ROUND_KEYS = 2000;

/** Keys in one request. Source: Amazon S3 API Reference, DeleteObjects. */
const REMOVED_AT_ONCE = 1000;

/** Stores tell their time in whole seconds. */
const SECOND_MS = 1000;

export interface PushRunOptions extends PushOptions {
  store: RetryStore;
  /** That the store answered before this push. */
  requestsBefore: number;
}

/**
 * One push. It goes in rounds of some thousand keys, each of which is announced in the head of the record before anything is done to it, and
 * recorded afterwards: so a push that ends anywhere leaves nothing there of which the next one does not know.
 */
export class PushRun {
  readonly #options: PushRunOptions;
  readonly #record: BucketRecord;
  readonly #queue: PutQueue;
  /** Announced, by this push or one before, and not recorded yet. */
  readonly #open: Map<string, Map<string, ObjectStep>>;
  readonly #requestsBefore: number;
  #removed = 0;
  /** When the head was written last, by this machine's clock. */
  #saidMs = 0;
  #saying: Promise<unknown> | undefined;
  /** Another push has taken over. */
  #conflict: unknown;
  /** Shards were written of which the head does not tell. */
  #isHeadOld = false;

  constructor(options: PushRunOptions, record: BucketRecord) {
    this.#options = options;
    this.#record = record;
    this.#queue = new PutQueue(options, record.isNew, () => this.#beat());
    this.#open = new Map(record.head.touching);
    this.#requestsBefore = options.requestsBefore;
  }

  /** @throws {RecordConflict} {KhoError} BUCKET {StoreError} */
  async push(): Promise<PushReport> {
    const { store, source, settings } = this.#options;
    if (this.#open.size > 0) await abandonUploads(store, this.#open);
    await this.#pushChanged(changedShards(source, settings, this.#record.head, this.#nowMs()));
    if (!this.#queue.hasFailed) await this.#removeDue();
    if (this.#isHeadOld) await this.#record.writeHead(this.#open);
    return this.#report();
  }

  async #pushChanged(changed: readonly ChangedShard[]): Promise<void> {
    const { settings, parallel, roundKeys = ROUND_KEYS } = this.#options;
    let round: ShardPlan[] = [];
    let keys = 0;
    for (let at = 0; at < changed.length; at += parallel) {
      const some = changed.slice(at, at + parallel);
      const shards = await Promise.all(some.map(({ id }) => this.#record.shard(id)));
      for (const [index, shard] of shards.entries()) {
        const plan = await planShard(some[index] as ChangedShard, shard, settings, this.#open, this.#nowMs());
        if (keys >= roundKeys) {
          await this.#carryOut(round, false);
          [round, keys] = [[], 0];
        }
        round.push(plan);
        keys += this.#queue.expect(plan.units, (at + index + 1) / changed.length);
      }
    }
    if (round.length > 0) await this.#carryOut(round, true);
  }

  /** Of shards in which nothing changed. */
  async #removeDue(): Promise<void> {
    const { parallel, roundKeys = ROUND_KEYS } = this.#options;
    const due = dueShards(this.#record.head, this.#nowMs());
    let round: ShardPlan[] = [];
    let keys = 0;
    for (let at = 0; at < due.length; at += parallel) {
      const some = due.slice(at, at + parallel);
      const plans = some.map(async ([id, { units }]): Promise<ShardPlan> => {
        return { id, print: units, shard: await this.#record.shard(id), units: [] };
      });
      round.push(...(await Promise.all(plans)));
      keys += some.reduce((sum, [, { left = 0 }]) => sum + left, 0);
      if (keys < roundKeys && at + parallel < due.length) continue;
      await this.#carryOut(round, true);
      [round, keys] = [[], 0];
    }
  }

  /** One round. @param isLast all that lists name is in its place by then: lists may be put, and what they do not name may go */
  async #carryOut(asPlanned: readonly ShardPlan[], isLast: boolean): Promise<void> {
    const { store, source, graceMs, parallel } = this.#options;
    const plans = await lookForGone(store, asPlanned, parallel);
    const going = isLast ? plans.map((plan) => removable(plan, this.#nowMs(), graceMs, source)) : [];
    await this.#announce([...going, ...plans.map(touchedBy)]);
    const outcomes = await this.#queue.put(plans.flatMap(({ units }) => units));
    await this.#stillOurs();
    const mayGo = isLast && !this.#queue.hasFailed;
    const removed = mayGo
      ? await this.#remove(going.map((touching) => withoutOthers(touching, outcomes)))
      : new Set<string>();
    const leftMs = mayGo ? this.#nowMs() + SECOND_MS : undefined;
    const nowMs = this.#nowMs();
    const unsure = plans.map((plan) => settleUnits(plan, outcomes, nowMs));
    await atOnce(plans, parallel, async (plan) => {
      settleLeft(plan, leftMs, removed, nowMs);
      const hasFailed = plan.units.some(({ name }) => outcomes.get(name)?.hasFailed);
      await this.#record.writeShard(plan.id, plan.shard, hasFailed ? UNSETTLED : plan.print, graceMs);
    });
    for (const unit of [...going.flatMap((touching) => [...touching.keys()]), ...outcomes.keys()])
      this.#open.delete(unit);
    for (const touching of unsure) addTouching(this.#open, touching);
    this.#isHeadOld = true;
  }

  /** Whoever comes after this push, wherever it ends, asks the store about these keys. */
  async #announce(all: readonly Touching[]): Promise<void> {
    const isNew = all.map((touching) => addTouching(this.#open, touching)).includes(true);
    if (!isNew) return;
    await this.#record.writeHead(this.#open);
    this.#saidMs = this.#options.clock.now();
    this.#isHeadOld = false;
  }

  /** Whoever waits for this push sees that it goes on. @throws {RecordConflict} {StoreError} where it is no longer its turn */
  #beat(): void {
    if (this.#conflict !== undefined) throw this.#conflict;
    const { clock } = this.#options;
    if (this.#saying !== undefined || clock.now() - this.#saidMs < BEAT_MS) return;
    this.#saying = this.#record
      .writeHead(this.#open)
      .catch((error: unknown) => {
        this.#conflict = error;
      })
      .finally(() => {
        this.#saidMs = clock.now();
        this.#saying = undefined;
      });
  }

  /** @throws as #beat */
  async #stillOurs(): Promise<void> {
    this.#beat();
    await this.#saying;
    if (this.#conflict !== undefined) throw this.#conflict;
  }

  /** @returns keys that the record need not tell of any more */
  async #remove(going: readonly Touching[]): Promise<Set<string>> {
    const { store, source } = this.#options;
    const all = new Map(going.flatMap((touching) => [...touching.values()].flatMap((keys) => [...keys])));
    const packages = [...all].filter(([, step]) => mustWait(step)).map(([key]) => key);
    const wanted = await stillWanted(source, new Set(packages));
    const keys = [...all.keys()].filter((key) => !wanted.has(key)).sort();
    for (let at = 0; at < keys.length; at += REMOVED_AT_ONCE) {
      await this.#stillOurs();
      await store.remove(keys.slice(at, at + REMOVED_AT_ONCE));
    }
    this.#removed += keys.length;
    return new Set(all.keys());
  }

  /** By the store's clock, which all that write there have in common. */
  #nowMs(): number {
    return this.#options.store.clockMs() ?? this.#options.clock.now();
  }

  #report(): PushReport {
    const { written, unchanged, failed, replaced, sent } = this.#queue;
    const { head, lost } = this.#record;
    const states = [...head.shards.values()];
    const dues = states.flatMap(({ due }) => (due === undefined ? [] : [due]));
    const next = [...dues, ...states.flatMap(({ again }) => (again === undefined ? [] : [again]))];
    return {
      ...{ written, unchanged, removed: this.#removed, failed, replaced, lostShards: lost.length },
      waiting: states.reduce((sum, { left = 0 }) => sum + left, 0),
      ...(dues.length > 0 && { removalsDueMs: Math.min(...dues) }),
      ...(next.length > 0 && { nextMs: Math.min(...next) }),
      requests: this.#options.store.requests - this.#requestsBefore,
      bytes: sent,
    };
  }
}

/** Packages that a page may have named of which nobody knew have to wait. */
function withoutOthers(going: Touching, outcomes: ReadonlyMap<string, UnitOutcome>): Touching {
  const mayGo = ([key, step]: [string, ObjectStep], unit: string): [string, ObjectStep][] =>
    mustWait(step) && outcomes.get(unit)?.wasOther ? [] : [[key, step]];
  return new Map([...going].map(([unit, keys]) => [unit, new Map([...keys].flatMap((one) => mayGo(one, unit)))]));
}

/** All that a plan puts, and that its shard then says is to go: a project that is back after a push that died is not what its head tells. */
function touchedBy({ units }: ShardPlan): Touching {
  return new Map(
    units
      .filter(({ planned, leaving }) => planned.length + leaving.length > 0)
      .map(({ name, planned, leaving }) => [
        name,
        new Map([...planned.map(({ wanted }) => wanted), ...leaving].map(({ key, step }) => [key, step])),
      ]),
  );
}
