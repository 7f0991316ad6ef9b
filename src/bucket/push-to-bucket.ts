import type { Clock } from '../object-store/clock.ts';
import type { ObjectStore } from '../object-store/object-store.ts';
import type { BucketSource } from './bucket-source.ts';

/** What this machine remembers of a bucket between runs; the bucket has the same, so that losing it costs only requests. */
export interface KeptBucketState {
  read(): string | undefined;
  /** Durable when it returns. */
  write(text: string): void;
}

export interface PushOptions {
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
  onProgress?: (now: PushProgress) => void;
  signal?: AbortSignal;
}

export interface PushProgress {
  objects: number;
  objectsTotal: number;
  bytes: number;
  bytesTotal: number;
}

export interface PushReport {
  written: number;
  /** There already, with the same bytes. */
  unchanged: number;
  removed: number;
  /** Published no longer, and removed at this time or later; absent where nothing waits. Milliseconds since 1970. */
  removalsDueMs?: number;
  waiting: number;
  requests: number;
  bytes: number;
}

/** Brings a bucket to what the source says. @throws {KhoError} BUCKET; what was there still stands, and the next run goes on */
export declare function pushToBucket(options: PushOptions): Promise<PushReport>;
