/**
 * What may come in of other indexes, with all that says so: kho.toml, files with lists, advisories, and times that were kept. One for each
 * process that serves; what has changed of lists and advisories is found by `refresh`.
 */
import { createHash } from 'node:crypto';
import { type AdvisoryBook, openAdvisories } from '../advisories/advisory-book.ts';
import { isAddress, type ReadElsewhere, readAdvisories, readHere } from '../advisories/read-advisories.ts';
import type { SiteConfig, UpstreamSettings } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import type { HttpClient } from '../fetch/http-client.ts';
import { appendEvents } from '../log/append-event.ts';
import { type Judgement, judgeUpstream } from '../policy/judge-upstream.ts';
import type { Policy } from '../policy/policy.ts';
import { lockSite } from '../publish/lock.ts';
import { makeStateFolder } from '../publish/state-folder.ts';
import { inPlaceTarget } from '../publish/target.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { Advisory } from '../standards/osv/advisory.ts';
import type { UpstreamFile, UpstreamPage } from '../upstream-model.ts';
import { bringAdvisories } from './bring-advisories.ts';
import { FirstSeen } from './first-seen.ts';
import {
  joined,
  type NamedReleases,
  type ReleaseLists,
  readNamed,
  rulesNamed,
  rulesOf,
  rulesPinned,
  versionsPinned,
} from './release-lists.ts';
import { removeMalware } from './remove-malware.ts';

/** An address is asked again after so long, in milliseconds. */
export const ASK_AGAIN_MS = 600_000;
/** And after so long where it failed. */
const RETRY_MS = 60_000;

interface UpstreamRules {
  settings: UpstreamSettings;
  allow?: ReleaseLists;
  deny: ReleaseLists;
  except: ReleaseLists;
}

/** All that was read of kho.toml and of what it names. */
interface Rules {
  upstreams: ReadonlyMap<string, UpstreamRules>;
  locked: ReadonlyMap<NormalizedName, readonly string[]>;
  /** By the setting that names them. */
  lists: ReadonlyMap<string, NamedReleases>;
  digest: string;
}

export interface AdmissionOptions {
  /** Asks the address of advisories; without it, those that were brought count. */
  client?: HttpClient | undefined;
  /** Does the work of reading advisories. */
  read?: ReadElsewhere;
  /** Changes nothing on disk: what was read last counts. */
  isReader?: boolean;
}

export class Admission {
  readonly #config: SiteConfig;
  readonly #client: HttpClient | undefined;
  readonly #read: ReadElsewhere;
  readonly #isReader: boolean;
  readonly #seen: FirstSeen;
  #rules: Rules;
  #book: AdvisoryBook | undefined;
  /** When the address is to be asked again, in milliseconds since 1970. */
  #askAtMs = Number.NEGATIVE_INFINITY;
  /** By what was tried last: what became of it. */
  readonly #faults = new Map<string, string>();

  private constructor(
    config: SiteConfig,
    { client, read = readHere, isReader = false }: AdmissionOptions,
    rules: Rules,
  ) {
    this.#config = config;
    this.#client = client;
    this.#read = isReader ? async () => {} : read;
    this.#isReader = isReader;
    this.#seen = new FirstSeen(config.root);
    this.#rules = rules;
  }

  /**
   * An address is waited for only where nothing was ever brought from it: `refresh` asks it otherwise.
   *
   * @throws {KhoError} CONFIG, READ for a list that cannot be read; SITE
   */
  static async open(config: SiteConfig, options: AdmissionOptions = {}): Promise<Admission> {
    inPlaceTarget(config);
    const admission = new Admission(config, options, await readRules(config));
    await admission.#readAdvisories();
    if (!admission.#book) await admission.#refreshAdvisories(Date.now());
    return admission;
  }

  /** Changes whenever a page may be judged otherwise than before, for other reasons than that time has passed. */
  get generation(): string {
    return `${this.#rules.digest} ${this.#book?.about.generation ?? ''}`;
  }

  /** What could not be read at the last look, one line each, no full stop: what was read before counts. */
  get notes(): readonly string[] {
    return [...this.#faults.values()];
  }

  /** What is known now; undefined where nothing is. */
  get book(): AdvisoryBook | undefined {
    return this.#book;
  }

  /**
   * As data, for another thread.
   *
   * @param upstream its name in kho.toml
   * @throws {KhoError} READ where advisories are asked for, and none can be had: then nothing may come in
   */
  policyFor(upstream: string, project: NormalizedName): Policy {
    const rules = this.#rules.upstreams.get(upstream);
    const { cooldownMs, fixes } = rules?.settings ?? {};
    const locked = fixes ? this.#rules.locked.get(project) : undefined;
    const advisories = this.#knownOf(project);
    return {
      ...(cooldownMs !== undefined && { cooldownMs, firstSeen: this.#seen.of(upstream, project).firstSeen }),
      ...(rules?.except.has(project) && { cooldownExcept: rules.except.get(project) ?? [] }),
      ...(rules?.allow && { allow: rules.allow.get(project) ?? [] }),
      ...(rules?.deny.has(project) && { deny: rules.deny.get(project) ?? [] }),
      ...(locked && { lockedVersions: locked }),
      advisories,
    };
  }

  /** Of how many files of a project it is known since when they are there: with more of them, a page may be judged otherwise. */
  timesKnown({ upstream, project }: Pick<UpstreamPage, 'upstream' | 'project'>): number {
    return this.#seen.of(upstream, project).firstSeen.size;
  }

  /** Another process may have read newer ones meanwhile. @throws {KhoError} READ, SITE */
  #knownOf(project: NormalizedName): readonly Advisory[] {
    const { root, advisories } = this.#config;
    if (!advisories) return [];
    const known = this.#book?.of(project);
    if (known) return known;
    this.#book = openAdvisories(root, advisories.from);
    const renewed = this.#book?.of(project);
    if (!renewed || !this.#book) throw nothingKnown(advisories.from, this.notes[0]);
    if (!this.#isReader) removeMalware(this.#config, this.#book);
    return renewed;
  }

  /** @param nowMs milliseconds since 1970. @throws {KhoError} as `note` */
  judge(page: UpstreamPage, nowMs: number): Judgement<UpstreamFile> {
    const judgement = judgeUpstream(page, this.policyFor(page.upstream, page.project), nowMs);
    this.note(page, judgement, nowMs);
    return judgement;
  }

  /**
   * Take note of what came out, before it is published. What passed early is in the log once this returns; `keep` writes down the rest.
   *
   * @throws {KhoError} SITE, WRITE where the log takes no line: then nothing may pass early
   */
  note(
    { upstream, project }: Pick<UpstreamPage, 'upstream' | 'project'>,
    { unseen, early }: Pick<Judgement<unknown>, 'unseen' | 'early'>,
    nowMs: number,
  ): void {
    const told = this.#seen.of(upstream, project).early;
    const news = early.filter(({ version, id }) => !told.has(`${version} ${id}`));
    appendEvents(
      this.#config.root,
      news.map(({ version, closes, id }) => ({
        ...{ event: 'fix-early' as const, project },
        reason: `${version} of "${upstream}" closes ${id} of ${closes}, which a lock names`,
      })),
      nowMs,
    );
    const passed = news.map(({ version, id }) => `${version} ${id}`);
    this.#seen.note({ upstream, project, seenMs: Math.floor(nowMs), files: unseen, early: passed });
  }

  /** Write down what is not kept yet, under the lock of the site. Where that fails, files that nobody remembers wait anew. @throws {KhoError} */
  async keep(): Promise<void> {
    if (!this.#seen.isDue) return;
    makeStateFolder(this.#config.root);
    const unlock = await lockSite(this.#config.root);
    try {
      this.#seen.keep();
    } finally {
      unlock();
    }
  }

  /** Look whether lists and advisories have changed; an address is asked when that is due. Costs little where nothing did. */
  async refresh(nowMs: number = Date.now()): Promise<void> {
    await this.#try('lists', async () => {
      this.#rules = await readRules(this.#config, this.#rules);
    });
    await this.#refreshAdvisories(nowMs);
  }

  async #refreshAdvisories(nowMs: number): Promise<void> {
    const { root, advisories } = this.#config;
    const client = this.#client;
    if (advisories && client && isAddress(advisories.from) && nowMs >= this.#askAtMs) {
      this.#askAtMs = nowMs + ASK_AGAIN_MS;
      const isAnswered = await this.#try('address', () => bringAdvisories(root, advisories.from, client, this.#read));
      if (!isAnswered) this.#askAtMs = nowMs + RETRY_MS;
    }
    await this.#readAdvisories();
  }

  async #readAdvisories(): Promise<void> {
    const { root, advisories } = this.#config;
    if (!advisories) return;
    const before = this.#book?.about.generation;
    await this.#try('advisories', async () => {
      this.#book = (await readAdvisories(root, advisories.from, this.#read)) ?? this.#book;
    });
    this.#book ??= openAdvisories(root, advisories.from);
    const book = this.#book;
    if (book && book.about.generation !== before && !this.#isReader)
      await this.#try('kept', () => removeMalware(this.#config, book));
  }

  /** @returns whether it worked; else there is a note, until it does */
  async #try(what: string, act: () => unknown): Promise<boolean> {
    try {
      await act();
      this.#faults.delete(what);
      return true;
    } catch (error) {
      if (!(error instanceof KhoError)) throw error; // a bug
      this.#faults.set(what, error.message);
      return false;
    }
  }
}

function nothingKnown(from: string, why: string | undefined): KhoError {
  return new KhoError('READ', `Cannot tell what is malware: the advisories in "${from}" were never read`, {
    hint: why ?? 'put a whole file of OSV there; until then nothing of another index is listed',
  });
}

/** @param before what was read the last time */
async function readRules(config: SiteConfig, before?: Rules): Promise<Rules> {
  const { root } = config;
  const hash = createHash('sha256');
  const lists = new Map<string, NamedReleases>();
  const read = async (of: string, patterns: readonly string[] | undefined, loss: string) => {
    if (patterns === undefined) return undefined;
    const list = await readNamed({ root, patterns, setting: `${of} in kho.toml`, loss }, before?.lists.get(of));
    lists.set(of, list);
    hash.update(JSON.stringify([...list.stamps]));
    return list;
  };
  const upstreams = new Map<string, UpstreamRules>();
  for (const settings of config.upstreams.values()) {
    const { name, allow, allowFrom, deny = [], cooldownExcept = [], cooldownExceptFrom } = settings;
    const of = (key: string) => `${key} of the upstream "${name}"`;
    const approved = await read(of('allow_from'), allowFrom, 'without it, what it would allow is not');
    const excepted = await read(
      of('cooldown_except_from'),
      cooldownExceptFrom,
      'without it, what it would except waits',
    );
    hash.update(JSON.stringify(settings));
    upstreams.set(name, {
      settings,
      ...((allow || approved) && { allow: joined(rulesOf(allow ?? []), approved ? rulesNamed(approved) : new Map()) }),
      deny: rulesOf(deny),
      except: joined(rulesOf(cooldownExcept), excepted ? rulesPinned(excepted) : new Map()),
    });
  }
  const needsLocks = [...config.upstreams.values()].some(({ fixes }) => fixes);
  const locks = await read(
    'locks',
    needsLocks ? config.locks : undefined,
    'without it, no fix of what it names comes early',
  );
  return {
    ...{ upstreams, lists, digest: hash.digest('hex').slice(0, 32) },
    locked: locks ? versionsPinned(locks) : new Map(),
  };
}
