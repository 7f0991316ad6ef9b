import type { Clock } from './clock.ts';
import type {
  ListedObject,
  ObjectBody,
  ObjectHeaders,
  ObjectInfo,
  ObjectStore,
  PutCondition,
  StoredObject,
  UnfinishedUpload,
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
