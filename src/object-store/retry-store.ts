import type { Clock } from './clock.ts';
import {
  type ListedObject,
  type ObjectBody,
  type ObjectHeaders,
  type ObjectInfo,
  type ObjectStore,
  type PutCondition,
  type StoredObject,
  StoreError,
  type UnfinishedUpload,
} from './object-store.ts';
import { asking, PATIENCE, type Patience } from './retry.ts';

/** Keys in an answer to LIST. Source: Amazon S3 API Reference, ListObjectsV2, `max-keys`. */
const LISTED_AT_ONCE = 1000;

/**
 * A store that is asked again while it is busy. What `put` answers is then even less of a proof: the first try may have had its effect,
 * and made the second be refused.
 */
export class RetryStore implements ObjectStore {
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  readonly #patience: Patience;
  #requests = 0;

  /** The same one where it is asked again already. */
  static of(store: ObjectStore, clock: Clock): RetryStore {
    return store instanceof RetryStore ? store : new RetryStore(store, clock);
  }

  constructor(store: ObjectStore, clock: Clock, patience: Patience = PATIENCE) {
    [this.#store, this.#clock, this.#patience] = [store, clock, patience];
  }

  get name(): string {
    return this.#store.name;
  }

  /** How often the store was asked, a file in parts counted as one. */
  get requests(): number {
    return this.#requests;
  }

  get(key: string, options?: { unlessEtag?: string }): Promise<StoredObject | 'unchanged' | undefined> {
    return this.#asking(() => this.#store.get(key, options));
  }

  /** As `get`, and what is made of the whole of it: asked again, and made anew, where it comes only in part. */
  read<T>(
    key: string,
    make: (pieces: AsyncIterable<Uint8Array>, info: ObjectInfo) => Promise<T>,
    options?: { unlessEtag?: string },
  ): Promise<T | 'unchanged' | undefined> {
    return this.#asking(async () => {
      const found = await this.#store.get(key, options);
      if (found === undefined || found === 'unchanged') return found;
      const { body, ...info } = found;
      return await make(wholeBody(found), info).finally(() => body.destroy());
    });
  }

  head(key: string): Promise<ObjectInfo | undefined> {
    return this.#asking(() => this.#store.head(key));
  }

  put(key: string, body: ObjectBody, headers: ObjectHeaders, condition?: PutCondition): Promise<string | 'refused'> {
    return this.#asking(() => this.#store.put(key, body, headers, condition));
  }

  /** Goes on behind the last key that came, when a page did not come. */
  async *list(prefix: string, after?: string): AsyncIterable<ListedObject> {
    let last = after;
    let keys = this.#store.list(prefix, last)[Symbol.asyncIterator]();
    try {
      for (let count = 0; ; count++) {
        if (count % LISTED_AT_ONCE === 0) this.#requests += 1;
        const next = await asking(
          () =>
            keys.next().catch((error: unknown) => {
              keys = this.#store.list(prefix, last)[Symbol.asyncIterator]();
              throw error;
            }),
          this.#clock,
          this.#patience,
        );
        if (next.done) return;
        last = next.value.key;
        yield next.value;
      }
    } finally {
      await keys.return?.();
    }
  }

  remove(keys: readonly string[]): Promise<void> {
    return this.#asking(() => this.#store.remove(keys));
  }

  unfinished(prefix: string): Promise<readonly UnfinishedUpload[]> {
    return this.#asking(() => this.#store.unfinished(prefix));
  }

  abandon(upload: UnfinishedUpload): Promise<void> {
    return this.#asking(() => this.#store.abandon(upload));
  }

  clockMs(): number | undefined {
    return this.#store.clockMs();
  }

  #asking<T>(ask: () => Promise<T>): Promise<T> {
    return asking(
      () => {
        this.#requests += 1;
        return ask();
      },
      this.#clock,
      this.#patience,
    );
  }
}

/** @throws {StoreError} busy where it breaks off */
async function* wholeBody({ body, size }: StoredObject): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    for await (const piece of body) {
      length += piece.length;
      yield piece;
    }
  } catch (cause) {
    throw new StoreError('busy', 'the answer broke off', { cause });
  }
  if (length < size) throw new StoreError('busy', `${length} of ${size} bytes came`);
}
