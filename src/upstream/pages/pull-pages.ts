/** The page that a client gets of a project, in a repository that passes on what other indexes have. */

import { randomBytes } from 'node:crypto';
import { isLost } from '../../admission/standing.ts';
import type { RepositoryConfig, SiteConfig, UpstreamSettings } from '../../config/site-config.ts';
import { isAskedFor } from '../../config/upstream-settings.ts';
import { KhoError } from '../../errors.ts';
import type { HttpClient } from '../../fetch/http-client.ts';
import type { UpstreamPlace } from '../../kept-upstream/kept-places.ts';
import { inPlaceTarget } from '../../publish/target.ts';
import type { NormalizedName } from '../../standards/name.ts';
import type { UpstreamListing } from '../files/asked-file.ts';
import type { ReadMetadata } from '../files/read-metadata.ts';
import { AtHandKeeper } from './at-hand-keeper.ts';
import { DependenciesAhead } from './dependencies-ahead.ts';
import { ListedFiles } from './listed-files.ts';
import { type MergedOptions, MergedPages } from './merged-pages.ts';
import { type MergedForm, mergedFolder, packedPagePath } from './merged-places.ts';
import { NameBudget } from './name-budget.ts';
import { NameKeeper, undecidedNames } from './name-keeper.ts';
import { hasOwnPage } from './own-page.ts';
import { PageThread } from './page-thread.ts';
import type { PageFound, UpstreamHealth } from './upstream-pages.ts';
import { type SourcesOptions, UpstreamSources } from './upstream-sources.ts';

/** Names that are told of, one by one. */
const MOST_NAMED = 5;

/** What holds for all is told once in so many milliseconds. */
const TELL_MS = 60_000;

export interface PullRequest {
  repository: string;
  project: NormalizedName;
  form: MergedForm;
  /** The client wants it asked for now, whatever is kept. */
  isRefresh: boolean;
  /** Whose question it is: an address, or a network. */
  client: string;
  /** The header of that name. */
  via: string | undefined;
}

/**
 * `own`: what the repository has by itself, if anything. `page`: in the file `path`, and in gzip, which lie in `folder`; with its age where it
 * may have changed. `unavailable`: nobody can say. `busy`: this client asks for too many names. `loop`: it is this site itself that asks.
 */
export type PulledPage =
  | { is: 'own' }
  | { is: 'page'; path: string; packedPath: string; folder: string; ageSeconds?: number }
  | { is: 'unavailable' | 'busy' | 'loop' };

/** An upstream that has a project, and what is known of its page there. */
interface Winner {
  upstream: UpstreamSettings;
  page: Extract<PageFound, { is: 'page' }>;
}

export interface PullOptions
  extends Omit<SourcesOptions, 'thread' | 'via' | 'mayAsk'>,
    Pick<MergedOptions, 'facts' | 'onRules'> {
  /** See `NameBudget`. */
  newNames?: number;
}

export class PullPages {
  readonly #config: () => SiteConfig;
  readonly #tell: PullOptions['tell'];
  readonly #now: () => number;
  readonly #thread = new PageThread();
  readonly #names: NameKeeper;
  readonly #budget: NameBudget;
  readonly #token = `kho-${randomBytes(8).toString('hex')}`;
  readonly #sources: UpstreamSources;
  readonly #merged: MergedPages;
  readonly #listed = new ListedFiles();
  readonly #ahead: DependenciesAhead;
  readonly #atHand: AtHandKeeper;
  #undecided = '';
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(options: PullOptions) {
    const { config, tell, newNames, now = Date.now } = options;
    this.#config = config;
    this.#tell = tell;
    this.#now = now;
    this.#names = new NameKeeper(config);
    this.#budget = new NameBudget(newNames);
    const mayAsk = (project: NormalizedName) => this.mayAsk(project);
    this.#sources = new UpstreamSources({ ...options, thread: this.#thread, via: `1.1 ${this.#token}`, mayAsk });
    const onOtherAtHand = (at: UpstreamPlace) => this.#atHand.due(at);
    this.#merged = new MergedPages({ ...options, now, thread: this.#thread, onOtherAtHand });
    this.#atHand = new AtHandKeeper({
      ...{ config, tell, isOwn: (project) => this.#isOwn(project) },
      headerOf: ({ upstream, project: of }) => this.#sources.get(upstream)?.pages.headerOf(of),
      keep: (wanted) => this.#merged.keepAtHand(wanted),
    });
    const within = { isRefresh: false, client: 'ahead', via: undefined };
    this.#ahead = new DependenciesAhead(
      ({ repository, form }, project) => this.#answer({ repository, project, form, ...within }),
      now,
    );
  }

  /** Whether pages of that repository have to be asked for here. */
  covers(repository: string): boolean {
    return this.#repository(repository)?.upstreams !== undefined;
  }

  async page(request: PullRequest): Promise<PulledPage> {
    this.#ahead.asked(request.repository, request.project, request.form);
    return this.#answer(request);
  }

  async #answer(request: PullRequest): Promise<PulledPage> {
    const repository = this.#repository(request.repository);
    if (repository?.upstreams === undefined) return { is: 'own' };
    try {
      const found = await this.#page(repository, repository.upstreams, request);
      return found.is === 'unavailable' && hasOwnPage(repository, request.project) ? { is: 'own' } : found;
    } catch (error) {
      // Names that cannot be believed, lists of what may come in, a full disk: nothing comes through until that is mended.
      if (!(error instanceof KhoError)) throw error;
      if (this.#now() - this.#toldMs >= TELL_MS) {
        this.#toldMs = this.#now();
        this.#tell('all', error.message);
      }
      return { is: hasOwnPage(repository, request.project) ? 'own' : 'unavailable' };
    }
  }

  /**
   * A file of an upstream, as its page that is kept lists it, and the address of its index; undefined where no repository lists it, or the
   * name is the site's own.
   */
  async listed({ upstream, project }: UpstreamPlace, filename: string): Promise<UpstreamListing | undefined> {
    for (const { name: repository, upstreams } of this.#config().repositories) {
      if (!upstreams?.includes(upstream)) continue;
      const about = { form: 'json' as const, isRefresh: false, client: 'files', via: undefined };
      const find = async () => {
        const page = await this.#answer({ repository, project, ...about });
        if (page.is !== 'page') return 'unlisted';
        return this.#listed.find(this.#config().root, { upstream, project }, filename, page.path);
      };
      let found = await find();
      if (found === 'lost') {
        this.#sources.get(upstream)?.pages.forget(project); // somebody deleted what was kept: it is asked for anew
        found = await find();
      }
      if (found === 'lost' || found === 'unlisted') continue;
      await this.#sources.get(upstream)?.index();
      return found;
    }
    return undefined;
  }

  /** Ask for a page now: it lists what cannot be had any more, or somebody wants to know. @throws {KhoError} SITE, READ */
  async refresh({ upstream, project }: UpstreamPlace): Promise<PageFound | { is: 'own' }> {
    if (this.#isOwn(project)) return { is: 'own' };
    return (await this.#sources.get(upstream)?.pages.find(project, true)) ?? { is: 'unavailable' };
  }

  /** Whether another index may be asked for anything of it: at this moment it is not the site's own, as far as that can be told. */
  mayAsk(project: NormalizedName): boolean {
    try {
      return !this.#isOwn(project);
    } catch (error) {
      if (!(error instanceof KhoError)) throw error;
      return false;
    }
  }

  /** Something became known of files of that project: its pages are to be made anew. */
  changed(at: UpstreamPlace): void {
    this.#merged.changed(at);
  }

  /** A file of that project has come: what is at hand is told to web servers in a moment, of all that come meanwhile. */
  arrived(at: UpstreamPlace): void {
    this.#atHand.due(at);
  }

  /** A client read what a file needs: pages of that are brought before it asks for them. */
  ahead(read: ReadMetadata): void {
    const { repositories } = this.#config();
    const through = repositories.filter(({ upstreams }) => upstreams?.includes(read.at.upstream));
    const names = through.map(({ name }) => name);
    this.#ahead.read(names, read);
  }

  /** Something was published, or settings have changed: others may be at hand than before, and undecided. */
  published(): void {
    try {
      void this.#atHand.published();
      this.#tellUndecided();
    } catch (error) {
      if (!(error instanceof KhoError)) throw error;
      this.#tell('all', error.message);
    }
  }

  /** @throws {KhoError} USAGE for an upstream that is none */
  clientOf(upstream: string): HttpClient {
    const source = this.#sources.get(upstream);
    if (source) return source.client;
    throw new KhoError('USAGE', `There is no upstream "${upstream}"`);
  }

  /** How upstreams are that were asked for something so far. */
  health(): Map<string, UpstreamHealth> {
    return this.#sources.health();
  }

  /** Remove what another run has left, and find out whom to ask. @throws {KhoError} WRITE */
  start(): void {
    inPlaceTarget(this.#config());
    this.#merged.start();
    this.#sources.begin();
  }

  async close(): Promise<void> {
    this.#atHand.close();
    this.#ahead.close();
    await this.#merged.close(); // what it has ordered of the thread comes to its end
    await Promise.all([this.#thread.close(), this.#sources.close()]);
  }

  /** Each time that there are others: nobody is to wonder why a public project has no more files than the team's. */
  #tellUndecided(): void {
    const config = this.#config();
    if (!config.repositories.some(({ upstreams }) => upstreams)) return;
    const names = undecidedNames(config);
    const text = names.join(' ');
    if (text === this.#undecided) return;
    this.#undecided = text;
    if (names.length === 0) return;
    const named = `${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ', …' : ''}`;
    this.#tell(
      'all',
      `names that nobody has decided on count as your own, and are asked of no other index: ${names.length} (${named}); "kho names --ask-upstream" finds out which are public`,
    );
  }

  #isOwn(project: NormalizedName): boolean {
    return this.#names.originOf(project).is === 'own';
  }

  #repository(name: string): RepositoryConfig | undefined {
    return this.#config().repositories.find((each) => each.name === name);
  }

  async #page(
    repository: RepositoryConfig,
    upstreams: readonly string[],
    request: PullRequest,
    isSecondTime = false,
  ): Promise<PulledPage> {
    const { project, form, via } = request;
    if (this.#isOwn(project)) return { is: 'own' };
    if (via?.includes(this.#token)) return { is: 'loop' };
    const found = await this.#find(upstreams, request);
    if (found === 'absent' || this.#isOwn(project)) return { is: 'own' };
    if (typeof found === 'string') return { is: found };
    const { upstream, page } = found;
    const path = await this.#merged.path({ repository, project, form, upstream, header: page.header });
    if (path === undefined) {
      this.#sources.get(upstream.name)?.pages.forget(project); // somebody deleted what was kept
      return isSecondTime ? { is: 'unavailable' } : this.#page(repository, upstreams, request, true);
    }
    if (this.#isOwn(project)) return { is: 'own' }; // it has become so since it was asked for
    const ageSeconds = Math.max(0, Math.floor((this.#now() - page.checkedMs) / 1000));
    const packedPath = packedPagePath(path);
    const folder = mergedFolder(this.#config().root);
    return { is: 'page', path, packedPath, folder, ...(page.isStale && { ageSeconds }) };
  }

  /** The first that has it, wholly. One that cannot be asked may have it: no other one is asked then. */
  async #find(
    upstreams: readonly string[],
    { project, isRefresh, client }: PullRequest,
  ): Promise<Winner | 'absent' | 'unavailable' | 'busy'> {
    for (const name of upstreams) {
      const source = this.#sources.get(name);
      if (source === undefined || !isAskedFor(source.settings, project)) continue;
      const { pages, settings } = source;
      if (!pages.isKnown(project) && !this.#budget.take(client, this.#now())) return 'busy';
      const page = await pages.find(project, isRefresh);
      if (page.is === 'unavailable') return page.is;
      if (page.is === 'page' && !this.#isLost(settings, project, page)) return { upstream: settings, page };
    }
    return 'absent';
  }

  /** It is gone there, and nothing of it is left to be had here. */
  #isLost(settings: UpstreamSettings, project: NormalizedName, { header }: Winner['page']): boolean {
    return isLost(header, settings, () => this.#merged.atHand(settings.name, project).length > 0);
  }
}
