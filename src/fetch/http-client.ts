/**
 * Requests to another index: redirects, proxies and certificates of the environment, patience, and what comes back in pieces.
 *
 * Loads an HTTP client of its own (Node's knows no proxies): import this file only when there is something to fetch.
 */
import { pipeline, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { type EnvHttpProxyAgent, request } from 'undici';
import { KhoError } from '../errors.ts';
import { Credentials } from './credentials.ts';
import { ConnectGuard } from './guarded-connect.ts';
import { agentOf, type ClientOptions, SILENCE_MS } from './http-agent.ts';
import { networkFault } from './network-fault.ts';
import { packingOf } from './packing.ts';
import { waitOf } from './retry-after.ts';
import { telling } from './tell-of-bytes.ts';
import { shownAddress } from './upstream-address.ts';

/** Of one request. */
const REDIRECTS_LIMIT = 5;
/** A server that was asked to do something waits for others, and publishes: it may be silent for longer. In milliseconds. */
const ANSWER_MS = 180_000;
/** Of what it answers then, in bytes: a release has some dozens of files, each in a line. */
const MOST_ANSWERED_BYTES = 16 * 1024 * 1024;
const PATIENCE = {
  /**
   * When less than so many bytes come in so many milliseconds, a server counts as gone too: one byte now and then is not silence. All
   * that comes meanwhile counts, whoever sends it: on a slow line, several share what there is.
   */
  ...{ windowMs: 60_000, bytes: 16 * 1024 },
  /** Before a second try, in milliseconds; twice as long before each further one. */
  firstWaitMs: 400,
};
/** A request is made so often, before its failure is told. */
export const ATTEMPTS = 5;
/** In bytes: less than that on each try is none. */
const LEAST_PROGRESS = 4 * 1024;
/** A server that asks for more time does not get it from who tries again and again. */
const LONGEST_WAIT_MS = 30_000;

export interface Reply {
  status: number;
  /** In lower case; of several of one name the last. */
  headers: ReadonlyMap<string, string>;
  /** Where it came from, after redirects. */
  url: URL;
  body: AsyncIterable<Uint8Array>;
  /** To be called when the body is not read to its end. */
  discard(): void;
}

/** The server cannot be reached, or answers nothing of use: it may the next time. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  /** As the server wishes. */
  readonly waitMs: number | undefined;

  constructor(message: string, waitMs?: number) {
    super(message);
    this.waitMs = waitMs;
  }
}

export class HttpClient {
  readonly #guard: ConnectGuard | undefined;
  readonly #via: { Via?: string };
  readonly #agent: EnvHttpProxyAgent;
  readonly #patience: typeof PATIENCE;
  readonly #credentials: Credentials;
  readonly #pace: ClientOptions['pace'];
  /** Bytes of all bodies so far. */
  #received = 0;

  /** @throws {KhoError} USAGE for a proxy that is none */
  constructor(
    environment: NodeJS.ProcessEnv = process.env,
    patience: Partial<typeof PATIENCE> = {},
    { isGuarded, via, silenceMs, pace }: ClientOptions = {},
  ) {
    this.#patience = { ...PATIENCE, ...patience };
    this.#credentials = new Credentials(environment);
    this.#pace = pace;
    this.#guard = isGuarded ? new ConnectGuard() : undefined;
    this.#via = via === undefined ? {} : { Via: via };
    this.#agent = agentOf(environment, this.#guard, silenceMs);
  }

  /** That origin may be asked, wherever it is. */
  allow(url: URL): void {
    this.#guard?.allow(url);
  }

  /** Name and password in it are for all of its origin from now on: links of an index hold none. */
  logIn(index: URL): void {
    this.#credentials.remember(index);
    this.allow(index);
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  /** One request; redirects are followed. @throws {Unreachable} also for 429 and 5xx */
  async get(url: URL, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET'): Promise<Reply> {
    let at = url;
    for (let hops = 0; hops <= REDIRECTS_LIMIT; hops++) {
      const reply = await this.#ask(at, { ...headers, ...this.#credentials.headerFor(at) }, method);
      const location = reply.headers.get('location');
      if (reply.status < 300 || reply.status > 399 || location === undefined) return reply;
      reply.discard();
      if (!URL.canParse(location, at.href)) throw new Unreachable(`${shownAddress(at)} leads to no address`);
      const next = new URL(location, at);
      if (!/^https?:$/.test(next.protocol) || (at.protocol === 'https:' && next.protocol === 'http:')) {
        throw new Unreachable(`${shownAddress(at)} leads to ${next.protocol}//, which is not followed`);
      }
      at = next;
    }
    throw new Unreachable(`${shownAddress(url)} leads on and on`);
  }

  /**
   * Ask a server to do something, once; redirects are told of and not followed. What it answers, however long it takes over it.
   *
   * @param authorization in the place of what is known for that host
   * @throws {Unreachable}
   */
  async post(url: URL, json: string, authorization?: string): Promise<{ status: number; text: string }> {
    try {
      const { statusCode, body } = await request(url, {
        ...{ dispatcher: this.#agent, method: 'POST', body: json, headersTimeout: ANSWER_MS, bodyTimeout: SILENCE_MS },
        headers: {
          ...{ 'User-Agent': 'kho', 'Content-Type': 'application/json', Accept: 'application/json' },
          ...(authorization === undefined ? this.#credentials.headerFor(url) : { Authorization: authorization }),
        },
      });
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        size += chunk.length;
        if (size > MOST_ANSWERED_BYTES) throw new Error('its answer has no end');
        chunks.push(chunk);
      }
      return { status: statusCode, text: Buffer.concat(chunks).toString('utf8') };
    } catch (error) {
      throw new Unreachable(`${shownAddress(url)} cannot be reached: ${networkFault(error)}`);
    }
  }

  /** How long a file is, in bytes; undefined when its server does not tell. */
  async sizeOf(url: URL): Promise<number | undefined> {
    try {
      const { status, headers } = await this.get(url, {}, 'HEAD');
      const length = headers.get('content-length') ?? '';
      return status === 200 && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return undefined;
    }
  }

  async #ask(url: URL, headers: Record<string, string>, method: 'GET' | 'HEAD'): Promise<Reply> {
    const refusal = this.#guard?.refusal(url);
    if (refusal !== undefined) throw new Unreachable(`${shownAddress(url)} is not asked: it ${refusal}`);
    try {
      const {
        statusCode,
        headers: received,
        body,
      } = await request(url, {
        dispatcher: this.#agent,
        method,
        headers: { 'User-Agent': 'kho', 'Accept-Encoding': 'identity', ...this.#via, ...headers },
      });
      // What breaks after the body was given up is nobody's business.
      body.on('error', () => {});
      const reply: Reply = {
        status: statusCode,
        headers: new Map(
          Object.entries(received).flatMap(([name, value]) =>
            value === undefined ? [] : [[name.toLowerCase(), String(value)]],
          ),
        ),
        url,
        body: this.#steadily(body),
        discard: () => void body.destroy(),
      };
      if (statusCode === 429 || statusCode >= 500) {
        reply.discard();
        throw new Unreachable(
          `${shownAddress(url)} answers ${statusCode}`,
          waitOf(reply.headers.get('retry-after'), Date.now()),
        );
      }
      return reply;
    } catch (error) {
      if (error instanceof Unreachable) throw error;
      throw new Unreachable(`${shownAddress(url)} cannot be read: ${networkFault(error)}`);
    }
  }

  /** A body that is kept, at once; asked for again when it breaks off. @throws {KhoError} UPSTREAM, also when it is too long */
  async getWhole(
    url: URL,
    limitBytes: number,
    headers: Record<string, string> = {},
  ): Promise<{ reply: Reply; bytes: Buffer }> {
    return this.retried(() => this.getOnce(url, limitBytes, headers));
  }

  /** As `getWhole`, but only once; each piece that comes is told of. What may come packed (`Accept-Encoding: gzip`) is unpacked; the limit is for what it is then. */
  async getOnce(
    url: URL,
    limitBytes: number,
    headers: Record<string, string> = {},
    onBytes?: () => void,
  ): Promise<{ reply: Reply; bytes: Buffer }> {
    const plain = await this.get(url, headers);
    const reply = onBytes ? { ...plain, body: telling(plain.body, onBytes) } : plain;
    return { reply, bytes: await readBody(headers['Accept-Encoding'] ? unpacked(reply) : reply, limitBytes) };
  }

  /**
   * Try until it works, waiting longer each time.
   *
   * @param progress in bytes: a try that brought something does not count
   * @throws {KhoError} UPSTREAM when it does not
   */
  async retried<T>(work: () => Promise<T>, progress: () => number = () => 0): Promise<T> {
    let reached = progress();
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        if (progress() >= reached + LEAST_PROGRESS) {
          reached = progress();
          attempt = 1;
        }
        if (attempt === ATTEMPTS) {
          throw new KhoError('UPSTREAM', `Cannot fetch: ${error.message}`, {
            hint: 'try again later, or look whether the address is right',
          });
        }
        await sleep(Math.min(LONGEST_WAIT_MS, error.waitMs ?? this.#patience.firstWaitMs * 2 ** (attempt - 1)));
      }
    }
  }

  /** As it comes, as long as enough of it comes. */
  async *#steadily(body: AsyncIterable<Uint8Array>) {
    const { windowMs, bytes } = this.#patience;
    let since = performance.now();
    let before = this.#received;
    for await (const chunk of body) {
      this.#received += chunk.length;
      if (performance.now() - since > windowMs) {
        const receivedNow = this.#received - before;
        if (receivedNow < bytes)
          throw new Error(`no more than ${receivedNow} bytes came in ${Math.round(windowMs / 1000)} seconds`);
        since = performance.now();
        before = this.#received;
      }
      yield chunk;
      await this.#pace?.(chunk.length);
    }
  }
}

/** @throws {Unreachable} for a packing that was not asked for */
function unpacked(reply: Reply): Reply {
  const packing = packingOf(reply.headers);
  if (packing === undefined) return reply;
  if (packing !== 'gzip' && packing !== 'x-gzip') {
    reply.discard();
    throw new Unreachable(`${shownAddress(reply.url)} is packed in a way that was not asked for`);
  }
  // What breaks on the way is told to whoever reads the end of it.
  return { ...reply, body: pipeline(Readable.from(reply.body), createGunzip(), () => {}) };
}

/** @throws {KhoError} UPSTREAM when it is longer; {Unreachable} when it breaks off */
export async function readBody(reply: Reply, limitBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of reply.body) {
      size += chunk.length;
      if (size > limitBytes) {
        reply.discard();
        throw new KhoError('UPSTREAM', `Cannot read ${shownAddress(reply.url)}: it is longer than ${limitBytes} bytes`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof KhoError) throw error;
    throw new Unreachable(`${shownAddress(reply.url)} breaks off: ${networkFault(error)}`);
  }
  return Buffer.concat(chunks);
}
