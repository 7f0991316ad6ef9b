import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { type PageStamp, pageStamp } from '../io/page-stamp.ts';
import { pack } from '../standards/http/pack.ts';
import type { Coding } from '../standards/http/preferences.ts';
import { InsideOpener } from './open-inside.ts';

/** For so long a page in memory is taken for the one on disk, in milliseconds. `forget` ends it at once. */
const FRESH_MS = 100;

/** Smaller pages are not worth packing, in bytes. */
const WORTH_PACKING = 300;

/** Of one page, with whole addresses for a host each. */
const MOST_VARIANTS = 8;

/** A page in memory. */
export class StoredPage {
  readonly bytes: Buffer;
  /** Tells one content from another; URL-safe. */
  readonly hash: string;
  /** For Last-Modified. */
  readonly lastModified: string;
  readonly stamp: PageStamp;
  checkedMs: number;
  /** What others have made of this page; goes when the page changes. */
  readonly derived = new Map<unknown, unknown>();
  /** The one asked for longest ago first. */
  readonly #variants = new Map<string, { page: StoredPage; own: { bytes: number } }>();
  readonly #packed = new Map<Coding, Promise<Buffer>>();
  readonly #onGrown: (bytes: number) => void;

  constructor(
    bytes: Buffer,
    modifiedMs: number,
    stamp: PageStamp,
    checkedMs: number,
    onGrown: (bytes: number) => void,
  ) {
    this.bytes = bytes;
    this.hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 20);
    this.lastModified = new Date(modifiedMs).toUTCString();
    this.stamp = stamp;
    this.checkedMs = checkedMs;
    this.#onGrown = onGrown;
  }

  /** The coding that is used when a client likes this one: small pages stay as they are. */
  codingFor(coding: Coding): Coding {
    return this.bytes.length < WORTH_PACKING ? 'identity' : coding;
  }

  /** The same page with other bytes, if it was made for this key and is still remembered. */
  variant(key: string): StoredPage | undefined {
    const variant = this.#variants.get(key);
    if (variant === undefined) return undefined;
    this.#variants.delete(key);
    this.#variants.set(key, variant);
    return variant.page;
  }

  /** Remembers the same page with other bytes, and forgets the one that was not asked for for longest. */
  addVariant(key: string, bytes: Buffer): StoredPage {
    const own = { bytes: bytes.length };
    const onGrown = (more: number) => {
      if (this.#variants.get(key)?.own !== own) return;
      own.bytes += more;
      this.#onGrown(more);
    };
    const page = new StoredPage(bytes, Date.parse(this.lastModified), this.stamp, this.checkedMs, onGrown);
    this.#variants.set(key, { page, own });
    this.#onGrown(bytes.length);
    if (this.#variants.size > MOST_VARIANTS) {
      const [oldest] = this.#variants.keys();
      const { bytes: freed = 0 } = this.#variants.get(oldest as string)?.own ?? {};
      this.#variants.delete(oldest as string);
      this.#onGrown(-freed);
    }
    return page;
  }

  /** The bytes in a coding; packed once, by another thread. */
  packed(coding: Coding): Promise<Buffer> | Buffer {
    if (coding === 'identity') return this.bytes;
    let packed = this.#packed.get(coding);
    if (packed === undefined) {
      packed = pack(this.bytes, coding);
      this.#packed.set(coding, packed);
      packed.then(
        ({ length }) => this.#onGrown(length),
        () => this.#packed.delete(coding),
      );
    }
    return packed;
  }
}

/** Pages as they are on disk, the ones asked for lately kept in memory. */
export class PageStore {
  readonly #limitBytes: number;
  readonly #opener: InsideOpener;
  readonly #now: () => number;
  /** The one asked for longest ago first. */
  readonly #pages = new Map<string, StoredPage>();
  readonly #sizes = new Map<StoredPage, number>();
  readonly #loading = new Map<string, Promise<StoredPage | undefined>>();
  #bytes = 0;
  #freshSinceMs = 0;

  /** @param now milliseconds, from any point in time */
  constructor(limitBytes: number, opener = new InsideOpener(), now: () => number = () => performance.now()) {
    this.#limitBytes = limitBytes;
    this.#opener = opener;
    this.#now = now;
  }

  /** In memory, packed pages included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The page, if it is in memory and was compared with the disk a moment ago. */
  peek(path: string): StoredPage | undefined {
    const page = this.#pages.get(path);
    return page !== undefined && this.#isFresh(page) ? page : undefined;
  }

  /**
   * @param path absolute
   * @param folder absolute and real: the page must lie in it
   */
  async get(path: string, folder: string): Promise<StoredPage | undefined> {
    const fresh = this.peek(path);
    if (fresh !== undefined) return fresh;
    let loading = this.#loading.get(path);
    if (loading === undefined) {
      loading = this.#check(path, folder).finally(() => this.#loading.delete(path));
      this.#loading.set(path, loading);
    }
    return loading;
  }

  /** Compare every page with the disk before it is used again: something was published. */
  forget(): void {
    this.#freshSinceMs = this.#now();
    this.#loading.clear();
  }

  #isFresh({ checkedMs }: StoredPage): boolean {
    return checkedMs >= this.#freshSinceMs && this.#now() - checkedMs < FRESH_MS;
  }

  async #check(path: string, folder: string): Promise<StoredPage | undefined> {
    const checkedMs = this.#now();
    const stored = this.#pages.get(path);
    if (stored !== undefined) {
      const stats = await stat(path).catch(() => undefined);
      if (stats !== undefined && pageStamp(stats) === stored.stamp) {
        stored.checkedMs = checkedMs;
        this.#pages.delete(path);
        this.#pages.set(path, stored);
        return stored;
      }
      this.#drop(path);
    }
    const opened = await this.#opener.open(path, folder);
    if (opened === undefined) return undefined;
    const { handle, stats } = opened;
    try {
      const bytes = await handle.readFile();
      const page: StoredPage = new StoredPage(bytes, stats.mtimeMs, pageStamp(stats), checkedMs, (more) =>
        this.#grow(page, more),
      );
      this.#keep(path, page);
      return page;
    } finally {
      await handle.close();
    }
  }

  #keep(path: string, page: StoredPage): void {
    this.#drop(path);
    this.#pages.set(path, page);
    this.#sizes.set(page, 0);
    this.#grow(page, page.bytes.length);
  }

  /** A page that has left the store is somebody's, and no longer counted here. */
  #grow(page: StoredPage, more: number): void {
    const size = this.#sizes.get(page);
    if (size === undefined) return;
    this.#sizes.set(page, size + more);
    this.#bytes += more;
    for (const [path, oldest] of this.#pages) {
      if (this.#bytes <= this.#limitBytes) return;
      if (oldest !== page || this.#pages.size === 1) this.#drop(path);
    }
  }

  #drop(path: string): void {
    const page = this.#pages.get(path);
    if (page === undefined) return;
    this.#pages.delete(path);
    this.#bytes -= this.#sizes.get(page) ?? 0;
    this.#sizes.delete(page);
  }
}
