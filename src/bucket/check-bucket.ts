/** A bucket against the site that publishes there: each key that it lists, each object, and what its pages link to. */
import { messageOf } from '../errors.ts';
import type { Clock } from '../object-store/clock.ts';
import { type ObjectStore, StoreError } from '../object-store/object-store.ts';
import { RetryStore } from '../object-store/retry-store.ts';
import { splitRepository } from '../publish/target.ts';
import { atOnce } from './at-once.ts';
import { BUILD, BucketFindings, FIX, NOT_OURS, PUSH, STORE_KEEPS_NONE, WAITS } from './bucket-findings.ts';
import { HEAD_KEY } from './bucket-head.ts';
import { RECORD_FOLDER, type RecordedUnit, type RecordShard, shardKey, shardOf } from './bucket-record.ts';
import type { BucketObject, BucketSource, SourceUnit } from './bucket-source.ts';
import { deadLink, isProjectPage, pageLinks } from './check-links.ts';
import type { KeptBucketState } from './kept-bucket-state.ts';
import { lookAtObject } from './look-at-object.ts';
import { concernsOne } from './put-queue.ts';
import { BucketRecord } from './record-store.ts';
import { STRAYS_UNIT, Strays, strayStep } from './strays.ts';
import { WantedKeys } from './wanted-keys.ts';

export interface CheckBucketOptions {
  /** As it answers: what is busy is asked again here. */
  store: ObjectStore;
  source: BucketSource;
  site: string;
  kept: KeptBucketState;
  clock: Clock;
  /** Requests at once. */
  parallel: number;
  /** Every byte is read. */
  isDeep?: boolean;
  /** Where the site is, for links that name the whole address. */
  siteUrl?: string;
  onProgress?: (done: number, total: number) => void;
}

export interface CheckedBucket {
  findings: BucketFindings;
  /** How many the site has. */
  objects: number;
}

/** Changes nothing. @throws {KhoError} BUCKET where another site publishes there {StoreError} */
export async function checkBucket(options: CheckBucketOptions): Promise<CheckedBucket> {
  const store = RetryStore.of(options.store, options.clock);
  const check = new BucketCheck({ ...options, store }, await WantedKeys.of(options.source));
  return await check.run();
}

class BucketCheck {
  readonly #options: CheckBucketOptions & { store: RetryStore };
  readonly #keys: WantedKeys;
  readonly #findings = new BucketFindings();
  readonly #strays = new Strays();
  /** Keys of which the record tells, and the site does not. */
  readonly #recorded = new Set<string>();
  readonly #repositories = new Set<string>();
  #done = 0;
  #compared = 0;

  constructor(options: CheckBucketOptions & { store: RetryStore }, keys: WantedKeys) {
    [this.#options, this.#keys] = [options, keys];
  }

  async run(): Promise<CheckedBucket> {
    const { store, site } = this.#options;
    const kept = { read: () => this.#options.kept.read(), write: () => {} };
    const record = await BucketRecord.open({ store, kept, site, adopt: false, host: '', run: '' });
    await this.#keys.mark(store.list(''), (other) => this.#strays.see(other));
    if (record.isNew) this.#findings.add(HEAD_KEY, 'is not there: nobody has published here, or it was removed');
    for (const keys of record.head.touching.values()) for (const key of keys.keys()) this.#recorded.add(key);
    for (const [id, units] of this.#byShard(record)) await this.#checkShard(record, id, units);
    this.#checkUncached();
    this.#checkStrays();
    await this.#checkUploads();
    return { findings: this.#findings, objects: this.#keys.size };
  }

  #byShard(record: BucketRecord): Map<string, SourceUnit[]> {
    const shards = new Map<string, SourceUnit[]>([...record.head.shards.keys()].map((id) => [id, []]));
    for (const unit of this.#options.source.units()) {
      const id = shardOf(unit.name);
      const units = shards.get(id);
      if (units) units.push(unit);
      else shards.set(id, [unit]);
    }
    return shards;
  }

  async #checkShard(record: BucketRecord, id: string, units: readonly SourceUnit[]): Promise<void> {
    const lost = record.lost.length;
    const shard = await record.shard(id);
    const isLost = record.lost.length > lost;
    if (isLost) {
      this.#findings.add(shardKey(id), 'is damaged, or gone: what it tells of is looked at anew');
      this.#findings.lostShards.push(id);
    }
    for (const unit of units) await this.#checkUnit(unit, shard.get(unit.name), isLost || record.isNew);
    this.#takeRecorded(shard, new Set(units.map(({ name }) => name)));
  }

  async #checkUnit(unit: SourceUnit, recorded: RecordedUnit | undefined, isLost: boolean): Promise<void> {
    const known = new Map(recorded?.objects.map((object) => [object.key, object]));
    const wanted = [...(await unit.objects())];
    await atOnce(wanted, this.#options.parallel, async (object) => {
      const { key, step } = object;
      this.#repositories.add(splitRepository(key).repository);
      if (isLost) this.#findings.doubt(unit.name, key, step);
      const isAwaited = recorded === undefined || (!known.has(key) && recorded.print !== '');
      if (!this.#keys.isThere(key)) this.#addMissing(unit.name, object, isAwaited && !isLost);
      else await this.#checkObject(unit.name, object, known.get(key));
      this.#options.onProgress?.(++this.#done, this.#keys.size);
    });
    const keys = new Set(wanted.map(({ key }) => key));
    for (const { key } of known.values()) {
      if (keys.has(key)) continue;
      this.#recorded.add(key);
      this.#findings.add(key, 'is published no longer', PUSH);
    }
  }

  /** @param isAwaited no push has put it there yet */
  #addMissing(unit: string, { key, step }: BucketObject, isAwaited: boolean): void {
    this.#findings.add(key, 'is missing', isAwaited ? PUSH : FIX);
    this.#findings.doubt(unit, key, step);
  }

  async #checkObject(
    unit: string,
    wanted: BucketObject,
    recorded: RecordedUnit['objects'][number] | undefined,
  ): Promise<void> {
    const { store, isDeep = false, siteUrl } = this.#options;
    const { key, step, headers } = wanted;
    const isPage = isProjectPage(key);
    const looked = await lookAtObject(store, wanted, recorded, isDeep, isPage).catch((error) => {
      if (!concernsOne(error)) throw error;
      return messageOf(error);
    });
    if (typeof looked === 'string') return this.#findings.add(key, `cannot be compared: ${looked}`, BUILD);
    if (looked === undefined) return this.#addMissing(unit, wanted, false);
    if (looked.isOld) this.#findings.add(key, 'is older than the page or file of the site', PUSH);
    this.#compared++;
    if (looked.isUncached) this.#findings.uncached.push({ unit, key, step });
    for (const fault of looked.faults) this.#findings.add(key, fault);
    if (looked.faults.length > 0) this.#findings.doubt(unit, key, step);
    if (looked.forged !== undefined) this.#findings.forged.set(key, looked.forged);
    if (!isPage || looked.bytes === undefined) return;
    const links = pageLinks(key, looked.bytes, headers.contentEncoding === 'gzip', siteUrl);
    if (typeof links === 'string') return this.#findings.add(key, links);
    for (const link of links) {
      const leads = link.key !== undefined && (this.#keys.isThere(link.key) ?? (await this.#isThere(link.key)));
      if (!leads) this.#findings.add(key, deadLink(link), looked.isOld ? PUSH : FIX);
    }
  }

  /** What the site does not have (any more) may be linked to by a page that is old. */
  async #isThere(key: string): Promise<boolean> {
    return (await this.#options.store.head(key)) !== undefined;
  }

  #takeRecorded(shard: RecordShard, wanted: ReadonlySet<string>): void {
    for (const { name, objects, left, again } of shard.values()) {
      for (const { key } of [...left, ...again]) this.#recorded.add(key);
      if (wanted.has(name)) continue;
      for (const { key } of objects) {
        this.#recorded.add(key);
        this.#repositories.add(splitRepository(key).repository);
        this.#findings.add(key, 'is published no longer', PUSH);
      }
    }
  }

  /** Of each object by itself, unless all of them are so: then it is most likely the store, and nothing that a push could put right. */
  #checkUncached(): void {
    const { uncached } = this.#findings;
    if (uncached.length > 1 && uncached.length === this.#compared) {
      this.#findings.add('all objects', 'have no Cache-Control', STORE_KEEPS_NONE);
      return;
    }
    for (const { unit, key, step } of uncached.splice(0)) {
      this.#findings.add(key, 'has no Cache-Control');
      this.#findings.doubt(unit, key, step);
    }
  }

  #checkStrays(): void {
    for (const key of this.#strays.unknown(this.#recorded)) {
      const step = strayStep(key, this.#repositories);
      if (step === undefined) this.#findings.add(key, 'is nothing of this site', NOT_OURS);
      else {
        this.#findings.add(key, 'is nothing that the site publishes, nor waits to go', WAITS);
        this.#findings.doubt(STRAYS_UNIT, key, step);
      }
    }
  }

  async #checkUploads(): Promise<void> {
    const { store } = this.#options;
    try {
      for (const { key } of await store.unfinished('')) {
        const isWanted = this.#keys.isThere(key) !== undefined;
        const step = isWanted ? undefined : strayStep(key, this.#repositories);
        if (key.startsWith(RECORD_FOLDER) || (!isWanted && step === undefined)) continue;
        this.#findings.add(key, 'has an upload that was begun, and not ended: it is paid for');
        this.#findings.uploads.push(key);
      }
    } catch (error) {
      if (!(error instanceof StoreError) || (error.fault !== 'refused' && error.fault !== 'denied')) throw error;
    }
  }
}
