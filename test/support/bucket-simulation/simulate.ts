/**
 * One life of a bucket, drawn from a seed: a site changes, is pushed over a network that fails, by machines that die, and readers follow what they hold at
 * every moment. Time is virtual, the code that publishes is the real one.
 */

import { checkBucket } from '../../../src/bucket/check-bucket.ts';
import { mendBucket } from '../../../src/bucket/mend-bucket.ts';
import type { PushOptions, PushReport } from '../../../src/bucket/push-options.ts';
import { pushToBucket } from '../../../src/bucket/push-to-bucket.ts';
import { KhoError } from '../../../src/errors.ts';

import { type MemoryObject, MemoryStore } from '../memory-store.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { Draw } from './draw.ts';
import { type Faults, SimulatedNetwork } from './network.ts';
import { Readers } from './readers.ts';
import { SimulatedSite } from './site.ts';
import { tidyByHand } from './tidy.ts';

export type Invariant =
  /** What a page that somebody may hold names is there. */
  | 'readers'
  /** What a push reported as published is there at that moment. */
  | 'reported'
  /** In the end all is as a clean publish leaves it. */
  | 'end'
  /** No more is asked than what changed needs. */
  | 'requests'
  /** A second site changes nothing. */
  | 'second-site'
  /** A push ends, and without a fault it ends well. */
  | 'push';

export interface SimulationFault {
  invariant: Invariant;
  what: string;
}

export interface SimulationResult {
  seed: number;
  fault?: SimulationFault;
  pushes: number;
  requests: number;
}

export interface SimulationOptions {
  trace?: (line: string) => void;
  push?: Push;
}

interface PushedHow {
  site?: string;
  push?: Push;
  /** What another machine pushes at the same time. */
  beside?: 'the same' | 'another';
}

type Push = (options: PushOptions) => Promise<PushReport>;

const mend: Push = async (options) => (await mendBucket(options)).push;

const DAY_MS = 24 * 3_600_000;

/** Longer than any request is under way. In milliseconds. */
const QUIET_MS = 20 * 60_000;

class SimulatedMachine {
  text: string | undefined;
  site: SimulatedSite;
  readonly name: string;

  constructor(site: SimulatedSite, name: string) {
    [this.site, this.name] = [site, name];
  }
}

class FoundFault extends Error {
  readonly fault: SimulationFault;

  constructor(invariant: Invariant, what: string) {
    super(what);
    this.fault = { invariant, what };
  }
}

export async function simulate(
  seed: number,
  { trace = () => {}, push = pushToBucket }: SimulationOptions = {},
): Promise<SimulationResult> {
  const simulation = new Simulation(seed, trace, push);
  const fault = await simulation.run().then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof FoundFault) return error.fault;
      throw error;
    },
  );
  const { pushes, requests } = simulation;
  return { seed, pushes, requests, ...(fault && { fault }) };
}

class Simulation {
  pushes = 0;
  requests = 0;
  readonly #draw: Draw;
  readonly #clock: VirtualClock;
  readonly #store: MemoryStore;
  readonly #readers: Readers;
  readonly #machine: SimulatedMachine;
  readonly #trace: (line: string) => void;
  readonly #push: Push;
  readonly #graceMs: number;
  readonly #parallel: number;
  readonly #roundKeys: number;
  readonly #settings: string;
  readonly #etagsOf: 'content' | 'write';
  #fault: SimulationFault | undefined;

  constructor(seed: number, trace: (line: string) => void, push: Push) {
    const draw = new Draw(seed);
    this.#draw = draw;
    this.#push = push;
    this.#clock = new VirtualClock(seed + 1);
    const beginMs = this.#clock.now();
    this.#trace = (line) => trace(`${((this.#clock.now() - beginMs) / 1000).toFixed(3).padStart(12)} ${line}`);
    this.#graceMs = draw.pick([3_600_000, DAY_MS]);
    this.#parallel = 1 + draw.number(6);
    this.#roundKeys = draw.chance(0.5) ? 1 + draw.number(12) : 2000;
    this.#settings = 'settings';
    this.#etagsOf = draw.pick(['content', 'write']);
    this.#machine = new SimulatedMachine(new SimulatedSite(draw.chance(0.4) ? ['.', 'cu'] : ['.']), 'first');
    const objects = (): ReadonlyMap<string, MemoryObject> => this.#store.objects;
    this.#readers = new Readers({
      get objects() {
        return objects();
      },
      now: this.#clock.now,
      graceMs: this.#graceMs,
      wasReplaced: (key) => this.#machine.site.replaced.has(key),
      onFault: (what) => {
        this.#trace(`FAULT ${what}`);
        this.#fault ??= { invariant: 'readers', what };
      },
    });
    this.#store = this.#newStore(true);
  }

  async run(): Promise<void> {
    let isTidied = false;
    const draw = this.#draw;
    const rate = draw.pick([0, 0.02, 0.05, 0.2]);
    for (let changes = 3 + draw.number(8); changes > 0; changes--) this.#change();
    let backup: { site: SimulatedSite; text: string | undefined } | undefined;
    for (let round = 2 + draw.number(5); round > 0; round--) {
      if (backup === undefined && draw.chance(0.2)) {
        backup = { site: this.#machine.site.copy(), text: this.#machine.text };
        this.#trace('a backup of the machine is made');
      }
      if (backup !== undefined && draw.chance(0.2)) {
        this.#trace('a second machine, restored from the backup, pushes');
        const second = new SimulatedMachine(backup.site, 'second');
        second.text = backup.text;
        for (const key of backup.site.replaced) this.#machine.site.replaced.add(key);
        await this.#pushOnce(second, this.#drawFaults(rate));
        backup = undefined;
      }
      if (draw.chance(0.1)) await this.#secondSite();
      if (draw.chance(0.08)) {
        this.#trace('what the machine kept is lost');
        this.#machine.text = undefined;
      }
      if (draw.chance(0.05)) {
        this.#tidy();
        isTidied = true;
      }
      if (draw.chance(0.15)) await this.#pushTwice(rate);
      else await this.#pushOnce(this.#machine, this.#drawFaults(rate));
      await this.#pass(draw.pick([1_000, 5 * 60_000, this.#graceMs / 2, this.#graceMs + QUIET_MS]));
      for (let changes = draw.number(5); changes > 0; changes--) this.#change();
    }
    if (isTidied) {
      await this.#pass(QUIET_MS);
      await this.#pushOnce(this.#machine, { rate: 0 }, { push: mend });
    }
    await this.#end();
    if (isTidied || draw.chance(0.1)) await this.#check();
  }

  /**
   * Two machines have the same site, of which one is a copy, and push at once: what one publishes last stands there, and both may give up.
   * No page may name what is not there all the same.
   */
  async #pushTwice(rate: number): Promise<void> {
    const draw = this.#draw;
    const isNew = draw.chance(0.5);
    const second = new SimulatedMachine(this.#machine.site.copy(), 'second');
    if (draw.chance(0.5)) second.text = this.#machine.text;
    if (!isNew) {
      for (let changes = 1 + draw.number(4); changes > 0; changes--) this.#change(second);
      for (const key of second.site.replaced) this.#machine.site.replaced.add(key);
    }
    this.#trace(
      `a second machine pushes ${isNew ? 'the same site' : 'a site that has changed since it was copied'} at once`,
    );
    const later = async () => {
      await this.#clock.sleep(draw.pick([0, 1_000, 5_000, 30_000]));
      await this.#pushOnce(second, this.#drawFaults(rate), { beside: isNew ? 'the same' : 'another' });
    };
    const first = this.#pushOnce(this.#machine, this.#drawFaults(rate), { beside: isNew ? 'the same' : 'another' });
    await Promise.all([later(), first]);
  }

  #tidy(): void {
    this.#readers.isByHand = true;
    for (let hands = 1 + this.#draw.number(3); hands > 0; hands--)
      this.#trace(`somebody tidies by hand: ${tidyByHand(this.#store, this.#draw)}`);
    this.#readers.isByHand = false;
  }

  /** What looks for faults finds none. */
  async #check(): Promise<void> {
    const { findings } = await checkBucket({
      ...{ store: this.#store, source: this.#machine.site.source(), site: 'site', clock: this.#clock, parallel: 4 },
      kept: { read: () => undefined, write: () => {} },
    });
    const [first] = findings.sorted();
    if (first) throw new FoundFault('end', `kho check finds that "${first.file}" ${first.what}`);
  }

  /** After faultless pushes, and the grace, all is as a clean publish leaves it, and nothing is left to do. */
  async #end(): Promise<void> {
    await this.#pushOnce(this.#machine, { rate: 0 });
    await this.#pass(this.#graceMs + QUIET_MS);
    await this.#pushOnce(this.#machine, { rate: 0 });
    // What came late was found by that one, and has to wait for those who have it.
    await this.#pass(this.#graceMs + QUIET_MS);
    await this.#pushOnce(this.#machine, { rate: 0 });
    await this.#compareWithClean();
    await this.#pass(this.#graceMs + QUIET_MS);
    const { requests } = await this.#pushOnce(this.#machine, { rate: 0 });
    if (requests !== 1) throw new FoundFault('requests', `a push with nothing to do took ${requests} requests`);
  }

  #newStore(isWatched: boolean): MemoryStore {
    return new MemoryStore({
      now: this.#clock.now,
      etagsOf: this.#etagsOf,
      hashes: this.#draw.chance(0.5),
      ...(isWatched && { onChange: (change) => this.#readers.see(change) }),
    });
  }

  #change({ site } = this.#machine): void {
    this.#trace(`the site: ${site.change(this.#draw)}`);
  }

  #drawFaults(rate: number): Faults {
    const draw = this.#draw;
    return {
      rate,
      ...(draw.chance(0.35) && { crashAt: 1 + draw.number(draw.pick([6, 20, 60])) }),
      ...(draw.chance(0.03) && { expiresAt: 1 + draw.number(20) }),
    };
  }

  async #pass(ms: number): Promise<void> {
    this.#trace(`${Math.round(ms / 1000)} s pass`);
    await this.#clock.sleep(ms);
    this.#throwFault();
  }

  #throwFault(): void {
    if (this.#fault) throw new FoundFault(this.#fault.invariant, this.#fault.what);
  }

  async #secondSite(): Promise<void> {
    const isEmpty = ![...this.#store.objects.keys()].some((key) => key.startsWith('.kho/'));
    // Late effects of the first site's own requests must not be taken for the second's.
    await this.#pass(QUIET_MS);
    if (isEmpty && this.#store.objects.size === 0) return;
    this.#trace('another site pushes to the same prefix');
    const before = new Map(this.#store.objects);
    const second = new SimulatedMachine(new SimulatedSite(['.']), 'other');
    for (let changes = 3; changes > 0; changes--) second.site.change(this.#draw);
    const hasRecord = before.has('.kho/site');
    if (!hasRecord) return;
    const { error } = await this.#pushOnce(second, { rate: 0 }, { site: 'another-site' });
    if (!(error instanceof KhoError) || error.code !== 'BUCKET')
      throw new FoundFault('second-site', `a second site was not stopped: ${String(error)}`);
    if (!isSame(before, this.#store.objects))
      throw new FoundFault('second-site', 'a second site changed what the first published');
  }

  /** @returns of which the error is set where the push failed, or its run died */
  async #pushOnce(
    machine: SimulatedMachine,
    faults: Faults,
    { site = 'site', push = this.#push, beside }: PushedHow = {},
  ): Promise<{ error?: unknown; requests: number }> {
    const { crashAt, expiresAt, rate } = faults;
    this.#trace(
      `push ${++this.pushes}${rate > 0 ? `, faults ${rate}` : ''}${crashAt ? `, dies at ${crashAt}` : ''}${expiresAt ? `, expires at ${expiresAt}` : ''}`,
    );
    const network = new SimulatedNetwork(this.#store, this.#clock, this.#draw, faults, this.#trace, (isLate) => {
      this.#readers.isLate = isLate;
    });
    const wanted = await machine.site.wanted();
    const pushed = push({
      store: network,
      source: machine.site.source(),
      site,
      host: machine.name,
      settings: this.#settings,
      kept: {
        read: () => machine.text,
        write: (text) => {
          if (!network.isDead) machine.text = text;
        },
      },
      clock: this.#clockOf(network),
      graceMs: this.#graceMs,
      parallel: this.#parallel,
      roundKeys: this.#roundKeys,
    }).then(
      (report) => ({ report }),
      (error: unknown) => ({ error }),
    );
    const outcome = await Promise.race([
      pushed,
      network.died.then(() => ({ error: 'died' })),
      this.#clock.idle().then(() => ({ error: 'hangs' })),
    ]);
    this.requests += network.requests;
    network.kill();
    this.#throwFault();
    if ('report' in outcome) {
      this.#trace(`  reported ${JSON.stringify(outcome.report)}`);
      if (beside !== 'another')
        this.#compareReported(
          wanted.map(({ key, headers, open }) => ({ key, headers, sha256: open().sha256, size: open().size })),
        );
      if (network.counts['LIST'] && push !== mend) throw new FoundFault('requests', 'a push listed the bucket');
      return { requests: network.requests };
    }
    const { error } = outcome;
    this.#trace(`  ended: ${String(error)}`);
    if (error === 'hangs') throw new FoundFault('push', 'a push never ends');
    if (error !== 'died' && !(error instanceof KhoError)) throw error;
    const isExcused =
      rate > 0 || crashAt !== undefined || expiresAt !== undefined || site !== 'site' || beside !== undefined;
    if (!isExcused) throw new FoundFault('push', `a push without a fault failed: ${String(error)}`);
    return { error, requests: network.requests };
  }

  /** Of a run that died, nobody wakes. */
  #clockOf(network: SimulatedNetwork) {
    const { now, random } = this.#clock;
    const sleep = async (ms: number) => {
      await this.#clock.sleep(ms);
      if (network.isDead) await new Promise(() => {});
    };
    return { now, random, sleep };
  }

  #compareReported(wanted: readonly { key: string; headers: object; sha256: string; size: number }[]): void {
    for (const { key, sha256, size } of wanted) {
      if (this.#readers.isExcused(key)) continue;
      const found = this.#store.objects.get(key);
      if (found === undefined) throw new FoundFault('reported', `"${key}" was reported as published, and is not there`);
      if (found.bytes.length !== size || this.#store.sha256Of(key) !== sha256)
        throw new FoundFault('reported', `"${key}" was reported as published, and has other bytes`);
    }
  }

  async #compareWithClean(): Promise<void> {
    const clean = this.#newStore(false);
    await this.#push({
      store: clean,
      source: this.#machine.site.source(),
      site: 'site',
      settings: this.#settings,
      kept: { read: () => undefined, write: () => {} },
      clock: this.#clock,
      graceMs: this.#graceMs,
      parallel: this.#parallel,
      roundKeys: this.#roundKeys,
    });
    for (const key of new Set([...clean.objects.keys(), ...this.#store.objects.keys()].sort())) {
      const [found, ought] = [this.#store.objects.get(key), clean.objects.get(key)];
      if (found === undefined) throw new FoundFault('end', `"${key}" is not there in the end`);
      if (ought === undefined && key.startsWith('.kho/shards/') && saysNothing(found.bytes)) continue;
      if (ought === undefined) throw new FoundFault('end', `"${key}" is left in the end`);
      if (JSON.stringify(found.headers) !== JSON.stringify(ought.headers))
        throw new FoundFault('end', `"${key}" has other headers in the end`);
      if (!key.startsWith('.kho/') && !Buffer.from(found.bytes).equals(ought.bytes))
        throw new FoundFault('end', `"${key}" has other bytes in the end`);
    }
    const left = await this.#store.unfinished('');
    if (left.length > 0) throw new FoundFault('end', `an upload of "${left[0]!.key}" was never ended`);
  }
}

/** A part of the record may stand there of which no unit has anything. Each line is JSON: name, print, objects, left, …, behind a checksum. */
function saysNothing(bytes: Uint8Array): boolean {
  return !/"[^"]*","[^"]*",\[(?!\],\[\],)/.test(Buffer.from(bytes).toString('utf8'));
}

function isSame(one: ReadonlyMap<string, MemoryObject>, other: ReadonlyMap<string, MemoryObject>): boolean {
  return one.size === other.size && [...one].every(([key, object]) => other.get(key) === object);
}
