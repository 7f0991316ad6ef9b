/** Pages that are made of what a repository has itself and of what an upstream has: made once, and anew when something of that has changed. */

import { join } from 'node:path';
import type { Admission } from '../../admission/admission.ts';
import type { RepositoryConfig, SiteConfig, UpstreamSettings } from '../../config/site-config.ts';
import { removeFolder } from '../../io/disk.ts';
import { look, namesIn } from '../../io/open-file.ts';
import { readPageStamp } from '../../io/page-stamp.ts';
import { closeFolders } from '../../io/reach.ts';
import type { KeptHeader } from '../../kept-upstream/kept-page.ts';
import { keptProjectFolder, type UpstreamPlace } from '../../kept-upstream/kept-places.ts';
import type { NormalizedName } from '../../standards/name.ts';
import type { ProjectFacts } from '../files/known-facts.ts';
import { Judging } from './judging.ts';
import { mergeOrder } from './merge-order.ts';
import { type MergedForm, mergedFolder, mergedPagePath } from './merged-places.ts';
import { ownPagePath } from './own-page.ts';
import type { MergeOutcome } from './page-orders.ts';
import type { PageThread } from './page-thread.ts';

/** Pages about which it is known what they were made of. */
const MOST_KNOWN = 20_000;

const NO_FACTS: ProjectFacts = { arrived: new Map(), wrong: new Map(), withoutMetadata: new Set() };

export interface MergedOptions {
  config: () => SiteConfig;
  thread: PageThread;
  /** What is known of files since they came. */
  facts?: (at: UpstreamPlace, repository: RepositoryConfig) => ProjectFacts;
  tell: (upstream: string, message: string) => void;
  /** What web servers have of a project while kho does not run is not what it is to be. */
  onOtherAtHand?: (at: UpstreamPlace) => void;
  /** What may come in is judged otherwise than before. */
  onRules?: () => void;
  environment?: NodeJS.ProcessEnv;
  now: () => number;
}

export interface WantedPage {
  repository: RepositoryConfig;
  project: NormalizedName;
  form: MergedForm;
  upstream: UpstreamSettings;
  /** Of the upstream's page that is kept. */
  header: KeptHeader;
}

interface Merged {
  inputs: string;
  forms: Set<MergedForm>;
  /** When it may come out otherwise because time has passed. */
  untilMs: number;
}

export class MergedPages {
  readonly #options: MergedOptions;
  readonly #judging: Judging;
  readonly #merged = new Map<string, Merged>();
  readonly #making = new Map<string, Promise<void>>();
  /** By upstream and project: how often something became known of its files. */
  readonly #changes = new Map<string, number>();
  #mergedFor: SiteConfig | undefined;

  constructor(options: MergedOptions) {
    this.#options = options;
    const { tell, onRules = () => {}, environment } = options;
    this.#judging = new Judging({
      tell: (message) => tell('all', message),
      onChanged: onRules,
      remove: (order) => options.thread.run({ do: 'refuse', ...order }),
      environment,
    });
  }

  /** The file with the page; undefined where what it is made of went away. @throws {KhoError} */
  async path(wanted: WantedPage): Promise<string | undefined> {
    const { repository, project, form } = wanted;
    const config = this.#options.config();
    if (this.#mergedFor !== config) this.#merged.clear();
    this.#mergedFor = config;
    const admission = await this.#judging.admission(config, this.#options.now());
    const key = `${repository.name}/${project}`;
    await this.#whenMade(key);
    const inputs = this.#inputsOf(wanted, admission.generation);
    const path = mergedPagePath(config.root, repository.name, project, form);
    const known = this.#current(key, inputs);
    if (known?.forms.has(form) && look(path)) return path;
    const outcome = await this.#make(wanted, admission, inputs, [form], 'look');
    if (outcome?.atHand === 'other') this.#options.onOtherAtHand?.({ upstream: wanted.upstream.name, project });
    return outcome && path;
  }

  /** Something became known of files of that project. */
  changed({ upstream, project }: UpstreamPlace): void {
    const key = `${upstream}/${project}`;
    this.#changes.set(key, (this.#changes.get(key) ?? 0) + 1);
  }

  /**
   * The page that web servers have while kho does not run is to tell what is at hand now. Pages that clients have asked for are made anew too,
   * so that the next one does not wait for that.
   *
   * @returns whether it does; else somebody publishes, and it is to be tried again
   * @throws {KhoError}
   */
  async keepAtHand(wanted: Omit<WantedPage, 'form'>): Promise<boolean> {
    await this.#options.thread.whenIdle(); // somebody waits for what others have ordered
    const admission = await this.#judging.admission(this.#options.config(), this.#options.now());
    const key = `${wanted.repository.name}/${wanted.project}`;
    await this.#whenMade(key);
    const forms = [...(this.#merged.get(key)?.forms ?? [])];
    const outcome = await this.#make(wanted, admission, this.#inputsOf(wanted, admission.generation), forms, 'keep');
    return outcome?.atHand !== 'late';
  }

  /** Names of files of an upstream's project that are here. */
  atHand(upstream: string, project: NormalizedName): string[] {
    const folder = keptProjectFolder(this.#options.config().root, { upstream, project });
    closeFolders(folder);
    return look(folder) ? namesIn(folder).sort() : [];
  }

  /** Remove what another run has left. @throws {KhoError} WRITE */
  start(): void {
    removeFolder(mergedFolder(this.#options.config().root));
    this.#judging.start(this.#options.config, this.#options.now);
  }

  async close(): Promise<void> {
    await this.#judging.close();
  }

  /** Resolves when nobody makes that page. */
  async #whenMade(key: string): Promise<void> {
    for (let making = this.#making.get(key); making !== undefined; making = this.#making.get(key)) await making;
  }

  /** Of a page that comes out as it did. */
  #current(key: string, inputs: string): Merged | undefined {
    const known = this.#merged.get(key);
    return known?.inputs === inputs && this.#options.now() < known.untilMs ? known : undefined;
  }

  /** To be called when nobody makes that page. */
  async #make(
    wanted: Omit<WantedPage, 'form'>,
    admission: Admission,
    inputs: string,
    forms: readonly MergedForm[],
    atHand: 'look' | 'keep',
  ): Promise<MergeOutcome | undefined> {
    const key = `${wanted.repository.name}/${wanted.project}`;
    const making = this.#makeNow(wanted, admission, inputs, forms, atHand).finally(() => this.#making.delete(key));
    this.#making.set(
      key,
      making.then(
        () => {},
        () => {},
      ),
    );
    return making;
  }

  async #makeNow(
    wanted: Omit<WantedPage, 'form'>,
    admission: Admission,
    inputs: string,
    forms: readonly MergedForm[],
    atHand: 'look' | 'keep',
  ): Promise<MergeOutcome | undefined> {
    const { repository, project, upstream } = wanted;
    const key = `${repository.name}/${project}`;
    const others = this.#current(key, inputs)?.forms ?? [];
    const { config, facts = () => NO_FACTS, now } = this.#options;
    const known = facts({ upstream: upstream.name, project }, repository);
    const about = { root: config().root, repository, project, upstream, admission, facts: known };
    const order = mergeOrder({ ...about, forms, atHand, nowMs: now() });
    const outcome = await this.#options.thread.run(order);
    if (outcome === undefined) return undefined;
    admission.note({ upstream: upstream.name, project }, outcome, order.nowMs);
    this.#judging.keep(admission);
    const untilMs = outcome.changesAtMs ?? Number.POSITIVE_INFINITY;
    const made = new Set([...others, ...forms]);
    if (made.size === forms.length) this.#tellClashes(upstream.name, outcome.clashes);
    this.#merged.delete(key);
    this.#merged.set(key, { inputs, forms: made, untilMs });
    if (this.#merged.size > MOST_KNOWN) this.#merged.delete(this.#merged.keys().next().value as string);
    return outcome;
  }

  /** What a page is made of, as a text: another one, and it is made anew. */
  #inputsOf({ repository, project, upstream, header }: Omit<WantedPage, 'form'>, rules: string): string {
    const own = ownPagePath(repository.folder, project);
    closeFolders(join(repository.folder, 'simple'));
    return JSON.stringify([
      ...[upstream.name, readPageStamp(own), header.bodySha256, header.changedMs, rules],
      this.#changes.get(`${upstream.name}/${project}`),
      header.goneMs !== undefined && [header.goneMs, this.atHand(upstream.name, project)],
    ]);
  }

  #tellClashes(upstream: string, clashes: readonly string[]): void {
    if (clashes.length === 0) return;
    const more = clashes.length > 1 ? `, and ${clashes.length - 1} more` : '';
    this.#options.tell(
      upstream,
      `has "${clashes[0]}"${more} with other bytes than the file of that name here, which is listed`,
    );
  }
}
