/** Which shards of a record have to be read: those whose units are others in the source, and those in which something was left open. */
import { createHash, type Hash } from 'node:crypto';
import type { BucketHead, ShardState } from './bucket-head.ts';
import { isInHead, printOf, shardOf } from './bucket-record.ts';
import { BASE_UNIT, type BucketSource, LISTS_UNIT, type SourceUnit } from './bucket-source.ts';

export interface ChangedShard {
  id: string;
  /** Those that the source has, sorted. */
  units: readonly SourceUnit[];
  /** Stands for them. */
  print: string;
}

/** Those too in which it is time for a second look. In their order; what all of them use comes first, what names all last. Looks at each unit's print, and asks none for its objects. */
export function changedShards(source: BucketSource, settings: string, head: BucketHead, nowMs: number): ChangedShard[] {
  const prints = printsOf(source, settings);
  const changed = new Map<string, SourceUnit[]>();
  for (const id of [...head.touching.keys()].map(shardOf)) changed.set(id, []);
  for (const [id, { again }] of head.shards) if (again !== undefined && again <= nowMs) changed.set(id, []);
  for (const id of new Set([...prints.keys(), ...head.shards.keys()]))
    if ((prints.get(id) ?? '') !== (head.shards.get(id)?.units ?? '')) changed.set(id, []);
  if (changed.size > 0) for (const unit of source.units()) changed.get(shardOf(unit.name))?.push(unit);
  const between = [...changed.keys()].sort().filter((id) => !isInHead(id));
  const ids = [BASE_UNIT, ...between, LISTS_UNIT].filter((id) => changed.has(id));
  return ids.map((id) => ({ id, units: changed.get(id) ?? [], print: prints.get(id) ?? '' }));
}

/** Those in which something may go that is left of what is published no longer. */
export function dueShards({ shards }: BucketHead, nowMs: number): [id: string, state: ShardState][] {
  return [...shards].filter(([, { due }]) => due !== undefined && due <= nowMs);
}

/** By shard, without those that have no units. */
function printsOf(source: BucketSource, settings: string): Map<string, string> {
  const hashes = new Map<string, Hash>();
  for (const unit of source.units()) {
    const id = shardOf(unit.name);
    const hash = hashes.get(id) ?? createHash('sha256');
    hashes.set(id, hash.update(printOf(settings, unit)));
  }
  return new Map([...hashes].map(([id, hash]) => [id, hash.digest('hex').slice(0, 32)]));
}
