import { randomUUID } from 'node:crypto';
import type { RetryStore } from '../object-store/retry-store.ts';
import { changedShards, dueShards } from './changed-shards.ts';
import type { PlannedObject } from './plan-unit.ts';
import type { PushOptions } from './push-options.ts';
import { BucketRecord } from './record-store.ts';
import { mustWait, planShard, removable, type ShardPlan } from './shard-plan.ts';

export interface PushPreview {
  /** Keys that would be put, or looked at since a push ended before. */
  put: string[];
  /** In bytes, of those. */
  bytes: number;
  /** Keys that would go at once, and those that would wait. */
  removed: string[];
  left: string[];
}

type PreviewOptions = Pick<PushOptions, 'source' | 'site' | 'settings' | 'clock' | 'graceMs' | 'adopt' | 'kept'> & {
  store: RetryStore;
};

/** What a push would do. Writes nothing, neither there nor here. @throws {KhoError} BUCKET {StoreError} */
export async function previewPush(options: PreviewOptions): Promise<PushPreview> {
  const { store, clock, source, site, settings, graceMs, adopt = false } = options;
  const kept = { read: () => options.kept.read(), write: () => {} };
  const record = await BucketRecord.open({ store, kept, site, adopt, host: '', run: randomUUID() });
  const preview: PushPreview = { put: [], bytes: 0, removed: [], left: [] };
  const nowMs = store.clockMs() ?? clock.now();
  const addGoing = (plan: ShardPlan): string[] => {
    const going = [...removable(plan, nowMs, graceMs, source).values()].flatMap((keys) => [...keys.keys()]);
    preview.removed.push(...going);
    return going;
  };
  const all = changedShards(source, settings, record.head, nowMs);
  const changedIds = new Set(all.map(({ id }) => id));
  for (const [id, { units }] of dueShards(record.head, nowMs))
    if (!changedIds.has(id)) addGoing({ id, print: units, shard: await record.shard(id), units: [] });
  for (const changed of all) {
    const plan = await planShard(changed, await record.shard(changed.id), settings, record.head.touching, nowMs);
    for (const object of plan.units.flatMap(({ planned }) => planned)) addPut(preview, object);
    const going = addGoing(plan);
    const waits = plan.units.flatMap(({ leaving }) => leaving).filter(({ step }) => mustWait(step));
    preview.left.push(...waits.map(({ key }) => key).filter((key) => !going.includes(key)));
  }
  return preview;
}

function addPut(preview: PushPreview, { wanted, known, headers, isDoubtful }: PlannedObject): void {
  const { size, sha256 } = wanted.open();
  if (known?.sha256 === sha256 && known.headers === headers && !isDoubtful) return;
  preview.put.push(wanted.key);
  preview.bytes += size;
}
