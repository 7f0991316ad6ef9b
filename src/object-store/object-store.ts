/**
 * A store of objects, as publishing needs one: S3 and what speaks its language (s3-store.ts), or memory, in tests. Each call is one
 * question to the store, but for files too big for one: nothing here tries twice, retry-store.ts does.
 *
 * Source: Amazon S3 API Reference (GetObject, HeadObject, PutObject, ListObjectsV2, DeleteObjects, "Conditional requests").
 */
import type { Readable } from 'node:stream';

/** Keys are below the store's prefix, in plain letters, never encoded: `glibc/packages/a-1+cpu-py3-none-any.whl`. */
export interface ObjectStore {
  /** As people call it, with its prefix and without a slash at its end: `s3://team-packages/python`. */
  readonly name: string;

  /** @returns undefined where there is none; `unchanged` where it still has that ETag @throws {StoreError} */
  get(key: string, options?: { unlessEtag?: string }): Promise<StoredObject | 'unchanged' | undefined>;

  /** @returns undefined where there is none @throws {StoreError} */
  head(key: string): Promise<ObjectInfo | undefined>;

  /**
   * @returns the ETag of what was stored; `refused` where the condition does not hold. Neither is proof: an answer that was lost may have had
   * its effect, and what a second try is refused for may be the first.
   * @throws {StoreError}
   */
  put(key: string, body: ObjectBody, headers: ObjectHeaders, condition?: PutCondition): Promise<string | 'refused'>;

  /** All keys that begin so, sorted by their bytes (UTF-8). @param after only those behind this one @throws {StoreError} */
  list(prefix: string, after?: string): AsyncIterable<ListedObject>;

  /** What is not there is no fault. @throws {StoreError} */
  remove(keys: readonly string[]): Promise<void>;

  /** Uploads in parts that were never ended. @throws {StoreError} */
  unfinished(prefix: string): Promise<readonly UnfinishedUpload[]>;

  /** @throws {StoreError} */
  abandon(upload: UnfinishedUpload): Promise<void>;

  /** The store's clock by its last answer, milliseconds since 1970; undefined before the first. */
  clockMs(): number | undefined;
}

export interface ObjectBody {
  /** In bytes. */
  size: number;
  /** In hexadecimal, of the whole. */
  sha256: string;
  /** Some of it. Asked again where it has to be sent again. */
  read(from: number, length: number): Uint8Array | Readable;
}

export interface ObjectHeaders {
  contentType: string;
  cacheControl: string;
  contentEncoding?: string;
  /** `x-amz-meta-*`, without that, in small letters. */
  meta?: Readonly<Record<string, string>>;
}

/** Only where there is none; only over the one with that ETag. */
export type PutCondition = { ifAbsent: true } | { ifEtag: string };

export interface ObjectInfo {
  /** As the store said it, quotes and all. Tells one content from another, and is no hash. */
  etag: string;
  size: number;
  /** Milliseconds since 1970, by the store's clock. */
  modifiedMs: number;
  headers: ObjectHeaders;
  /** In hexadecimal, where the store itself computed one of the whole. */
  sha256?: string;
}

export interface StoredObject extends ObjectInfo {
  body: Readable;
}

export interface ListedObject {
  key: string;
  etag: string;
  size: number;
  modifiedMs: number;
}

export interface UnfinishedUpload {
  key: string;
  id: string;
  startedMs: number;
}

/** What the caller may do about it. */
export type StoreFault =
  /** Ask again later: 429, 500, 503, 409, a line that broke, no answer in time. */
  | 'busy'
  /** 401, 403: credentials are wrong, or may not do this. */
  | 'denied'
  /** Credentials that were good came to their end. */
  | 'expired'
  /** No credentials were found. */
  | 'no-credentials'
  /** There is no such bucket. */
  | 'no-bucket'
  /** Anything else; asking again does not help. */
  | 'refused';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly fault: StoreFault;
  /** What may be done about this very fault: one line, no full stop. */
  readonly hint: string | undefined;
  /** The store asks to wait so long, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    fault: StoreFault,
    message: string,
    more: { hint?: string; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.fault = fault;
    this.hint = more.hint;
    this.retryAfterMs = more.retryAfterMs;
  }
}
