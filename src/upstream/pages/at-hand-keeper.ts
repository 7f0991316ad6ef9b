/** Sees to it that web servers have pages of what is at hand while kho does not run: after files have come, and after a publish took pages away. */
import type { RepositoryConfig, SiteConfig, UpstreamSettings } from '../../config/site-config.ts';
import { messageOf } from '../../errors.ts';
import { Lanes } from '../../jobs/lanes.ts';
import type { KeptHeader } from '../../kept-upstream/kept-page.ts';
import type { UpstreamPlace } from '../../kept-upstream/kept-places.ts';
import { removeKeptProject } from '../../kept-upstream/remove-kept.ts';
import type { NormalizedName } from '../../standards/name.ts';
import { missingAtHand, repositoriesOf } from './missing-at-hand.ts';

/** Files come together: so long is waited for more. What could not be done is tried again after twice as long each time. In milliseconds. */
const SOON_MS = 1_000;
const LONGEST_MS = 60_000;

export interface AtHandOptions {
  config: () => SiteConfig;
  /** @throws {KhoError} where that cannot be told */
  isOwn: (project: NormalizedName) => boolean;
  headerOf: (at: UpstreamPlace) => KeptHeader | undefined;
  /** As `MergedPages.keepAtHand`. */
  keep: (wanted: {
    repository: RepositoryConfig;
    project: NormalizedName;
    upstream: UpstreamSettings;
    header: KeptHeader;
  }) => Promise<boolean>;
  tell: (upstream: string, message: string) => void;
}

export class AtHandKeeper {
  readonly #options: AtHandOptions;
  readonly #due = new Map<string, NodeJS.Timeout>();
  readonly #inTurn = new Lanes(1);
  /** Of what is kept of these nothing may be listed: that is not looked for again and again. */
  #inVain: { settings: string; keys: Set<string> } = { settings: '', keys: new Set() };
  #isClosed = false;

  constructor(options: AtHandOptions) {
    this.#options = options;
  }

  /** What is at hand of that project is told in a moment, with all that comes meanwhile. */
  due(at: UpstreamPlace, waitMs = SOON_MS): void {
    const key = keyOf(at);
    this.#inVain.keys.delete(key);
    if (this.#due.has(key) || this.#isClosed) return;
    const keep = () => {
      this.#due.delete(key);
      this.#inTurn
        .run(() => this.#keep(at))
        .then((isDone) => {
          if (!isDone) this.due(at, Math.min(2 * waitMs, LONGEST_MS));
        })
        .catch((error) => this.#tell(at.upstream, error));
    };
    this.#due.set(key, setTimeout(keep, waitMs).unref());
  }

  /** Something was published, or settings have changed: pages may have been taken away. */
  async published(): Promise<void> {
    const config = this.#options.config();
    const settings = settingsOf(config);
    const isOther = this.#inVain.settings !== settings;
    if (isOther) this.#inVain = { settings, keys: new Set() };
    try {
      for (const at of await missingAtHand(config, isOther)) {
        const key = keyOf(at);
        if (this.#inVain.keys.has(key)) continue;
        this.due(at);
        this.#inVain.keys.add(key); // until something comes
      }
    } catch (error) {
      this.#tell('all', error);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#due.values()) clearTimeout(timer);
  }

  async #keep(at: UpstreamPlace): Promise<boolean> {
    const { config, isOwn, headerOf, keep } = this.#options;
    const upstream = config().upstreams.get(at.upstream);
    if (upstream === undefined || this.#isClosed) return true;
    if (isOwn(at.project)) {
      removeKeptProject(config().root, at.project); // it was on its way while the name became the site's own
      return true;
    }
    const header = headerOf(at);
    if (header === undefined) return true;
    let isDone = true;
    for (const repository of repositoriesOf(config(), at)) {
      if (!(await keep({ repository, project: at.project, upstream, header }))) isDone = false;
    }
    return isDone;
  }

  #tell(upstream: string, error: unknown): void {
    if (!this.#isClosed) this.#options.tell(upstream, messageOf(error)); // what is ended with the server is no fault
  }
}

/** As a text: each build hands on settings of its own, most often with the same in them. */
function settingsOf({ repositories, upstreams }: SiteConfig): string {
  return JSON.stringify([repositories, [...upstreams.values()]]);
}

function keyOf({ upstream, project }: UpstreamPlace): string {
  return `${upstream}/${project}`;
}
