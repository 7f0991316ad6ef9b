import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TokenStore } from '../access/token-store.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { readRequestTarget } from '../standards/http/host.ts';
import type { UpstreamFiles } from '../upstream/files/upstream-files.ts';
import type { AccessLog } from './access-log.ts';
import { type Answer, failureAnswer, NEVER_KEEP, redirectAnswer, textAnswer } from './answer.ts';
import { BodiesUnderWay } from './bodies-under-way.ts';
import { clientOf, isLoopback } from './client.ts';
import { drainBody, hasBody } from './drain-body.ts';
import { equalVersionLocation } from './equal-version.ts';
import { Exchange } from './exchange.ts';
import { busy, HEALTHY, malformed, notAllowed, PREFLIGHT, STALLED, TOO_MANY_HEADERS } from './fixed-answers.ts';
import { TrustedProxies } from './forwarded.ts';
import { KnownHosts } from './known-hosts.ts';
import type { ServerLimits } from './limits.ts';
import { asksMayRead, mayReadAnswer } from './may-read.ts';
import { isFromThisMachine } from './may-read-metrics.ts';
import { Metrics, type SiteStatus } from './metrics.ts';
import { MissingAnswers } from './missing-answer.ts';
import { madeAnew, tellsOfHidden } from './not-yet-hidden.ts';
import { InsideOpener } from './open-inside.ts';
import { PageStore } from './page-store.ts';
import { type PlacedAction, placed, withoutPrefix } from './placed-action.ts';
import { refuseReader } from './private-access.ts';
import { PublishedFiles } from './published-files.ts';
import { remember } from './remember.ts';
import { type Action, route } from './route.ts';
import { BufferPool } from './send-file.ts';
import { PackageServer } from './serve-package.ts';
import { servePage } from './serve-page.ts';
import { isPulled, type PullDesk, servePulled } from './serve-pulled.ts';
import { serveUpstream } from './serve-upstream.ts';
import { ServedSite } from './served-site.ts';
import { type Takers, takeUpload } from './take-upload.ts';
import type { UpstreamAction } from './upstream-action.ts';

export interface HandlerOptions {
  config: () => SiteConfig;
  accessLog: AccessLog | undefined;
  status: (() => SiteStatus) | undefined;
  /** Everybody may read /metrics, not only this machine. */
  publicMetrics: boolean;
  takers: Takers | undefined;
  /** Files of other indexes; absent where none are reached through the site. */
  upstreamFiles: UpstreamFiles | undefined;
  /** Finds what other indexes have, where repositories pass that on. */
  pull: PullDesk | undefined;
  /** Told of what kho cannot explain; the client is told that much only. */
  onError: (error: unknown, request: IncomingMessage) => void;
  /** Who may read private repositories. */
  tokens: TokenStore;
  /** See `tellsOfHidden`. */
  hidden: () => ReadonlySet<string>;
  limits: ServerLimits;
  connections: () => number;
}

/** Routes remembered. */
const ROUTES = 5000;

/** What the configuration decides, made anew when there is another one. */
interface Served {
  site: ServedSite;
  proxies: TrustedProxies;
  routeOf: (target: string) => PlacedAction;
}

/** One request in, one answer out: asks the parts for it, counts it and logs it. */
export class RequestHandler {
  readonly metrics = new Metrics();
  readonly #options: HandlerOptions;
  readonly #pages: PageStore;
  readonly #packageServer: PackageServer;
  readonly #missing: MissingAnswers;
  readonly #hosts = new KnownHosts();
  readonly #buffers = new BufferPool();
  readonly #bodies: BodiesUnderWay;
  /** Requests that a trusted proxy has passed on and that are not answered, by client. */
  readonly #passedOn = new Map<string, number>();
  #served: Served | undefined;

  constructor(options: HandlerOptions) {
    const opener = new InsideOpener();
    this.#options = options;
    this.#pages = new PageStore(options.limits.pageBytes, opener);
    this.#packageServer = new PackageServer(new PublishedFiles(this.#pages), opener, options.limits.fileBytes);
    this.#bodies = new BodiesUnderWay(options.limits.sendingBytes);
    this.#missing = new MissingAnswers(this.#pages, options.hidden);
  }

  /** Look at the disk again: something was published. */
  refresh(): void {
    this.#pages.forget();
    this.#packageServer.refresh();
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const exchange = new Exchange(request, response, this.#options.accessLog, this.metrics);
    const isUpload = request.method === 'POST' && this.#takesUploads();
    if (!isUpload && hasBody(request)) drainBody(request, this.#options.limits.requestMs);
    try {
      const answer = this.#answer(exchange);
      if (answer instanceof Promise) answer.catch((error) => this.#fail(exchange, error));
    } catch (error) {
      this.#fail(exchange, error);
    }
  }

  /** How many connections may come from there, all together. */
  mostConnections(address: string | undefined): number {
    if (this.#isFree(address)) return Number.POSITIVE_INFINITY;
    return this.#options.config().connectionsPerAddress ?? this.#options.limits.connectionsPerAddress;
  }

  /** Whoever comes from this machine, or through a proxy of ours, is not one client. */
  #isFree(address: string | undefined): boolean {
    if (address === undefined || this.#current().proxies.trusts(address)) return true;
    return this.#options.limits.isLoopbackFree && isLoopback(address);
  }

  #fail(exchange: Exchange, error: unknown): void {
    const { request, response } = exchange;
    if (response.headersSent) {
      response.destroy();
      exchange.done(500, 0);
    } else {
      exchange.send(failureAnswer(503, 'The server cannot read this at the moment', request.headers.accept));
    }
    this.#options.onError(error, request);
  }

  #answer(exchange: Exchange): void | Promise<void> {
    const { request } = exchange;
    const { method, rawHeaders } = request;
    if (rawHeaders.length > 2 * this.#options.limits.headers) return exchange.send(TOO_MANY_HEADERS);
    const asked = readRequestTarget(exchange.target, rawHeaders, request.httpVersion);
    const { headers, socket } = request;
    if (asked === 'malformed') return exchange.send(malformed(headers.accept));
    const { site, proxies, routeOf } = this.#current();
    if (asksMayRead(asked.path, request) && proxies.trusts(socket.remoteAddress)) {
      exchange.isLogged = false; // whoever asks logs what it is about
      return exchange.send(mayReadAnswer(request, site, this.#options.tokens));
    }
    const isForwarded = headers['x-forwarded-for'] !== undefined || headers['x-forwarded-prefix'] !== undefined;
    const isUpload = method === 'POST' && this.#takesUploads();
    const forwarded =
      isForwarded || isUpload || site.config.absoluteUrls
        ? proxies.read({ headers, host: asked.host, socket })
        : undefined;
    if (forwarded) exchange.address = forwarded.address;
    if (isForwarded && !this.#admits(exchange)) return exchange.send(busy(headers.accept));
    if (method === 'OPTIONS') return exchange.send(PREFLIGHT);
    const target = withoutPrefix(asked.path, forwarded?.prefix);
    if (isUpload && forwarded && this.#options.takers) {
      return takeUpload(exchange, this.#options.takers, { site, target, host: asked.host, forwarded });
    }
    if (method !== 'GET' && method !== 'HEAD') return exchange.send(notAllowed(request));
    const action = routeOf(target);
    if (action.privateTo !== undefined) {
      exchange.isPrivate = true;
      const refusal = refuseReader(action.privateTo, this.#options.tokens.who(headers), headers.accept);
      if (refusal !== undefined) return exchange.send(refusal);
    }
    if (tellsOfHidden(action, site, this.#options.hidden())) return exchange.send(madeAnew(headers.accept));
    switch (action.kind) {
      case 'simple':
      case 'page': {
        exchange.kind = action.kind;
        const siteUrl = site.config.absoluteUrls ? (site.config.url ?? forwarded?.siteUrl) : undefined;
        const admits = (url: string) =>
          site.config.url !== undefined || this.#hosts.admits(url, clientOf(exchange.address));
        const asked = { headers, target, siteUrl, admits };
        const { pull } = this.#options;
        const answer =
          pull && isPulled(action, pull)
            ? servePulled(pull, this.#pages, action, exchange, asked).then(
                (found) => found ?? servePage(this.#pages, action.place, asked),
              )
            : servePage(this.#pages, action.place, asked);
        if (!(answer instanceof Promise)) return exchange.send(answer, this.#bodies);
        return answer.then(async (found) =>
          exchange.send(found ?? (await this.#absent(site, action, headers.accept, request.url)), this.#bodies),
        );
      }
      case 'package':
        exchange.kind = 'package';
        return this.#servePackage(exchange, site, action);
      case 'synced':
        exchange.kind = 'page';
        return this.#serveSynced(exchange, site, action);
      case 'upstream':
        exchange.kind = 'package';
        return this.#serveUpstream(exchange, site, action);
      case 'redirect':
        return exchange.send(redirectAnswer(action.location));
      case 'health':
        return exchange.send(this.#options.status?.().isStalled ? STALLED : HEALTHY);
      case 'metrics':
        if (!this.#options.publicMetrics && !isFromThisMachine(request)) {
          return this.#missing
            .answer(site, { kind: 'missing' }, headers.accept)
            .then((answer) => exchange.send(answer));
        }
        return exchange.send(this.#metricsAnswer());
      case 'malformed':
        return exchange.send(failureAnswer(400, 'This is no path', headers.accept));
      case 'missing':
        return this.#missing.answer(site, action, headers.accept, request.url).then((answer) => exchange.send(answer));
    }
  }

  #takesUploads(): boolean {
    return this.#options.takers !== undefined && this.#options.config().upload !== undefined;
  }

  /** Whether the client that a trusted proxy speaks for may have one more answer under way. */
  #admits(exchange: Exchange): boolean {
    const { address } = exchange;
    if (this.#isFree(address)) return true;
    const client = clientOf(address);
    const others = this.#passedOn.get(client) ?? 0;
    if (others >= this.mostConnections(address)) return false;
    this.#passedOn.set(client, others + 1);
    exchange.onDone = () => {
      const left = (this.#passedOn.get(client) ?? 0) - 1;
      if (left > 0) this.#passedOn.set(client, left);
      else this.#passedOn.delete(client);
    };
    return true;
  }

  async #servePackage(
    exchange: Exchange,
    site: ServedSite,
    action: Extract<Action, { kind: 'package' }>,
  ): Promise<void> {
    const { request, response } = exchange;
    const outcome = await this.#packageServer.serve(site, action, request, response);
    if (outcome === undefined) exchange.send(await this.#missing.answer(site, action, request.headers.accept));
    else exchange.done(outcome.status, outcome.bytes);
  }

  async #serveSynced(exchange: Exchange, site: ServedSite, action: Extract<Action, { kind: 'synced' }>): Promise<void> {
    const { request, response } = exchange;
    const { repository } = action;
    const outcome = await this.#packageServer.serveSynced(site, action, request, response);
    if (outcome) exchange.done(outcome.status, outcome.bytes);
    else exchange.send(await this.#missing.answer(site, { kind: 'missing', repository }, request.headers.accept));
  }

  async #serveUpstream(exchange: Exchange, site: ServedSite, action: UpstreamAction): Promise<void> {
    const files = this.#options.upstreamFiles;
    const answer =
      files === undefined
        ? await this.#missing.answer(site, { kind: 'missing' }, exchange.request.headers.accept)
        : await serveUpstream(exchange, files, action, this.#buffers);
    if (answer !== undefined) exchange.send(answer);
  }

  /** Folders of pages for people have an index.html of their own; a version may be spelled in other ways. */
  async #absent(
    site: ServedSite,
    action: Extract<Action, { kind: 'simple' | 'page' }>,
    accept: string | undefined,
    target: string | undefined,
  ): Promise<Answer> {
    if (action.kind === 'page' && action.path.startsWith('project')) {
      const found = await stat(site.pagePath(action.repository, action.path)).catch(() => undefined);
      if (found?.isDirectory())
        return redirectAnswer(`./${encodeURIComponent(action.path.slice(action.path.lastIndexOf('/') + 1))}/`);
    }
    const location = action.kind === 'page' && (await equalVersionLocation(this.#pages, site, action));
    return location ? redirectAnswer(location) : this.#missing.answer(site, action, accept, target);
  }

  #metricsAnswer(): Answer {
    const { status, connections } = this.#options;
    const isTold = this.#options.hidden().size === 0; // else its files are among those that are counted
    const about = { connections: connections(), cachedBytes: this.#pages.bytes };
    const text = this.metrics.text({ ...about, site: isTold ? status?.() : undefined });
    return textAnswer(200, text.trimEnd(), NEVER_KEEP);
  }

  #current(): Served {
    const config = this.#options.config();
    if (this.#served?.site.config === config) return this.#served;
    const site = new ServedSite(config);
    const proxies = new TrustedProxies(config.trustedProxies ?? []);
    this.#served = { site, proxies, routeOf: remember(ROUTES, (target) => placed(site, route(target, site), target)) };
    return this.#served;
  }
}
