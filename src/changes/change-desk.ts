import { setTimeout as sleep } from 'node:timers/promises';
import type { Token } from '../access/token.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { Lanes } from '../jobs/lanes.ts';
import { OrderThread } from '../jobs/order-thread.ts';
import type { RefusalLog, RefusedEvent } from '../log/refusal-log.ts';
import { releaseThread } from '../publish/lock.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import type { AskedUpload } from '../upload/asked-upload.ts';
import { BODY_PACE, watchBody } from '../upload/body-watch.ts';
import { type Door, noteBefore } from '../upload/door.ts';
import { type AskedAction, type ChangeOrder, REPORT, type ReportOrder, readWantedChange } from './change-order.ts';
import type { ChangedPlace, ChangeOutcome } from './change-outcome.ts';
import { mayNotReport } from './keep-report.ts';
import { type ChangeTask, runChange } from './run-change.ts';

/** In bytes. */
const MOST_BYTES = 64 * 1024;

/** Reports are long. */
const MOST_REPORTS_AT_ONCE = 2;

/** Waiting and under way; each is done by itself. */
const MOST_AT_ONCE = 32;

/** For a build, in milliseconds. What takes longer is published all the same, later. */
const PUBLISH_MS = 60_000;

/** JSON, and its status. */
export interface ChangeAnswer {
  status: number;
  body: string;
  headers: readonly string[];
}

export interface ChangeDeskOptions {
  config: () => SiteConfig;
  door: Door;
  refusals: RefusalLog;
  /** Whether a build with these is over, and came to its end. */
  publish: (places: readonly ChangedPlace[]) => Promise<boolean>;
}

/** Takes what somebody asks to have changed, from the head of a request to its answer. */
export class ChangeDesk {
  readonly #options: ChangeDeskOptions;
  readonly #thread: OrderThread<ChangeTask, ChangeOutcome>;
  readonly #turns = new Lanes(1);
  #waiting = 0;
  #reports = 0;

  constructor(options: ChangeDeskOptions) {
    this.#options = options;
    const onEnd = (thread: number) => releaseThread(options.config().root, thread);
    this.#thread = new OrderThread('site-changes', runChange, { onEnd });
  }

  /** @returns undefined when the client went away. The body may not have been read to its end */
  async receive(asked: AskedUpload, action: AskedAction): Promise<ChangeAnswer | undefined> {
    const config = this.#options.config();
    const { request, response } = asked;
    const entered = this.#options.door.enter(asked, config, action === REPORT ? 'A report' : 'A change');
    if (entered.is === 'refused') {
      const { status, body, headers } = entered.answer;
      return problem(status, body.trim(), undefined, headers);
    }
    // Forms of web pages can send no other types without being asked for leave first, which kho never gives.
    if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? ''))
      return problem(415, 'What is asked for has to come as application/json');
    const isReport = action === REPORT;
    const unheard = isReport ? mayNotReport(entered.token) : undefined;
    if (unheard !== undefined) {
      const { refusals } = this.#options;
      noteBefore(refusals, asked, { event: 'refused', who: entered.token.name, reason: `${action}: ${unheard}` });
      return problem(403, unheard, 'ask whoever runs this site for another token');
    }
    if (this.#waiting >= MOST_AT_ONCE || (isReport && this.#reports >= MOST_REPORTS_AT_ONCE))
      return problem(503, 'Too much is asked for already', 'ask again in a minute');
    this.#waiting++;
    if (isReport) this.#reports++;
    try {
      if (/^100-continue$/i.test(request.headers.expect ?? '')) response.writeContinue();
      const text = await readBody(asked, isReport ? TEXT_LIMITS.edgeReportBytes : MOST_BYTES);
      if (typeof text !== 'string') return text;
      const order = orderOf(action, text, entered.token, asked.address);
      const outcome = await this.#turns.run(() => this.#thread.run({ config, order }));
      if (outcome.is === 'refused') {
        this.#options.refusals.note(asked.client, refusalOf(order, outcome.text, asked.address));
        return problem(outcome.status, outcome.text, outcome.hint);
      }
      const { files, places, notes } = outcome;
      const published = places.length === 0 || (await this.#publish(places));
      return jsonAnswer(200, { files, notes, published });
    } catch (error) {
      if (error instanceof KhoError) return problem(400, error.message, error.hint);
      throw error;
    } finally {
      this.#waiting--;
      if (isReport) this.#reports--;
    }
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  async #publish(places: readonly ChangedPlace[]): Promise<boolean> {
    const late = sleep(PUBLISH_MS, false, { ref: false });
    return Promise.race([this.#options.publish(places), late]);
  }
}

/** @throws {KhoError} USAGE */
function orderOf(action: AskedAction, text: string, token: Token, address: string): ChangeOrder | ReportOrder {
  if (action === REPORT) return { action, text, token };
  return { ...readWantedChange(action, text), action, token, address };
}

function refusalOf(order: ChangeOrder | ReportOrder, text: string, address: string): RefusedEvent {
  const { action, token } = order;
  const about = { event: 'refused', who: token.name, address, reason: `${action}: ${text}` } as const;
  if (order.action === REPORT) return about;
  const { what, in: only } = order;
  return { ...about, file: what.join(' '), ...(only !== undefined && { repositories: [only] }) };
}

/** The body as text; an answer for one that is none; undefined where its client went away. */
async function readBody({ request }: AskedUpload, mostBytes: number): Promise<string | ChangeAnswer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  let isSlow = false;
  const stop = watchBody(request, BODY_PACE, () => {
    isSlow = true;
    request.socket.destroy();
  });
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > mostBytes) return problem(413, `What is asked for is longer than ${mostBytes} bytes`);
      chunks.push(chunk as Buffer);
    }
  } catch {
    return undefined; // it broke off
  } finally {
    stop();
  }
  return isSlow ? undefined : Buffer.concat(chunks).toString('utf8');
}

function jsonAnswer(status: number, value: object, headers: readonly string[] = []): ChangeAnswer {
  return { status, body: `${JSON.stringify(value)}\n`, headers };
}

/** RFC 9457, with the way out. */
function problem(status: number, detail: string, hint?: string, headers: readonly string[] = []): ChangeAnswer {
  return jsonAnswer(status, { status, detail, ...(hint !== undefined && { hint }) }, headers);
}
