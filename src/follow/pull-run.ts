import type { BuildOptions } from '../build-site.ts';
import type { SiteConfig } from '../config/site-config.ts';
import type { HttpClient } from '../fetch/http-client.ts';
import type { Doer } from '../housekeeping/housekeeping.ts';
import type { SyncHead } from '../sync-format/head.ts';
import type { Signers } from './check-signature.ts';
import type { PullOrder } from './pull-order.ts';
import type { PulledFile } from './pulled-files.ts';

export interface PullRun {
  config: SiteConfig;
  order: PullOrder;
  client: HttpClient;
  /** What came over the line so far, in bytes of bodies. */
  crossed: () => number;
  /** Absent: no signature is asked for. */
  signers?: Signers;
  doer: Doer;
  dryRun: boolean;
  allowOlder: boolean;
  newCentre: boolean;
  /** The time for it is over: it stops cleanly. */
  signal?: AbortSignal;
  /** Whether a lock file that counts names it: then it stays. */
  isLocked: (file: PulledFile) => boolean;
  /** In bytes. */
  onProgress: (progress: { done: number; total: number }) => void;
  build?: BuildOptions;
  /** How long nothing may come before it is tried again, in milliseconds. */
  idleMs?: number;
}

export interface PulledLock {
  path: string;
  /** Of the newest head that it is whole for. */
  counter?: number;
  /** Of its closure. */
  files: number;
  /** What came of it, or would: bytes over the line. */
  brought: { filename: string; bytes: number }[];
  bytes: number;
  /** One line each, no full stop. Empty: it is whole. */
  lacking: string[];
  notes: string[];
}

export interface PullResult {
  into: string;
  /** The centre, for people. */
  shown: string;
  head: SyncHead;
  isNew: boolean;
  locks: PulledLock[];
  /** Over the line, at most; each file once. */
  bytes: number;
  /** Names of files that no kept closure needs, and that went. */
  gone: string[];
  /** So many are marked otherwise than before. */
  marked: number;
  /** Something came, or was published. */
  isBetter: boolean;
  isStopped: boolean;
  notes: string[];
}
