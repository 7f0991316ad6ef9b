/** What stands between one run and the bucket: requests take time, and some of them meet a fault. */
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
} from '../../../src/object-store/object-store.ts';
import type { MemoryStore } from '../memory-store.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { Draw } from './draw.ts';

/** Requests that are older are refused by their signature. Source: AWS Signature Version 4, "Elements of a request signature". In milliseconds. */
const LATEST_MS = 15 * 60_000;

/** A client that hears nothing gives up. In milliseconds. */
const TIMEOUT_MS = 10_000;

export interface Faults {
  /** Of each request, from 0 to 1. */
  rate: number;
  /** The run dies at this request, counted from 1. */
  crashAt?: number;
  /** From this request on, its credentials are worth nothing. */
  expiresAt?: number;
}

type Fate = keyof typeof FATES;

/** How often one is met beside the others. */
const FATES = {
  lostBefore: 3,
  lostAfter: 4,
  late: 3,
  repeated: 2,
  tooMany: 2,
  slowDown: 2,
  conflict: 1,
};

export class SimulatedNetwork implements ObjectStore {
  readonly name: string;
  /** Resolves when the run dies. */
  readonly died: Promise<void>;
  /** Asked so far, by kind. */
  readonly counts: Record<string, number> = {};
  requests = 0;
  isDead = false;
  readonly #store: MemoryStore;
  readonly #clock: VirtualClock;
  readonly #draw: Draw;
  readonly #faults: Faults;
  readonly #trace: (line: string) => void;
  readonly #onLate: (isLate: boolean) => void;
  #die = () => {};
  #clockMs: number | undefined;

  constructor(
    store: MemoryStore,
    clock: VirtualClock,
    draw: Draw,
    faults: Faults,
    trace: (line: string) => void = () => {},
    /** Told before something takes effect of which its sender knows nothing any more, and after it. */
    onLate: (isLate: boolean) => void = () => {},
  ) {
    this.name = store.name;
    this.#store = store;
    this.#clock = clock;
    this.#draw = draw;
    this.#faults = faults;
    this.#trace = trace;
    this.#onLate = onLate;
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  get(key: string, options?: { unlessEtag?: string }): Promise<StoredObject | 'unchanged' | undefined> {
    const condition = options?.unlessEtag ? ` unless ${options.unlessEtag}` : '';
    return this.#ask(`GET ${key}${condition}`, 'read', () => this.#store.get(key, options));
  }

  head(key: string): Promise<ObjectInfo | undefined> {
    return this.#ask(`HEAD ${key}`, 'read', () => this.#store.head(key));
  }

  put(key: string, body: ObjectBody, headers: ObjectHeaders, condition?: PutCondition): Promise<string | 'refused'> {
    const when = condition === undefined ? '' : 'ifAbsent' in condition ? ' if absent' : ` if ${condition.ifEtag}`;
    // Once sent, its bytes are what they are.
    const sent = body.read(0, body.size);
    const copy = { ...body, read: () => sent };
    return this.#ask(`PUT ${key}${when}`, 'put', () => this.#store.put(key, copy, headers, condition), key);
  }

  async *list(prefix: string): AsyncIterable<ListedObject> {
    const all = await this.#ask(`LIST ${prefix}`, 'read', () => collect(this.#store.list(prefix)));
    yield* all;
  }

  remove(keys: readonly string[]): Promise<void> {
    return this.#ask(`DELETE ${keys.join(' ')}`, 'remove', () => this.#store.remove(keys));
  }

  unfinished(prefix: string): Promise<readonly UnfinishedUpload[]> {
    return this.#ask(`UPLOADS ${prefix}`, 'read', () => this.#store.unfinished(prefix));
  }

  abandon(upload: UnfinishedUpload): Promise<void> {
    return this.#ask(`ABORT ${upload.key}`, 'remove', () => this.#store.abandon(upload));
  }

  clockMs(): number | undefined {
    return this.#clockMs;
  }

  /** Its process is no more. What it sent may still arrive. */
  kill(): void {
    this.isDead = true;
    this.#die();
  }

  async #ask<T>(what: string, kind: 'read' | 'put' | 'remove', effect: () => Promise<T>, key?: string): Promise<T> {
    if (this.isDead) return never();
    const number = ++this.requests;
    const method = what.slice(0, what.indexOf(' '));
    this.counts[method] = (this.counts[method] ?? 0) + 1;
    const draw = this.#draw;
    const fate: Fate | 'none' = this.#faults.rate > 0 && draw.chance(this.#faults.rate) ? draw.weighed(FATES) : 'none';
    const isLast = number === this.#faults.crashAt;
    /** Whether what is still under way when the run dies arrives, and how long after. */
    const survives = draw.chance(0.5) ? this.#drawLateness() : undefined;
    await this.#clock.sleep(5 + draw.number(200));
    if (this.isDead || (isLast && draw.chance(0.5))) {
      this.#trace(`  ${number} ${what}: under way when the run dies${survives === undefined ? ', lost' : ''}`);
      if (isLast && !this.isDead && key?.endsWith('.whl') && draw.chance(0.4)) this.#store.leaveUnfinished(key);
      this.kill();
      if (survives !== undefined && kind !== 'read') this.#later(what, survives, effect);
      return never();
    }
    if (this.#faults.expiresAt !== undefined && number >= this.#faults.expiresAt) {
      this.#trace(`  ${number} ${what}: credentials are at their end`);
      throw new StoreError('expired', 'ExpiredToken');
    }
    const outcome = await this.#meet(fate, number, what, kind, effect);
    if (isLast) {
      this.#trace('  the run dies');
      this.kill();
    } else await this.#clock.sleep(5 + draw.number(100));
    if (this.isDead) return never();
    this.#clockMs = Math.floor(this.#clock.now() / 1000) * 1000;
    if (outcome.error) throw outcome.error;
    return outcome.value as T;
  }

  /** Errors are values here, so that the way back takes its time too. */
  async #meet<T>(
    fate: Fate | 'none',
    number: number,
    what: string,
    kind: 'read' | 'put' | 'remove',
    effect: () => Promise<T>,
  ): Promise<{ value?: T; error?: Error }> {
    const say = (text: string) => this.#trace(`  ${number} ${what}: ${text}`);
    const busy = (message: string, retryAfterMs?: number) => ({
      error: new StoreError('busy', message, retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
    switch (fate) {
      case 'lostBefore':
        say('lost before it came there');
        return busy('ECONNRESET');
      case 'lostAfter': {
        const { value, error } = await settle(effect());
        say(`its answer is lost (${error?.message ?? describe(value)})`);
        return busy('ECONNRESET');
      }
      case 'late': {
        if (kind === 'read') return busy('ETIMEDOUT');
        const late = this.#drawLateness();
        say(`no answer in time, and takes effect ${late} ms later`);
        this.#later(what, TIMEOUT_MS + late, effect);
        await this.#clock.sleep(TIMEOUT_MS);
        return busy('ETIMEDOUT');
      }
      case 'tooMany':
        say('429');
        return busy('TooManyRequests');
      case 'slowDown': {
        const seconds = 1 + this.#draw.number(5);
        say(`503, again after ${seconds} s`);
        return busy('SlowDown', seconds * 1000);
      }
      case 'conflict':
        if (kind !== 'put') break;
        say('409');
        return busy('ConditionalRequestConflict');
      case 'repeated': {
        if (kind === 'read') break;
        const late = this.#drawLateness();
        const outcome = await settle(effect());
        say(`${outcome.error?.message ?? describe(outcome.value)}, and takes effect once more ${late} ms later`);
        this.#later(what, late, effect);
        return outcome;
      }
      case 'none':
        break;
    }
    const outcome = await settle(effect());
    say(outcome.error?.message ?? describe(outcome.value));
    return outcome;
  }

  #later(what: string, ms: number, effect: () => Promise<unknown>): void {
    void this.#clock.sleep(ms).then(async () => {
      this.#onLate(true);
      const { value, error } = await settle(effect());
      this.#onLate(false);
      this.#trace(`  late: ${what}: ${error?.message ?? describe(value)}`);
    });
  }

  /** Most soon, some as late as can be. */
  #drawLateness(): number {
    const most = this.#draw.pick([2_000, 60_000, LATEST_MS - 2 * TIMEOUT_MS]);
    return this.#draw.number(most);
  }
}

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const each of all) collected.push(each);
  return collected;
}

function settle<T>(promise: Promise<T>): Promise<{ value?: T; error?: Error }> {
  return promise.then(
    (value) => ({ value }),
    (error: Error) => ({ error }),
  );
}

function describe(value: unknown): string {
  if (value === undefined) return 'done, or not there';
  if (typeof value === 'string') return value;
  const { etag, size } = value as Partial<ObjectInfo>;
  return etag === undefined ? 'done' : `${etag}, ${size} bytes`;
}

function never(): Promise<never> {
  return new Promise(() => {});
}
