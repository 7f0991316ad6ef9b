/** What may come in, as long as a site is served: read anew with other settings, and looked at again once a minute. */
import { Admission } from '../../admission/admission.ts';
import { AdvisoryThread } from '../../admission/advisory-thread.ts';
import { type RefusalOrder, removeAllRefused } from '../../admission/remove-refused.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { messageOf } from '../../errors.ts';
import { HttpClient } from '../../fetch/http-client.ts';

/** In milliseconds. */
const REFRESH_MS = 60_000;
/** What could not be opened is tried again after so long. */
const RETRY_MS = 5_000;

export interface JudgingOptions {
  tell: (message: string) => void;
  /** Advisories or lists are others than before. */
  onChanged: () => void;
  /** Removes what is kept of one project and may not come in any more, in another thread. */
  remove: (order: RefusalOrder) => Promise<number>;
  environment?: NodeJS.ProcessEnv | undefined;
}

export class Judging {
  readonly #options: JudgingOptions;
  #client: HttpClient | undefined;
  readonly #thread = new AdvisoryThread();
  #timer: NodeJS.Timeout | undefined;
  #open: { of: SiteConfig; admission: Promise<Admission>; sinceMs: number } | undefined;
  #isRefreshing = false;
  #isClosed = false;
  #keeping: Promise<void> = Promise.resolve();
  #told = '';
  /** By which rules all that is kept was judged last. */
  #sweptBy = '';
  #sweeping: Promise<void> = Promise.resolve();

  constructor(options: JudgingOptions) {
    this.#options = options;
  }

  /** @throws {KhoError} where lists cannot be read: then nothing may come in */
  async admission(config: SiteConfig, nowMs: number): Promise<Admission> {
    if (this.#open?.of !== config) {
      this.#client ??= new HttpClient(this.#options.environment, {}, { isGuarded: true });
      const from = config.advisories?.from ?? '';
      if (/^https:/.test(from) && URL.canParse(from)) this.#client.logIn(new URL(from));
      const opened = { of: config, admission: this.#openNew(config), sinceMs: nowMs };
      this.#open = opened;
      opened.admission.then(
        (admission) => this.#sweep(config, admission, nowMs),
        () => {
          setTimeout(() => {
            if (this.#open === opened) this.#open = undefined;
          }, RETRY_MS).unref();
        },
      );
    } else if (nowMs - this.#open.sinceMs >= REFRESH_MS && !this.#isRefreshing) {
      this.#open.sinceMs = nowMs;
      void this.#refresh(config, this.#open.admission, nowMs);
    }
    return this.#open.admission;
  }

  /** Look for what has changed also while nobody asks for pages: web servers may send files by themselves, and packages/ may hold malware. */
  start(config: () => SiteConfig, now: () => number): void {
    this.#timer = setInterval(() => {
      const { upstreams, advisories } = config();
      if (upstreams.size > 0 || advisories)
        this.admission(config(), now()).catch((error) => this.#tellOnce(messageOf(error)));
    }, REFRESH_MS).unref();
  }

  #openNew(config: SiteConfig): Promise<Admission> {
    return Admission.open(config, { client: this.#client, read: (order) => this.#thread.run(order) });
  }

  /** Write down what was noted: nobody waits for it. */
  keep(admission: Admission): void {
    this.#keeping = this.#keeping.then(() => admission.keep()).catch((error) => this.#tellOnce(messageOf(error)));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await Promise.all([this.#keeping, this.#sweeping]);
    await Promise.all([this.#client?.close(), this.#thread.close()]);
  }

  async #refresh(config: SiteConfig, opening: Promise<Admission>, nowMs: number): Promise<void> {
    this.#isRefreshing = true;
    try {
      const admission = await opening;
      const before = admission.generation;
      await admission.refresh(nowMs);
      if (admission.generation !== before) this.#options.onChanged();
      this.#sweep(config, admission, nowMs);
      for (const note of admission.notes) this.#tellOnce(note);
    } catch (error) {
      this.#tellOnce(messageOf(error));
    }
    this.#isRefreshing = false;
  }

  /** Once for each state of the rules: what comes later is judged when it has come. */
  #sweep(config: SiteConfig, admission: Admission, nowMs: number): void {
    const rules = `${[...config.upstreams.keys()].join(' ')} ${admission.generation}`;
    if (rules === this.#sweptBy || this.#isClosed) return;
    this.#sweptBy = rules;
    const remove = async (order: RefusalOrder) => (this.#isClosed ? 0 : this.#options.remove(order));
    this.#sweeping = removeAllRefused(config, admission, nowMs, remove).then(
      () => {},
      (error) => {
        this.#sweptBy = '';
        this.#tellOnce(messageOf(error));
      },
    );
  }

  #tellOnce(message: string): void {
    if (message !== this.#told && !this.#isClosed) this.#options.tell(message); // what is ended with the server is no fault
    this.#told = message;
  }
}
