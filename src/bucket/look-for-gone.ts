import type { ObjectStore } from '../object-store/object-store.ts';
import { atOnce } from './at-once.ts';
import type { UnitPlan } from './plan-unit.ts';
import type { ShardPlan } from './shard-plan.ts';

/**
 * Second looks for what is to be there no longer. Most is gone, and nothing has to be done about it; where a page is back, what it named waits anew.
 *
 * @throws {StoreError}
 */
export async function lookForGone(store: ObjectStore, plans: readonly ShardPlan[], most: number): Promise<ShardPlan[]> {
  const keys = plans.flatMap(({ units }) => units.flatMap(keysToLookFor));
  const gone = new Set<string>();
  await atOnce(keys, most, async (key) => {
    if ((await store.head(key)) === undefined) gone.add(key);
  });
  if (keys.length === 0) return [...plans];
  return plans.map((plan) => ({ ...plan, units: plan.units.map((unit) => without(unit, gone)) }));
}

function keysToLookFor({ leaving, looked }: UnitPlan): string[] {
  return leaving.flatMap(({ key }) => (looked.has(key) ? [key] : []));
}

function without(unit: UnitPlan, gone: ReadonlySet<string>): UnitPlan {
  const isBack = keysToLookFor(unit).some((key) => !gone.has(key));
  return {
    ...unit,
    leaving: unit.leaving.filter(({ key }) => !gone.has(key)),
    left: isBack ? unit.left.map((object) => ({ ...object, sinceMs: 0 })) : unit.left,
  };
}
