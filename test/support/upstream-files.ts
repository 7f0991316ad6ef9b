import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { join } from 'node:path';
import { loadSite } from '../../src/config/load-config.ts';
import type { SiteConfig } from '../../src/config/site-config.ts';
import { HttpClient } from '../../src/fetch/http-client.ts';
import { closeFolders } from '../../src/io/reach.ts';
import { keptPath } from '../../src/kept-upstream/kept-places.ts';
import { type RunningServer, startServer } from '../../src/server/start-server.ts';
import type { NormalizedName } from '../../src/standards/name.ts';
import type { UpstreamFileNote } from '../../src/upstream/files/arrivals.ts';
import { UpstreamFiles } from '../../src/upstream/files/upstream-files.ts';
import type { UpstreamFile } from '../../src/upstream-model.ts';
import { ScriptedServer } from './scripted-server.ts';
import { TestSite } from './site.ts';

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const TOML = '[upstreams.public]\nurl = "http://127.0.0.1/"\n[repositories.glibc]\nupstreams = ["public"]\n';

/** A served site with an upstream, whose pages are a list that the test keeps. */
export class FilesSite {
  readonly site: TestSite;
  readonly upstream: ScriptedServer;
  readonly notes: UpstreamFileNote[] = [];
  /** Projects whose pages were to be made anew, and asked for anew. */
  readonly changed: string[] = [];
  readonly refreshed: string[] = [];
  readonly listing = new Map<string, UpstreamFile>();
  /** What a question for a page brings: nothing, unless a test says so. */
  onRefresh = () => {};
  /** Whether the name is not the site's own. */
  mayAsk = () => true;
  config: SiteConfig;
  /** Of the site's clock, in milliseconds. */
  aheadMs = 0;
  /** Address of its pages. */
  readonly index: string;
  #files: UpstreamFiles;
  #client: HttpClient;
  #server: RunningServer | undefined;

  private constructor(site: TestSite, upstream: ScriptedServer, config: SiteConfig) {
    this.site = site;
    this.upstream = upstream;
    this.config = config;
    this.index = upstream.url('/simple/').href;
    this.#client = new HttpClient({}, { firstWaitMs: 1 });
    this.#files = this.#newFiles();
  }

  static async start(toml = ''): Promise<FilesSite> {
    const site = new TestSite();
    site.put('kho.toml', `${TOML}${toml}`);
    site.put('glibc/packages/.keep', '');
    const files = new FilesSite(site, await ScriptedServer.start(), (await loadSite(site.root)).config);
    await files.serve();
    return files;
  }

  get files(): UpstreamFiles {
    return this.#files;
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  async serve(): Promise<void> {
    this.#server = await startServer({
      config: () => this.config,
      listen: { host: '127.0.0.1', port: 0 },
      upstreamFiles: this.#files,
      limits: { closeMs: 500 },
      onError: (error) => {
        throw error;
      },
    });
  }

  /** As after a kill: nothing is known but what is on disk. */
  async restart(): Promise<void> {
    await this.#server?.close();
    closeFolders();
    this.#files = this.#newFiles();
    await this.serve();
  }

  #newFiles(): UpstreamFiles {
    return new UpstreamFiles({
      config: () => this.config,
      clientOf: () => this.#client,
      listed: async ({ project }, filename) => {
        const file = this.listing.get(filename);
        return file && filename.startsWith(project) ? { file, index: this.index } : undefined;
      },
      refresh: async ({ project }) => {
        this.refreshed.push(project);
        this.onRefresh();
      },
      mayAsk: () => this.mayAsk(),
      onChanged: ({ project }) => this.changed.push(project),
      tell: (note) => this.notes.push(note),
      now: () => Date.now() + this.aheadMs,
    });
  }

  /** Listed, and at its upstream, where parts of it can be had. @param filename of a project without a dash */
  lists(filename: string, bytes: Uint8Array, more: Partial<UpstreamFile> = {}): UpstreamFile {
    const path = `/files/${filename}`;
    this.upstream.file(path, bytes);
    const file = { filename, url: this.upstream.url(path).href, sha256: sha256(bytes), size: bytes.length, ...more };
    this.listing.set(filename, file);
    return file;
  }

  at(filename: string) {
    return { upstream: 'public', project: filename.slice(0, filename.indexOf('-')) as NormalizedName };
  }

  /** Of a file's address at this site. */
  path(filename: string): string {
    return `/upstream/${keptPath(this.at(filename), encodeURIComponent(filename))}`;
  }

  /** On disk. */
  kept(filename: string): string {
    return join(this.site.root, 'upstream', keptPath(this.at(filename), filename));
  }

  /** Ranges that the upstream was asked for, one a request. */
  asked(filename: string): (string | undefined)[] {
    return this.upstream.requests
      .filter(({ path }) => path === `/files/${filename}`)
      .map(({ headers }) => headers.range);
  }

  /** What a client gets; `isWhole` is false when it was cut off. */
  fetch(filename: string, headers: Record<string, string> = {}, method = 'GET'): Promise<ClientAnswer> {
    return new Promise((resolve, reject) => {
      const request = get(`${this.url}${this.path(filename)}`, { headers, method, agent: false }, (response) => {
        resolve(new ClientAnswer(response));
      });
      request.on('error', reject);
    });
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await this.#client.close();
    this.upstream.stop();
    closeFolders();
    this.site.close();
  }
}

/** An answer as it comes. */
export class ClientAnswer {
  readonly response: IncomingMessage;
  readonly #pieces: Buffer[] = [];
  readonly #ended: Promise<boolean>;

  constructor(response: IncomingMessage) {
    this.response = response;
    response.on('data', (piece) => this.#pieces.push(piece));
    this.#ended = new Promise((resolve) => {
      response.on('end', () => resolve(response.complete));
      response.on('error', () => resolve(false));
      response.on('close', () => resolve(response.complete));
    });
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  /** So far. */
  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  /** Resolves when at least so much has come, or no more comes. */
  async has(bytes: number): Promise<void> {
    while (this.bytes.length < bytes && !this.response.closed)
      await new Promise<void>((resolve) => {
        const goOn = () => {
          this.response.off('data', goOn).off('close', goOn);
          resolve();
        };
        this.response.on('data', goOn).on('close', goOn);
      });
  }

  async all(): Promise<{ bytes: Buffer; isWhole: boolean }> {
    const isWhole = await this.#ended;
    return { bytes: this.bytes, isWhole };
  }

  leave(): void {
    this.response.destroy();
  }
}
