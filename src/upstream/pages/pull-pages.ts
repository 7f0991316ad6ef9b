/** The page that a client gets of a project, in a repository that passes on what other indexes have. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { UPSTREAM_FOLDER } from '../../config/repository-name.ts';
import type { RepositoryConfig, SiteConfig, UpstreamSettings } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import { HttpClient } from '../../fetch/http-client.ts';
import { findUpstream } from '../../fetch/upstream-address.ts';
import { removeFolder } from '../../io/disk.ts';
import { look, namesIn, readFile } from '../../io/open-file.ts';
import { readPageStamp } from '../../io/page-stamp.ts';
import { closeFolders } from '../../io/reach.ts';
import { inPlaceTarget } from '../../publish/target.ts';
import { encodePath } from '../../render/links.ts';
import type { NormalizedName } from '../../standards/name.ts';
import { matchesName } from '../../standards/name-pattern.ts';
import type { UpstreamFile } from '../../upstream-model.ts';
import { findKeptFile, type PagePlace, upstreamFolder } from './kept-page.ts';
import { mergedFolder, mergedPagePath, type PageForm } from './merged-places.ts';
import { NameBudget } from './name-budget.ts';
import { NameKeeper } from './name-keeper.ts';
import { PageThread } from './page-thread.ts';
import { type PageFound, UpstreamPages } from './upstream-pages.ts';

/** Merged pages about which it is known what they were made of. */
const MOST_MERGED = 20_000;

export interface PullRequest {
  repository: string;
  project: NormalizedName;
  form: PageForm;
  /** The client wants it asked for now, whatever is kept. */
  isRefresh: boolean;
  /** Whose question it is: an address, or a network. */
  client: string;
  /** The header of that name. */
  via: string | undefined;
}

/**
 * `own`: what the repository has by itself, if anything. `page`: in the file `path`, which lies in `folder`; with its age where it may have
 * changed. `unavailable`: nobody can say. `busy`: this client asks for too many names. `loop`: it is this site itself that asks.
 */
export type PulledPage =
  | { is: 'own' }
  | { is: 'page'; path: string; folder: string; ageSeconds?: number }
  | { is: 'unavailable' | 'busy' | 'loop' };

/** An upstream that has a project, and what is known of its page there. */
interface Winner {
  upstream: UpstreamSettings;
  page: Extract<PageFound, { is: 'page' }>;
}

interface Merged {
  inputs: string;
  forms: Set<PageForm>;
}

/** One upstream, as long as its settings are the same. */
interface Source {
  settings: UpstreamSettings;
  pages: UpstreamPages;
  client: HttpClient;
}

export interface PullOptions {
  config: () => SiteConfig;
  /** What people should know: one line. */
  tell: (upstream: string, message: string) => void;
  environment?: NodeJS.ProcessEnv;
  /** Decided by kho when absent. */
  times?: ConstructorParameters<typeof UpstreamPages>[0]['times'];
  now?: () => number;
  /** See `NameBudget`. */
  newNames?: number;
}

export class PullPages {
  readonly #options: PullOptions;
  readonly #thread = new PageThread();
  readonly #names: NameKeeper;
  readonly #budget: NameBudget;
  readonly #token = `kho-${randomBytes(8).toString('hex')}`;
  readonly #sources = new Map<string, Source>();
  readonly #merged = new Map<string, Merged>();
  readonly #making = new Map<string, Promise<unknown>>();
  #mergedFor: SiteConfig | undefined;
  #pipIndex: Promise<string> | undefined;

  constructor(options: PullOptions) {
    this.#options = options;
    this.#names = new NameKeeper(options.config);
    this.#budget = new NameBudget(options.newNames);
  }

  /** Whether pages of that repository have to be asked for here. */
  covers(repository: string): boolean {
    return this.#repository(repository)?.upstreams !== undefined;
  }

  /** @throws {KhoError} SITE, READ, WRITE */
  async page(request: PullRequest): Promise<PulledPage> {
    const { repository: name, project } = request;
    const repository = this.#repository(name);
    if (!repository?.upstreams || this.#names.originOf(project).is === 'own') return { is: 'own' };
    if (request.via?.includes(this.#token)) return { is: 'loop' };
    const found = await this.#find(repository.upstreams, request);
    if (found === 'absent') return { is: 'own' };
    if (found === 'busy') return { is: found };
    if (found === 'unavailable') return look(ownPage(repository, project)) ? { is: 'own' } : { is: found };
    const path = await this.#merge(repository, found, request);
    if (path === undefined) return { is: 'unavailable' };
    const age = Math.max(0, Math.floor((this.#now() - found.page.checkedMs) / 1000));
    return { is: 'page', path, folder: mergedFolder(this.#root), ...(found.page.isStale && { ageSeconds: age }) };
  }

  /**
   * A file of an upstream, as its page that is kept lists it, and the address of its index; undefined where no repository lists it, or the
   * name is the site's own.
   */
  async listed(
    { upstream, project }: PagePlace,
    filename: string,
  ): Promise<{ file: UpstreamFile; index: string } | undefined> {
    const href = encodePath(`/${UPSTREAM_FOLDER}/${upstream}/packages/${project}/${filename}`);
    for (const { name: repository, upstreams } of this.#options.config().repositories) {
      if (!upstreams?.includes(upstream)) continue;
      const about = { form: 'json' as const, isRefresh: false, client: 'files', via: undefined };
      const page = await this.page({ repository, project, ...about });
      if (page.is !== 'page' || !readFile(page.path).includes(`${href}"`)) continue;
      const found = findKeptFile(this.#root, { upstream, project }, filename);
      if (found) return found;
    }
    return undefined;
  }

  /** Ask for a page now: it lists what cannot be had any more. */
  async refresh({ upstream, project }: PagePlace): Promise<void> {
    if (this.#names.originOf(project).is !== 'own') await this.#source(upstream)?.pages.find(project, true);
  }

  /** @throws {KhoError} USAGE for an upstream that is none */
  clientOf(upstream: string): HttpClient {
    const source = this.#source(upstream);
    if (source) return source.client;
    throw new KhoError('USAGE', `There is no upstream "${upstream}"`);
  }

  /** Remove what another run has left. @throws {KhoError} WRITE */
  start(): void {
    inPlaceTarget(this.#options.config());
    removeFolder(mergedFolder(this.#root));
  }

  async close(): Promise<void> {
    await this.#thread.close();
    await Promise.all([...this.#sources.values()].map(({ client }) => client.close()));
  }

  get #root(): string {
    return this.#options.config().root;
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #repository(name: string): RepositoryConfig | undefined {
    return this.#options.config().repositories.find((each) => each.name === name);
  }

  /** The first that has it, wholly. One that cannot be asked may have it: no other one is asked then. */
  async #find(
    upstreams: readonly string[],
    { project, isRefresh, client }: PullRequest,
  ): Promise<Winner | 'absent' | 'unavailable' | 'busy'> {
    for (const name of upstreams) {
      const source = this.#source(name);
      if (source === undefined || !isWanted(source.settings, project)) continue;
      if (!source.pages.isKnown(project) && !this.#budget.take(client, this.#now())) return 'busy';
      const page = await source.pages.find(project, isRefresh);
      if (page.is === 'unavailable') return page.is;
      if (page.is === 'page' && !this.#isLost(source.settings, project, page))
        return { upstream: source.settings, page };
    }
    return 'absent';
  }

  /** It is gone there, and nothing of it is left to be had here. */
  #isLost({ name, gone }: UpstreamSettings, project: NormalizedName, { header }: Winner['page']): boolean {
    return header.goneMs !== undefined && (gone === 'hide' || this.#atHand(name, project).length === 0);
  }

  #atHand(upstream: string, project: NormalizedName): string[] {
    const folder = upstreamFolder(this.#root, upstream);
    closeFolders(folder);
    return look(join(folder, 'packages', project)) ? namesIn(join(folder, 'packages', project)).sort() : [];
  }

  /** The file with the merged page; undefined where what it is made of went away. */
  async #merge(
    repository: RepositoryConfig,
    { upstream, page }: Winner,
    { project, form }: PullRequest,
  ): Promise<string | undefined> {
    const config = this.#options.config();
    if (this.#mergedFor !== config) this.#merged.clear();
    this.#mergedFor = config;
    const { header } = page;
    const path = mergedPagePath(this.#root, repository.name, project, form);
    const inputs = JSON.stringify([
      ...[upstream.name, readPageStamp(ownPage(repository, project)), header.bodySha256, header.changedMs],
      header.goneMs !== undefined && [header.goneMs, this.#atHand(upstream.name, project)],
    ]);
    const key = `${repository.name}/${project}`;
    for (;;) {
      const known = this.#merged.get(key);
      if (known?.inputs === inputs && known.forms.has(form) && look(path)) return path;
      const making = this.#making.get(key);
      if (making !== undefined) await making;
      else break;
    }
    const known = this.#merged.get(key);
    const forms = known?.inputs === inputs ? known.forms : new Set<PageForm>();
    const made = this.#thread.run({
      ...{ do: 'merge', root: config.root, folder: repository.folder, project, upstream, forms: [form] },
      ...{ repository: rulesOf(repository), onlyRunnable: repository.onlyRunnable ?? false },
    });
    this.#making.set(
      key,
      made.catch(() => {}),
    );
    try {
      const outcome = await made;
      if (outcome === undefined) {
        this.#source(upstream.name)?.pages.forget(project);
        return undefined;
      }
      this.#tellClashes(upstream.name, outcome.clashes, known?.inputs === inputs);
      this.#merged.delete(key);
      this.#merged.set(key, { inputs, forms: forms.add(form) });
      if (this.#merged.size > MOST_MERGED) this.#merged.delete(this.#merged.keys().next().value as string);
      return path;
    } finally {
      this.#making.delete(key);
    }
  }

  #tellClashes(upstream: string, clashes: readonly string[], isTold: boolean): void {
    if (clashes.length === 0 || isTold) return;
    const more = clashes.length > 1 ? `, and ${clashes.length - 1} more` : '';
    this.#options.tell(
      upstream,
      `has "${clashes[0]}"${more} with other bytes than the file of that name here, which is listed`,
    );
  }

  #source(name: string): Source | undefined {
    const settings = this.#options.config().upstreams.get(name);
    if (settings === undefined) return undefined;
    const known = this.#sources.get(name);
    if (known !== undefined && JSON.stringify(known.settings) === JSON.stringify(settings)) return known;
    void known?.client.close();
    const client = new HttpClient(this.#options.environment, {}, { isGuarded: true, via: `1.1 ${this.#token}` });
    const pages = new UpstreamPages({
      ...{ root: this.#root, name, freshMs: settings.freshMs, waitMs: settings.waitMs, client, thread: this.#thread },
      index: async () => {
        const index = await this.#indexOf(settings);
        client.logIn(index);
        for (const host of settings.fileHosts ?? []) client.allow(new URL(`${index.protocol}//${host}/`));
        return index;
      },
      tell: (message) => this.#options.tell(name, message),
      ...(this.#options.times && { times: this.#options.times }),
      ...(this.#options.now && { now: this.#options.now }),
    });
    const source = { settings, pages, client };
    this.#sources.set(name, source);
    return source;
  }

  async #indexOf({ url }: UpstreamSettings): Promise<URL> {
    if (url !== undefined) return findUpstream(undefined, url).url;
    this.#pipIndex ??= this.#thread.run({ do: 'address' });
    this.#pipIndex.catch(() => {
      this.#pipIndex = undefined;
    });
    return findUpstream(undefined, await this.#pipIndex).url;
  }
}

function ownPage({ folder }: RepositoryConfig, project: NormalizedName): string {
  return join(folder, 'simple', project, 'index.json');
}

function isWanted({ projects }: UpstreamSettings, project: NormalizedName): boolean {
  return projects === undefined || projects.some((pattern) => matchesName(pattern, project));
}

/** Without what no other thread has to know. */
function rulesOf({ name, packages, platforms, glibc, musl }: RepositoryConfig) {
  return {
    name,
    ...(packages !== undefined && { packages }),
    ...(platforms && { platforms }),
    ...(glibc && { glibc }),
    ...(musl !== undefined && { musl }),
  };
}
