import { DEFAULT_KEEP_FREE, type SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import { freeBytes } from '../../io/free-bytes.ts';
import { look } from '../../io/open-file.ts';
import { Lanes } from '../../jobs/lanes.ts';
import { upstreamFolder } from '../../kept-upstream/kept-places.ts';
import { readLocks } from '../../prune/read-locks.ts';
import { type CacheEntry, surveyCache } from './cache-survey.ts';
import type { KeptFiles } from './kept-files.ts';
import { planTrim, type TrimPlan } from './plan-trim.ts';
import type { UsedDays } from './used-days.ts';

/** More than is needed is freed at once, so that not each next file looks through all again: a part of `max`. */
const SPARE = 0.02;

/** Keeps what is kept of other indexes within its limits. */
export class CacheRoom {
  readonly #config: () => SiteConfig;
  readonly #files: KeptFiles;
  readonly #used: UsedDays;
  /** What is kept, in bytes, once it was looked at. */
  #bytes: number | undefined;
  readonly #inTurn = new Lanes(1);

  constructor(config: () => SiteConfig, files: KeptFiles, used: UsedDays) {
    this.#config = config;
    this.#files = files;
    this.#used = used;
  }

  /** Something more is kept, or less. */
  changed(bytes: number): void {
    if (this.#bytes !== undefined) this.#bytes += bytes;
  }

  /** Make room for so many more bytes. @returns whether there is: else nothing is to be kept */
  make(bytes: number): Promise<boolean> {
    return this.#inTurn.run(() => this.#make(bytes));
  }

  /** Let go what was served least recently, until no more than so much is kept. @throws {KhoError} as `readLocks` */
  async trimTo(bytes: number): Promise<TrimPlan> {
    const { entries, total } = await this.#survey();
    return this.#let(entries, total - bytes);
  }

  async #make(bytes: number): Promise<boolean> {
    const { root, cache = {} } = this.#config();
    const { max = Number.POSITIVE_INFINITY, minFree = DEFAULT_KEEP_FREE } = cache;
    if (bytes > max) return false;
    const folder = look(upstreamFolder(root)) === undefined ? root : upstreamFolder(root);
    const missing = () => Math.max((this.#bytes ?? 0) + bytes - max, bytes + minFree - freeBytes(folder));
    const isUnknown = this.#bytes === undefined && max < Number.POSITIVE_INFINITY;
    const looked = isUnknown ? await this.#survey() : undefined;
    if (missing() <= 0) return true;
    try {
      const spare = max < Number.POSITIVE_INFINITY ? max * SPARE : 0;
      const { entries } = looked ?? (await this.#survey());
      await this.#let(entries, missing() + spare);
    } catch (error) {
      if (!(error instanceof KhoError)) throw error;
      return false; // what locks name cannot be told: nothing goes
    }
    return missing() <= 0;
  }

  async #survey(): Promise<{ entries: CacheEntry[]; total: number }> {
    const entries = await surveyCache(this.#config().root, this.#used);
    const total = entries.reduce((sum, { size }) => sum + size, 0);
    this.#bytes = total;
    return { entries, total };
  }

  async #let(entries: readonly CacheEntry[], bytes: number): Promise<TrimPlan> {
    if (bytes <= 0) return { gone: [], bytes: 0 };
    const { root, locks = [] } = this.#config();
    const locked = await readLocks(root, locks);
    const plan = planTrim(entries, { bytes, locked, sha256Of: (path) => this.#files.records.get(path)?.sha256 });
    for (const { path } of plan.gone) this.#files.remove(path);
    this.changed(-plan.bytes);
    return plan;
  }
}
