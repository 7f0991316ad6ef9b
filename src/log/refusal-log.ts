/** Refusals in the record of a site: whoever asks again and again must not fill it, nor push out of it what was done. */
import { appendEvents, type LogEvent } from './append-event.ts';

/** Lines in each time of that length, in milliseconds: about one client; about all who bring no token; about all who do. */
const TIME_MS = 60_000;
const MOST_OF_ONE = 20;
const MOST = { strangers: 20, known: 100 };

export type RefusedEvent = Omit<LogEvent, 'time' | 'times'>;

interface Told {
  about: RefusedEvent;
  /** So often again, without a line of its own. */
  more: number;
}

/**
 * A refusal is written down at once; the same one of the same client, and what goes beyond the limits, is counted and makes one line when
 * the minute is over.
 */
export class RefusalLog {
  readonly #root: string;
  readonly #told = new Map<string, Told>();
  readonly #lines = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param root of a site, absolute and real */
  constructor(root: string) {
    this.#root = root;
  }

  /** @param client see `clientOf`: who counts as one */
  note(client: string, refusal: RefusedEvent): void {
    this.#timer ??= setTimeout(() => this.close(), TIME_MS).unref();
    const { event, who, address, file, reason } = refusal;
    const key = JSON.stringify([client, event, who, file, reason]);
    const before = this.#told.get(key);
    if (before !== undefined) {
      before.more++;
      return;
    }
    const all = who === undefined ? 'strangers' : 'known';
    if (this.#linesOf(all) >= MOST[all]) {
      this.#count(all, { event, reason: 'others' });
      return;
    }
    const own = `client ${client}`;
    if (this.#linesOf(own) >= MOST_OF_ONE) {
      const from = { ...(who !== undefined && { who }), ...(address !== undefined && { address }) };
      this.#count(own, { event, ...from, reason: 'others' });
      return;
    }
    for (const each of [all, own]) this.#lines.set(each, this.#linesOf(each) + 1);
    this.#told.set(key, { about: refusal, more: 0 });
    this.#write([refusal]);
  }

  /** Writes down what was counted. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const again = [...this.#told.values()].filter(({ more }) => more > 0);
    this.#told.clear();
    this.#lines.clear();
    this.#write(again.map(({ about, more }) => ({ ...about, times: more })));
  }

  #linesOf(what: string): number {
    return this.#lines.get(what) ?? 0;
  }

  #count(what: string, about: RefusedEvent): void {
    const told = this.#told.get(what) ?? { about, more: 0 };
    told.more++;
    this.#told.set(what, told);
  }

  #write(events: readonly Omit<LogEvent, 'time'>[]): void {
    try {
      appendEvents(this.#root, events);
    } catch {
      // Nothing was done, and a full disk keeps nobody from being told.
    }
  }
}
