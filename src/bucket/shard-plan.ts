/** What is to be done about the units of one shard, and what is recorded of them afterwards. */
import type { Touching } from './bucket-head.ts';
import { dueMs, type LeftObject, printOf, type RecordedObject, type RecordShard, shardOf } from './bucket-record.ts';
import type { BucketSource, ObjectStep } from './bucket-source.ts';
import type { ChangedShard } from './changed-shards.ts';
import { planUnit, type UnitPlan } from './plan-unit.ts';
import { dueLooks, mayBeUnderWay, withTouched } from './second-looks.ts';

export interface ShardPlan {
  id: string;
  /** Stands for the units that the source has. */
  print: string;
  /** As recorded until now, and then as it becomes. */
  shard: RecordShard;
  /** Of those that differ. */
  units: readonly UnitPlan[];
}

/** Asks for the objects of units that differ from what is recorded, and of those that were being touched when a push ended. */
export async function planShard(
  { id, units, print }: ChangedShard,
  shard: RecordShard,
  settings: string,
  touching: Touching,
  nowMs: number,
): Promise<ShardPlan> {
  const bySource = new Map(units.map((unit) => [unit.name, unit]));
  const touched = [...touching.keys()].filter((name) => shardOf(name) === id);
  const plans: UnitPlan[] = [];
  for (const name of [...new Set([...bySource.keys(), ...shard.keys(), ...touched])].sort()) {
    const unit = bySource.get(name);
    const unitPrint = unit ? printOf(settings, unit) : '';
    const recorded = shard.get(name);
    const isSame = unit ? recorded?.print === unitPrint : recorded?.objects.length === 0;
    if (!isSame || touching.has(name) || dueLooks(recorded, nowMs).size > 0)
      plans.push(await planUnit(name, unitPrint, unit, recorded, touching.get(name), nowMs));
  }
  return { id, print, shard, units: plans };
}

/** Pages, and lists, that nothing links to any more once lists have been put, and packages of which no page told for long enough. */
export function removable({ shard, units }: ShardPlan, nowMs: number, graceMs: number, source: BucketSource): Touching {
  const going: Touching = new Map();
  const add = (unit: string, left: readonly LeftObject[]) => {
    const due = left.filter((object) => isRemovable(object, nowMs, graceMs) || source.goesAtOnce?.(object.key));
    if (due.length === 0) return;
    const keys = going.get(unit) ?? new Map<string, ObjectStep>();
    for (const { key, step } of due) keys.set(key, step);
    going.set(unit, keys);
  };
  const planned = new Set(units.map(({ name }) => name));
  for (const { name, left } of shard.values()) if (!planned.has(name)) add(name, left);
  for (const { name, left, leaving } of units) add(name, [...left, ...leaving]);
  return going;
}

function isRemovable(object: LeftObject, nowMs: number, graceMs: number): boolean {
  if (!mustWait(object.step)) return true;
  return object.sinceMs !== 0 && dueMs(object, graceMs) <= nowMs;
}

/** A page that somebody still has may name it. */
export function mustWait(step: ObjectStep): boolean {
  return step === 'package' || step === 'companion';
}

/** What came of a plan. */
export interface UnitOutcome {
  /** By key: those that stand there as they should. */
  done: ReadonlyMap<string, RecordedObject>;
  /** Some of it did not come to its place. */
  hasFailed: boolean;
  /** Something stood there that nobody knew of: what it named is to stay for those who have it. */
  wasOther: boolean;
}

const NOTHING_DONE: UnitOutcome = { done: new Map(), hasFailed: false, wasOther: false };

/** Bring the shard to what was done. @returns keys of which nobody knows how they are, by unit */
export function settleUnits(
  { shard, units }: ShardPlan,
  outcomes: ReadonlyMap<string, UnitOutcome>,
  nowMs: number,
): Touching {
  const open: Touching = new Map();
  for (const { name, print, planned, same, left, leaving, open: before, looked, isClose } of units) {
    const { done, hasFailed, wasOther } = outcomes.get(name) ?? NOTHING_DONE;
    const objects = [...same];
    for (const { wanted, known, isDoubtful } of planned) {
      const object = done.get(wanted.key) ?? known;
      if (object) objects.push(object);
      if (isDoubtful && !done.has(wanted.key))
        open.set(name, (open.get(name) ?? new Map()).set(wanted.key, wanted.step));
    }
    const stays = wasOther ? left.map((object) => ({ ...object, sinceMs: 0 })) : left;
    const { touchedMs = 0, again = [] } = shard.get(name) ?? {};
    const unit = { name, print: hasFailed ? '' : print, objects, left: [...stays, ...leaving], touchedMs, again };
    const touched = new Map([...before, ...planned.map(({ wanted }) => [wanted.key, wanted.step] as const)]);
    shard.set(name, withTouched(unit, looked, touched, isClose, nowMs));
  }
  return open;
}

/** @param leftMs from when on nothing names what has left; undefined where lists may still do @param removed keys */
export function settleLeft(
  { shard, units }: ShardPlan,
  leftMs: number | undefined,
  removed: ReadonlySet<string>,
  nowMs: number,
): void {
  const isClose = new Map(units.map((unit) => [unit.name, unit.isClose]));
  for (const before of [...shard.values()]) {
    const gone = new Map(before.left.filter(({ key }) => removed.has(key)).map(({ key, step }) => [key, step]));
    const close = isClose.get(before.name) ?? mayBeUnderWay(before, false, nowMs);
    const unit = withTouched(before, new Map(), gone, close, nowMs);
    const left = unit.left
      .filter(({ key }) => !removed.has(key))
      .map((object) => (object.sinceMs === 0 && leftMs !== undefined ? { ...object, sinceMs: leftMs } : object));
    const isOver = unit.again.length === 0 && !mayBeUnderWay(unit, false, nowMs);
    if (isOver && left.length === 0 && unit.objects.length === 0 && unit.print === '') shard.delete(unit.name);
    else shard.set(unit.name, { ...unit, left });
  }
}
