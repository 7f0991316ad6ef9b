import type { Clock } from '../object-store/clock.ts';
import type { ObjectStore } from '../object-store/object-store.ts';
import type { BucketSource } from './bucket-source.ts';
import type { KeptBucketState } from './kept-bucket-state.ts';

export interface PushOptions {
  /** As it answers: what is busy is asked again here. */
  store: ObjectStore;
  source: BucketSource;
  /** Identifies the site that writes: a bucket belongs to one. */
  site: string;
  /** All else that decides about objects; where it differs, every unit is looked at. */
  settings: string;
  kept: KeptBucketState;
  clock: Clock;
  /** What is published no longer stays for so long. In milliseconds. */
  graceMs: number;
  /** Requests at once. */
  parallel: number;
  /** So many keys are touched between two writes of the head, which names them: more only where one shard has them. Some thousand when absent. */
  roundKeys?: number;
  /** Take over what another site published there, or what is no kho's. */
  adopt?: boolean;
  onProgress?: (now: PushProgress) => void;
  signal?: AbortSignal;
  /** The machine that pushes: it knows a push of its own that died. */
  host?: string;
  /** Called once, where another push has to be waited for. */
  onWait?: (holder: string) => void;
}

export interface PushProgress {
  objects: number;
  /** An estimate until all projects have been looked at. */
  objectsTotal: number;
  /** That were sent. */
  bytes: number;
}

export interface PushReport {
  written: number;
  /** Looked at, and there already with the same bytes. */
  unchanged: number;
  removed: number;
  /** What could not be read, or was refused; what names it waits, and the next run tries again. */
  failed: readonly { key: string; why: string }[];
  /** Packages that stood there with other bytes. */
  replaced: readonly string[];
  /** So many parts of the bucket's record were damaged or gone: objects of which only they told may be left over. */
  lostShards: number;
  /** Published no longer, and still there. */
  waiting: number;
  /** When the first of them may go. Milliseconds since 1970, by the store's clock; absent where nothing waits. */
  removalsDueMs?: number;
  /** When a push has something to do again, though nothing is published: to remove, or to look once more. By the same clock. */
  nextMs?: number;
  requests: number;
  /** That were sent. */
  bytes: number;
}
