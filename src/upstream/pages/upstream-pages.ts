/** Pages of upstreams: which are fresh, which have to be asked for, and what holds while an upstream cannot be asked. */

import { KhoError, messageOf } from '../../errors.ts';
import { type HttpClient, Unreachable } from '../../fetch/http-client.ts';
import { shownAddress } from '../../fetch/upstream-address.ts';
import { readPageStamp } from '../../io/page-stamp.ts';
import { Lanes } from '../../jobs/lanes.ts';
import { type KeptHeader, keptPagePath, readKeptHeader } from '../../kept-upstream/kept-page.ts';
import type { UpstreamPlace } from '../../kept-upstream/kept-places.ts';
import { askPage, type PageReply } from './ask-page.ts';
import { Circuit } from './circuit.ts';
import { type PageState, stateOnDisk } from './page-state.ts';
import type { PageThread } from './page-thread.ts';
import { untilStill } from './until-still.ts';

/** A page may be asked for anew that often, by whoever wants it, in milliseconds. */
export const REFRESH_MS = 10_000;

/** All in milliseconds. */
const TIMES = {
  /** A client waits for a page that is not here yet as long as something comes, with pauses of up to so long. */
  patienceMs: 4_500,
  /** But not for longer than that, in all. */
  longestMs: 60_000,
  /** A client may have a page asked for anew that often. */
  refreshMs: REFRESH_MS,
  /** That a project is not there is remembered for so long. */
  absentMs: 60_000,
  /** A project that is there no longer is asked for once more after so long, before it counts as gone. */
  goneMs: 600_000,
  /** A page that lacks most of what it had is asked for once more after so long, before it is believed. */
  poorerMs: 60_000,
  /** After a failure, the same page is left alone for so long. */
  failedMs: 5_000,
};

/** Questions to one upstream at a time; and so many may wait, before more are turned away. */
const MOST_AT_ONCE = 8;
const MOST_WAITING = 512;

/** Pages about which something is known; the one asked for longest ago is forgotten first. It is found on disk again. */
const MOST_STATES = 20_000;

/** `page`: as it is kept; stale where it could not be asked for in time. `unavailable`: nothing is known, and nothing can be. */
export type PageFound =
  | { is: 'page'; header: KeptHeader; checkedMs: number; isStale: boolean }
  | { is: 'absent' }
  | { is: 'unavailable' };

/** How an upstream is: why it does not answer, and since when, in milliseconds since 1970; and how often it did and did not. */
export interface UpstreamHealth {
  failing?: { message: string; sinceMs: number };
  answered: number;
  failed: number;
}

export interface UpstreamOptions {
  root: string;
  name: string;
  /** With name and password, where it wants them. */
  index: () => Promise<URL>;
  freshMs: number;
  waitMs: number;
  client: HttpClient;
  thread: PageThread;
  /** Whether it may be asked for at this moment: not a name that is the site's own. */
  mayAsk?: (project: UpstreamPlace['project']) => boolean;
  /** What people should know: one line, at most once a minute. */
  tell: (message: string) => void;
  /** It has begun to fail, or answers again. */
  onHealth?: () => void;
  times?: Partial<typeof TIMES>;
  now?: () => number;
}

export class UpstreamPages {
  readonly #options: UpstreamOptions;
  readonly #times: typeof TIMES;
  readonly #now: () => number;
  readonly #circuit = new Circuit();
  readonly #states = new Map<string, PageState>();
  readonly #questions = new Lanes(MOST_AT_ONCE);
  #health: UpstreamHealth = { answered: 0, failed: 0 };
  /** The first failure since it answered last. */
  #failedSinceMs: number | undefined;
  /** When something came from it last. */
  #movedMs = 0;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
    this.#now = options.now ?? Date.now;
  }

  get health(): UpstreamHealth {
    return this.#health;
  }

  /** Whether the page is kept here, or was asked for a moment ago: then a client may ask for it as often as it likes. */
  isKnown(project: UpstreamPlace['project']): boolean {
    if (this.#states.get(project)?.header !== undefined) return true; // no news take that away
    const state = this.#stateOf(project);
    return state.header !== undefined || this.#now() < state.absentUntilMs;
  }

  /** Of the page that is kept. */
  headerOf(project: UpstreamPlace['project']): KeptHeader | undefined {
    return this.#stateOf(project).header;
  }

  /** @param isRefresh a client wants it asked for now */
  async find(project: UpstreamPlace['project'], isRefresh = false): Promise<PageFound> {
    const state = this.#stateOf(project);
    const now = this.#now();
    const { header } = state;
    const mayRefresh = isRefresh && now - state.askedMs >= this.#times.refreshMs;
    if (header === undefined && now < state.absentUntilMs && !mayRefresh) return { is: 'absent' };
    if (header !== undefined && now - state.checkedMs < this.#options.freshMs && !mayRefresh)
      return found(state, false);
    if (!this.#ask(project, state, mayRefresh)) return this.#whatIsKnown(state, now);
    await this.#wait(state, header !== undefined && !mayRefresh);
    return this.#whatIsKnown(state, now);
  }

  #whatIsKnown(state: PageState, sinceMs: number): PageFound {
    if (state.header !== undefined) return found(state, state.checkedMs < sinceMs);
    return this.#now() < state.absentUntilMs ? { is: 'absent' } : { is: 'unavailable' };
  }

  #stateOf(project: UpstreamPlace['project']): PageState {
    let state = this.#states.get(project);
    if (state === undefined) {
      state = stateOnDisk(this.#options.root, { upstream: this.#options.name, project }, this.#now());
    } else {
      this.#states.delete(project);
      this.#takeNews(project, state);
    }
    this.#states.set(project, state);
    for (const [oldest, { asking }] of this.#states) {
      if (this.#states.size <= MOST_STATES) break;
      if (asking === undefined) this.#states.delete(oldest);
    }
    return state;
  }

  /** What another process has brought meanwhile, as `kho refresh`, counts as of then. */
  #takeNews(project: UpstreamPlace['project'], state: PageState): void {
    const place = { upstream: this.#options.name, project };
    const stamp = readPageStamp(keptPagePath(this.#options.root, place));
    if (stamp === undefined || stamp === state.stamp || state.asking !== undefined) return;
    state.stamp = stamp;
    const header = readKeptHeader(this.#options.root, place);
    if (header === undefined || header.changedMs === state.header?.changedMs) return; // this one has put it there
    const checkedMs = Math.min(header.changedMs, this.#now());
    Object.assign(state, { header, checkedMs, absentUntilMs: Number.NEGATIVE_INFINITY });
  }

  /** Forget what is known of a page whose file somebody took away. */
  forget(project: UpstreamPlace['project']): void {
    this.#states.delete(project);
  }

  /** Have it asked for, if that may be: one question at a time. @returns whether it is being asked for */
  #ask(project: UpstreamPlace['project'], state: PageState, isRefresh: boolean): boolean {
    if (state.asking !== undefined) return true;
    const now = this.#now();
    if (now < state.notBeforeMs && !isRefresh) return false;
    if (this.#questions.waiting >= MOST_WAITING || !this.#circuit.mayAsk(now)) return false;
    state.askedMs = now;
    state.asking = this.#questions
      .run(() => this.#askNow(project, state))
      .catch((error) => this.#failed(state, error))
      .finally(() => {
        state.asking = undefined;
        state.isInHand = false;
      });
    return true;
  }

  /** Until it is answered: a page that is known is waited for as long as kho.toml says, any other as long as something comes. */
  async #wait(state: PageState, isKnown: boolean): Promise<void> {
    const { patienceMs, longestMs } = this.#times;
    const asking = state.asking as Promise<void>;
    // Whoever comes later waits for no longer than the first one did.
    const left = (mostMs: number, sinceMs: number) => Math.min(mostMs, mostMs - (this.#now() - sinceMs));
    if (isKnown) await untilStill(asking, () => left(this.#options.waitMs, state.askedMs), 0);
    else {
      // What has come is not silence of the upstream, however long it takes to read: a small machine needs seconds for the biggest pages.
      const movedMs = () => (state.isInHand ? this.#now() : Math.max(this.#movedMs, state.askedMs));
      await untilStill(asking, () => left(patienceMs, movedMs()), longestMs);
    }
  }

  async #askNow(project: UpstreamPlace['project'], state: PageState): Promise<void> {
    const { client, thread, root, name, mayAsk = () => true } = this.#options;
    const index = await this.#options.index();
    if (!mayAsk(project)) return; // it was in the queue while that changed
    this.#movedMs = this.#now();
    const known = state.header?.goneMs === undefined ? (state.header ?? {}) : {};
    const reply = await askPage(client, index, project, known, () => {
      this.#movedMs = this.#now();
    });
    if (!mayAsk(project)) return;
    if (reply.is === 'absent') return this.#isAbsent(project, state);
    if (reply.is === 'same') return this.#isAnswered(state);
    state.isInHand = true;
    const outcome = await thread.run({
      ...this.#keepOrder(reply, state),
      root,
      of: { upstream: name, index: shownAddress(index), project },
    });
    if (outcome.is === 'no page') throw new Unreachable(`${shownAddress(reply.url)} ${outcome.why}`);
    if (outcome.is === 'poorer') {
      this.#answered();
      state.firstPoorerMs ??= this.#now();
      state.notBeforeMs = Math.max(this.#now(), state.firstPoorerMs + this.#times.poorerMs);
      this.#tell(`the page of "${project}" lacks most of what it had: it is believed if it is so in a minute too`);
      return;
    }
    state.header = outcome.header;
    this.#isAnswered(state);
  }

  #keepOrder(reply: Extract<PageReply, { is: 'page' }>, state: PageState) {
    const { firstPoorerMs, header } = state;
    const isAgreed = firstPoorerMs !== undefined && this.#now() >= firstPoorerMs + this.#times.poorerMs;
    const { bytes, contentType, url, validators } = reply;
    return {
      ...{ do: 'keep' as const, bytes, contentType, url: url.href, validators, nowMs: this.#now(), isAgreed },
      ...(header && { before: header }),
    };
  }

  /** It is as it is kept. */
  #isAnswered(state: PageState): void {
    this.#answered();
    Object.assign(state, { checkedMs: this.#now(), absentUntilMs: 0, notBeforeMs: 0 });
    Object.assign(state, { firstGoneMs: undefined, firstPoorerMs: undefined });
  }

  /** What is not there, and never was, is remembered for a minute; what was, has to be away for a while before it is gone. */
  async #isAbsent(project: UpstreamPlace['project'], state: PageState): Promise<void> {
    this.#answered();
    const now = this.#now();
    if (state.header === undefined) {
      state.absentUntilMs = now + this.#times.absentMs;
      return;
    }
    if (state.header.goneMs === undefined) {
      state.firstGoneMs ??= now;
      const agreesMs = state.firstGoneMs + this.#times.goneMs;
      if (now < agreesMs) {
        state.notBeforeMs = agreesMs;
        this.#tell(`"${project}" is not there any more: it counts as gone if it is so in ten minutes too`);
        return;
      }
      const { root, name } = this.#options;
      state.header = await this.#options.thread.run({ do: 'gone', root, of: { upstream: name, project }, nowMs: now });
      this.#tell(`"${project}" is gone: what is kept here of it stays as it is written in kho.toml (gone)`);
    }
    state.checkedMs = now;
  }

  #failed(state: PageState, error: unknown): void {
    const isKnownFault = error instanceof Unreachable || error instanceof KhoError;
    if (!isKnownFault) this.#circuit.failed(this.#now());
    else this.#circuit.failed(this.#now(), error instanceof Unreachable ? error.waitMs : undefined);
    state.notBeforeMs = this.#now() + this.#times.failedMs;
    const message = messageOf(error);
    this.#failedSinceMs ??= this.#now();
    const wasFailing = this.#health.failing !== undefined;
    this.#health = {
      ...{ ...this.#health, failed: this.#health.failed + 1 },
      ...(this.#circuit.isFailing && { failing: { message, sinceMs: this.#failedSinceMs } }),
    };
    if (!wasFailing && this.#circuit.isFailing) this.#options.onHealth?.();
    this.#tell(message);
  }

  #answered(): void {
    this.#circuit.succeeded();
    this.#failedSinceMs = undefined;
    const { failing, answered, failed } = this.#health;
    this.#health = { answered: answered + 1, failed };
    if (failing) this.#options.onHealth?.();
  }

  #tell(message: string): void {
    if (this.#now() - this.#toldMs < 60_000) return;
    this.#toldMs = this.#now();
    this.#options.tell(message);
  }
}

function found({ header, checkedMs }: PageState, isStale: boolean): PageFound {
  return { is: 'page', header: header as KeptHeader, checkedMs, isStale };
}
