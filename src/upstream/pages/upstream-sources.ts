/** Upstreams of kho.toml as they are asked: each with a client of its own, which knows its password and no other. */
import type { SiteConfig, UpstreamSettings } from '../../config/site-config.ts';
import { HttpClient } from '../../fetch/http-client.ts';
import { findUpstream } from '../../fetch/upstream-address.ts';
import type { PageThread } from './page-thread.ts';
import { type UpstreamHealth, type UpstreamOptions, UpstreamPages } from './upstream-pages.ts';

/** Of silence, after which an upstream is asked again: pip gives up after 15 seconds without a byte. In milliseconds. */
const SILENCE_MS = 10_000;

/** One upstream, as long as its settings are the same. */
export interface Source {
  settings: UpstreamSettings;
  pages: UpstreamPages;
  client: HttpClient;
  /** Its address; whoever asks it for anything has to wait for that. */
  index: () => Promise<URL>;
}

export interface SourcesOptions extends Pick<UpstreamOptions, 'mayAsk' | 'times' | 'now'> {
  config: () => SiteConfig;
  thread: PageThread;
  /** See `ClientOptions`. */
  via: string;
  environment?: NodeJS.ProcessEnv;
  tell: (upstream: string, message: string) => void;
  /** One has begun to fail, or answers again. */
  onHealth?: () => void;
}

export class UpstreamSources {
  readonly #options: SourcesOptions;
  readonly #sources = new Map<string, Source>();
  #pipIndex: Promise<string> | undefined;

  constructor(options: SourcesOptions) {
    this.#options = options;
  }

  /** Undefined for a name that kho.toml does not have. */
  get(name: string): Source | undefined {
    const settings = this.#options.config().upstreams.get(name);
    if (settings === undefined) return undefined;
    const known = this.#sources.get(name);
    if (known?.settings === settings) return known;
    if (known !== undefined && JSON.stringify(known.settings) === JSON.stringify(settings)) {
      known.settings = settings;
      return known;
    }
    void known?.client.close();
    const source = this.#make(settings);
    this.#sources.set(name, source);
    return source;
  }

  /** Find out which index pip of this machine asks, where that is to be asked: it takes seconds, and a client would wait for it. */
  begin(): void {
    for (const { name, url } of this.#options.config().upstreams.values()) {
      if (url === undefined)
        this.get(name)
          ?.index()
          .catch(() => {}); // whoever asks for a page is told
    }
  }

  /** Of those that were asked for something so far, and that kho.toml still has. */
  health(): Map<string, UpstreamHealth> {
    const { upstreams } = this.#options.config();
    return new Map(
      [...this.#sources].filter(([name]) => upstreams.has(name)).map(([name, { pages }]) => [name, pages.health]),
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sources.values()].map(({ client }) => client.close()));
  }

  #make(settings: UpstreamSettings): Source {
    const { name, freshMs, waitMs, fileHosts = [] } = settings;
    const { config, thread, via, environment, tell, onHealth, mayAsk, times, now } = this.#options;
    const client = new HttpClient(environment, {}, { isGuarded: true, via, silenceMs: SILENCE_MS });
    const index = async () => {
      const address = await this.#addressOf(settings);
      client.logIn(address);
      for (const host of fileHosts) client.allow(new URL(`${address.protocol}//${host}/`));
      return address;
    };
    const pages = new UpstreamPages({
      ...{ root: config().root, name, freshMs, waitMs, client, thread, index },
      tell: (message) => tell(name, message),
      ...(onHealth && { onHealth }),
      ...(mayAsk && { mayAsk }),
      ...(times && { times }),
      ...(now && { now }),
    });
    return { settings, pages, client, index };
  }

  async #addressOf({ url }: UpstreamSettings): Promise<URL> {
    if (url !== undefined) return findUpstream(undefined, url).url;
    this.#pipIndex ??= this.#options.thread.run({ do: 'address' });
    this.#pipIndex.catch(() => {
      this.#pipIndex = undefined;
    });
    return findUpstream(undefined, await this.#pipIndex).url;
  }
}
