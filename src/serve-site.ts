import { ServedPrivacy } from './access/served-privacy.ts';
import { TokenStore } from './access/token-store.ts';
import type { BuildReport } from './build-report.ts';
import { ChangeDesk } from './changes/change-desk.ts';
import { onlyPrivateUser, tellable, visibleFrom } from './config/private-repositories.ts';
import type { SiteConfig } from './config/site-config.ts';
import { messageOf } from './errors.ts';
import { RefusalLog } from './log/refusal-log.ts';
import { privateWhenPublished } from './pages/published-privacy.ts';
import { readGeneration } from './publish/manifest.ts';
import type { ServiceNote } from './publish/service-note.ts';
import type { SiteStatus } from './server/metrics.ts';
import { type RunningServer, type ServerOptions, startServer } from './server/start-server.ts';
import { Door } from './upload/door.ts';
import { UploadDesk } from './upload/upload-desk.ts';
import { UploadThread } from './upload/upload-thread.ts';
import { UpstreamFiles } from './upstream/files/upstream-files.ts';
import { PullPages } from './upstream/pages/pull-pages.ts';
import { BucketPushes, type PushState } from './watch/bucket-pushes.ts';
import type { ServiceKeeper } from './watch/service-keeper.ts';
import type { WatchEvent } from './watch/watch-event.ts';
import type { WatchOptions } from './watch/watch-options.ts';
import { SiteWatcher } from './watch/watch-site.ts';

export interface ServeOptions extends Pick<ServerOptions, 'listen' | 'tls' | 'accessLog' | 'publicMetrics'> {
  pollSeconds?: number;
  /** Notes what the service does. */
  service?: ServiceKeeper;
  onEvent(event: WatchEvent): void;
}

/** A site that is watched, published and served by one process: the builds run in a thread of their own. */
export class ServedWatch {
  readonly #options: ServeOptions;
  readonly #watcher: SiteWatcher;
  readonly #pushes: BucketPushes;
  readonly #uploads: UploadThread;
  readonly #desk: UploadDesk;
  readonly #changes: ChangeDesk;
  readonly #tokens: TokenStore;
  readonly #refusals: RefusalLog;
  readonly #pull: PullPages;
  readonly #files: UpstreamFiles;
  #config: SiteConfig;
  #bucket: PushState | undefined;
  #privacy: ServedPrivacy | undefined;
  #server: RunningServer | undefined;
  #isClosed = false;
  #status: SiteStatus = { files: 0, heldFiles: 0, isStalled: false };

  constructor(config: SiteConfig, options: ServeOptions) {
    this.#config = config;
    this.#options = options;
    const watching: WatchOptions = {
      ...(options.pollSeconds !== undefined && { pollSeconds: options.pollSeconds }),
      onEvent: (event) => {
        if (event.event === 'error') this.#buildFailed();
        if (event.event === 'stalled' || event.event === 'goes on') {
          this.#status = { ...this.#status, isStalled: event.event === 'stalled' };
        }
        options.onEvent(event);
      },
      onPublished: () => this.#server?.refresh(),
      onBuilt: ({ config: current, report }) => {
        this.#config = current;
        this.#privacy?.published(current);
        this.#status = statusOf(report, current);
        this.#pull.published();
        this.#server?.refresh();
      },
    };
    this.#pushes = new BucketPushes(config.root, {
      onEvent: options.onEvent,
      onState: (state) => {
        this.#bucket = state;
        options.service?.pushing(state);
      },
    });
    const noted = options.service?.noting(watching) ?? watching;
    this.#watcher = new SiteWatcher(config.root, this.#pushes.following(noted));
    this.#tokens = new TokenStore(config.root, (fault) => options.onEvent({ event: 'error', message: fault }));
    this.#uploads = new UploadThread(
      () => this.#config,
      ({ listed, changes }) => this.#watcher.published(listed, changes),
    );
    this.#refusals = new RefusalLog(config.root);
    const refusals = this.#refusals;
    const door = new Door(this.#tokens, refusals);
    this.#pull = new PullPages({
      config: () => this.#config,
      facts: ({ upstream, project }, repository) =>
        this.#files.facts.ofProject({ upstream, project }, repository, this.#config.repositories),
      tell: (upstream, message) => options.onEvent({ event: 'upstream', upstream, message }),
      onRules: () => this.#watcher.rescan(),
      onHealth: () => options.service?.failing(failingOf(this.#pull)),
    });
    this.#files = new UpstreamFiles({
      config: () => this.#config,
      clientOf: (upstream) => this.#pull.clientOf(upstream),
      listed: (at, filename) => this.#pull.listed(at, filename),
      refresh: (at) => this.#pull.refresh(at),
      mayAsk: (project) => this.#pull.mayAsk(project),
      onChanged: (at) => this.#pull.changed(at),
      onArrived: (at) => this.#pull.arrived(at),
      onMetadata: (read) => this.#pull.ahead(read),
      tell: ({ path, what }) => {
        const [upstream = '', , , filename = ''] = path.split('/');
        options.onEvent({ event: 'upstream', upstream, message: `"${filename}" ${what}` });
      },
    });
    this.#changes = new ChangeDesk({
      config: () => this.#config,
      ...{ door, refusals },
      publish: async (places) => (await this.#watcher.ask(places)).is === 'published',
    });
    this.#desk = new UploadDesk({
      config: () => this.#config,
      ...{ door, refusals },
      onBody: () => this.#uploads.start(),
      take: (order, unanswered) => this.#uploads.take(order, unanswered),
      publish: async (files) => void (await this.#watcher.ask(files)),
    });
  }

  /**
   * What an earlier run published is served at once, while kho looks for changes; a site that was never published is
   * built first.
   *
   * @throws {KhoError}
   */
  async start(): Promise<void> {
    const wasPublished = readGeneration(this.#config.root) !== '';
    if (!wasPublished) await this.#watcher.start();
    const privacy = await ServedPrivacy.open(this.#config.root, privateWhenPublished(this.#config.root));
    this.#privacy = privacy;
    if (!wasPublished) privacy.published(this.#config);
    if (this.#isClosed) return;
    this.#pull.start();
    const { listen, tls, accessLog, publicMetrics, onEvent } = this.#options;
    this.#server = await startServer({
      config: () => privacy.of(this.#config).config,
      hidden: () => privacy.of(this.#config).hidden,
      listen,
      ...(tls && { tls }),
      ...(accessLog && { accessLog }),
      ...(publicMetrics && { publicMetrics }),
      status: () => ({
        ...this.#status,
        upstreams: publicHealth(this.#pull, this.#config),
        ...(this.#bucket && { bucket: this.#bucket }),
      }),
      tokens: this.#tokens,
      takers: {
        upload: (asked) => this.#desk.receive(asked),
        change: (asked, action) => this.#changes.receive(asked, action),
      },
      pull: this.#pull,
      upstreamFiles: this.#files,
      onError: (error, about) => onEvent({ event: 'error', message: `${about}: ${messageOf(error)}` }),
    });
    if (this.#isClosed) return void this.#server.close();
    this.#options.service?.servesAt(this.#server.url);
    onEvent({ event: 'serving', url: this.#server.url, site: this.#config.root });
    if (wasPublished) await this.#watcher.start(true);
  }

  /** Read kho.toml and look for a renewed certificate now. */
  reload(): void {
    this.#watcher.rescan();
    void this.#server?.reloadCertificate();
  }

  /** Finishes what is in flight: answers and a build. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#server?.close(); // whoever uploads waits for a build
    const parts = [this.#watcher, this.#pushes, this.#uploads, this.#changes, this.#pull, this.#files];
    await Promise.all(parts.map((part) => part.close()));
    this.#refusals.close();
  }

  #buildFailed(): void {
    const { lastBuild } = this.#status;
    this.#status = {
      ...this.#status,
      lastBuild: { endedMs: Date.now(), durationMs: lastBuild?.durationMs ?? 0, isSuccess: false },
    };
  }
}

/** Of private repositories nothing. */
function statusOf(report: BuildReport, config: SiteConfig): SiteStatus {
  const visible = visibleFrom('.', config);
  return {
    files: report.repositories
      .filter(({ name }) => visible.has(name))
      .reduce((sum, repository) => sum + repository.files, 0),
    heldFiles: tellable(report.problems, '.', config).length,
    isStalled: false,
    lastBuild: { endedMs: Date.now(), durationMs: report.durationMs, isSuccess: true },
  };
}

function failingOf(pull: PullPages): NonNullable<ServiceNote['failing']> {
  return [...pull.health()].flatMap(([upstream, { failing }]) =>
    failing ? [{ upstream, message: failing.message, since: new Date(failing.sinceMs).toISOString() }] : [],
  );
}

/** Without those that private repositories alone pass on. */
function publicHealth(pull: PullPages, config: SiteConfig): NonNullable<SiteStatus['upstreams']> {
  return new Map([...pull.health()].filter(([name]) => onlyPrivateUser(name, config) === undefined));
}
