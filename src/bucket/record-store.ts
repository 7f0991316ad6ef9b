import { KhoError } from '../errors.ts';
import { bytesBody } from '../object-store/bytes-body.ts';
import type { ObjectHeaders } from '../object-store/object-store.ts';
import type { RetryStore } from '../object-store/retry-store.ts';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import { type BucketHead, HEAD_KEY, newHead, readHead, type Touching, UNSETTLED, writeHead } from './bucket-head.ts';
import { dueOf, isInHead, type RecordShard, readShard, shardKey, writeShard } from './bucket-record.ts';
import type { KeptBucketState } from './kept-bucket-state.ts';
import { readStored } from './read-stored.ts';
import { firstLook } from './second-looks.ts';

/** What is longer was not written by kho. In bytes. */
const LONGEST_HEAD = 64 * 1024 * 1024;
const LONGEST_SHARD = 256 * 1024 * 1024;

const HEADERS: ObjectHeaders = { contentType: 'application/json', cacheControl: CACHE_CONTROL.never };

/** Somebody else wrote the record meanwhile: what is known of it does not hold. */
export class RecordConflict extends Error {
  override readonly name = 'RecordConflict';
}

export interface RecordOptions {
  store: RetryStore;
  kept: KeptBucketState;
  site: string;
  /** Whoever wrote there before. */
  adopt: boolean;
  /** No other push has it. */
  run: string;
  /** The machine that it runs on. */
  host: string;
}

/** The record of a bucket, as far as this push has read it. */
export class BucketRecord {
  readonly head: BucketHead;
  /** Nobody has published there, as far as a record tells. */
  readonly isNew: boolean;
  /** Shards whose text is damaged, or gone. */
  readonly lost: string[] = [];
  /** When the push of another machine last said what it touches; undefined where none is under way, as far as the record tells. By the store's clock, milliseconds since 1970. */
  readonly announcedMs: number | undefined;
  readonly #options: RecordOptions;
  #etag: string | undefined;
  /** By shard, of those that were read or written. */
  readonly #etags = new Map<string, string>();

  /** The head as it was read last. */
  #text = '';
  #isKept = false;

  private constructor(options: RecordOptions, head?: BucketHead, etag?: string, announcedMs?: number) {
    this.#options = options;
    this.head = head ?? newHead(options.site);
    this.isNew = head === undefined;
    this.#etag = etag;
    this.announcedMs = announcedMs;
  }

  /** One request. @throws {KhoError} BUCKET {StoreError} */
  static async open(options: RecordOptions): Promise<BucketRecord> {
    const { store, kept, site } = options;
    const known = readKept(kept.read());
    const found = await readStored(
      store,
      HEAD_KEY,
      LONGEST_HEAD,
      known?.host === options.host ? known.etag || undefined : undefined,
    );
    if (found === undefined) return new BucketRecord(options);
    const { etag, text } =
      found === 'unchanged' ? (known as Kept) : { etag: found.etag, text: found.bytes.toString('utf8') };
    const head = believed(text, options);
    // A push of this machine is over: there is one at a time.
    const isOthers =
      found !== 'unchanged' && head !== undefined && head.touching.size > 0 && !isOwn(head, known, options);
    if (head?.site === site && found !== 'unchanged' && !isOthers) {
      const { host } = options;
      const run = known?.host === host ? known.run : '';
      kept.write(JSON.stringify({ etag, text, run, host } satisfies Kept));
    }
    if (head && head.site !== site) {
      head.site = site;
      for (const state of head.shards.values()) state.units = UNSETTLED;
    }
    const record = new BucketRecord(options, head, etag, isOthers ? found.modifiedMs : undefined);
    record.#text = text;
    return record;
  }

  /** What is recorded there; empty where nothing is. @throws {KhoError} BUCKET {StoreError} */
  async shard(id: string): Promise<RecordShard> {
    const state = this.head.shards.get(id);
    if (state === undefined) return new Map();
    const bytes = isInHead(id) ? Buffer.from(state.text ?? '') : await this.#read(id);
    const shard = bytes && readShard(id, bytes);
    if (shard === undefined) this.lost.push(id);
    return shard ?? new Map();
  }

  async #read(id: string): Promise<Buffer | undefined> {
    const { store } = this.#options;
    const found = await readStored(store, shardKey(id), LONGEST_SHARD);
    if (found === undefined || found === 'unchanged') return undefined;
    this.#etags.set(id, found.etag);
    return found.bytes;
  }

  /**
   * Write a shard. The next `writeHead` tells of it.
   *
   * @param units stands for its units, as the source has them
   * @throws {RecordConflict} {KhoError} BUCKET {StoreError}
   */
  async writeShard(id: string, shard: RecordShard, units: string, graceMs: number): Promise<void> {
    const { shards } = this.head;
    const known = this.#etags.get(id);
    if (shard.size === 0 && !shards.has(id)) return;
    const due = dueOf(shard, graceMs);
    const again = firstLook(shard.values());
    const left = [...shard.values()].reduce((sum, unit) => sum + unit.left.length, 0);
    const text = writeShard(shard);
    if (!isInHead(id)) this.#etags.set(id, await this.#swap(shardKey(id), text, known, known === undefined));
    const times = { ...(due !== undefined && { left, due }), ...(again !== undefined && { again }) };
    shards.set(id, { units, ...times, ...(isInHead(id) && { text }) });
  }

  /** @param touching what is touched from here on @throws {RecordConflict} {KhoError} BUCKET {StoreError} */
  async writeHead(touching: Touching): Promise<void> {
    this.head.touching = touching;
    this.head.counter++;
    this.head.run = this.#options.run;
    const text = writeHead(this.head);
    if (!this.#isKept) this.#keep(); // first: whoever comes after a push that died knows it for its own
    this.#isKept = true;
    this.#etag = await this.#swap(HEAD_KEY, text, this.#etag, false);
    this.#text = text;
    this.#keep();
  }

  #keep(): void {
    const { kept, run, host } = this.#options;
    kept.write(JSON.stringify({ etag: this.#etag ?? '', text: this.#text, run, host } satisfies Kept));
  }

  /**
   * By compare-and-swap. What is refused may have been written by a try whose answer was lost: then it is there.
   *
   * @param mayBeThere nobody looked whether there is one already, which counts for nothing then
   */
  async #swap(key: string, text: string, known: string | undefined, mayBeThere: boolean): Promise<string> {
    const { store } = this.#options;
    const bytes = Buffer.from(text);
    const condition = known === undefined ? ({ ifAbsent: true } as const) : { ifEtag: known };
    const answer = await store.put(key, bytesBody(bytes), HEADERS, condition);
    if (answer !== 'refused') return answer;
    const found = await readStored(store, key, LONGEST_SHARD);
    if (found !== undefined && found !== 'unchanged') {
      if (found.bytes.equals(bytes)) return found.etag;
      if (mayBeThere) return await this.#swap(key, text, found.etag, false);
    }
    throw new RecordConflict(`"${store.name}/${key}" was written by somebody else meanwhile`);
  }
}

/** Undefined where it is damaged, and taken over all the same. @throws {KhoError} BUCKET */
function believed(text: string, { store, site, adopt }: RecordOptions): BucketHead | undefined {
  const head = readHead(text, `${store.name}/${HEAD_KEY}`);
  if (head === 'damaged' && adopt) return undefined;
  if (head === 'damaged')
    throw new KhoError('BUCKET', `Cannot believe "${store.name}/${HEAD_KEY}": it is damaged, or no kho wrote it`, {
      hint: 'look at what is there; "kho build --adopt" writes it anew, and looks at each object once',
    });
  if (head.site === site || adopt) return head;
  throw new KhoError('BUCKET', `Cannot publish to "${store.name}": another site publishes there`, {
    hint: 'publish to another prefix; to take it over, so that what this site does not publish goes: "kho build --adopt"',
  });
}

interface Kept {
  /** Empty where nothing was there. */
  etag: string;
  text: string;
  /** The last push that announced anything, and the machine that it ran on. */
  run: string;
  host: string;
}

/** Two machines may share a folder, and so what is kept there. */
function isOwn({ run }: BucketHead, known: Kept | undefined, { host }: RecordOptions): boolean {
  return known !== undefined && known.run === run && known.host === host;
}

/** Undefined for what cannot be believed. */
function readKept(text: string | undefined): Kept | undefined {
  try {
    const kept = JSON.parse(text ?? '') ?? {};
    const { etag, text: head, run = '', host = '' } = kept;
    return [etag, head, run, host].every((one) => typeof one === 'string')
      ? { etag, text: head, run, host }
      : undefined;
  } catch {
    return undefined;
  }
}
