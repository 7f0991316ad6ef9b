/** The eyes of a client: asks a server, remembers the answers, follows redirects. */
import { createHash } from 'node:crypto';
import { Credentials } from '../fetch/credentials.ts';
import { Fault } from './finding.ts';
import { type HttpRequest, type HttpResponse, httpGet } from './http-get.ts';
import { httpPost, type PostResponse } from './http-post.ts';
import { hintForCode } from './network-hints.ts';

/** In bytes: an index of some hundred thousand projects. */
const PAGE_LIMIT = 64 * 1024 * 1024;
const MOST_HOPS = 5;

export const ACCEPT_PIP =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01';
export const ACCEPT_OLD_PIP = 'text/html';

export interface Visit {
  /** Where the answer came from, after redirects. */
  url: URL;
  answer: HttpResponse;
  hops: number;
}

/** How many bytes of a file's begin and end are kept. */
export const EDGE = 10;

export interface Download {
  status: number;
  headers: HttpResponse['headers'];
  /** In bytes. */
  size: number;
  begin: Buffer;
  end: Buffer;
  sha256: string;
}

export interface VisitorOptions {
  /** Certificates to trust instead of the system's, in PEM. */
  ca?: string;
  /** Addresses to ask instead of those in DNS, by host name. */
  resolve?: ReadonlyMap<string, string>;
  /** Of which names and passwords come; that of the process when absent. */
  environment?: NodeJS.ProcessEnv;
}

export class Visitor {
  readonly #options: VisitorOptions;
  readonly #credentials: Credentials;
  readonly #answers = new Map<string, Promise<HttpResponse>>();

  constructor(options: VisitorOptions) {
    this.#options = options;
    this.#credentials = new Credentials(options.environment ?? process.env);
  }

  /** The address, without the name and password in it: these are kept for its origin, and shown to nobody. */
  logIn(address: URL): URL {
    this.#credentials.remember(address);
    const clean = new URL(address);
    clean.username = '';
    clean.password = '';
    return clean;
  }

  /** One request, remembered. @throws {Fault} when there is no answer */
  get(url: URL, headers: Record<string, string> = {}): Promise<HttpResponse> {
    const key = JSON.stringify([url.href, headers]);
    const answer = this.#answers.get(key);
    if (answer) return answer;
    const asked = this.#ask(url, { headers, limitBytes: PAGE_LIMIT });
    this.#answers.set(key, asked);
    return asked;
  }

  /** A file, of any length: what of it counts. Redirects are followed, files may lie elsewhere. @throws {Fault} */
  async download(url: URL, headers: Record<string, string> = {}): Promise<Download> {
    let at = url;
    for (let hops = 0; hops <= MOST_HOPS; hops++) {
      const hash = createHash('sha256');
      let size = 0;
      let begin = Buffer.alloc(0);
      let end = Buffer.alloc(0);
      const sink = (chunk: Buffer) => {
        hash.update(chunk);
        size += chunk.length;
        if (begin.length < EDGE) begin = Buffer.concat([begin, chunk]).subarray(0, EDGE);
        end = Buffer.concat([end, chunk]).subarray(-EDGE);
      };
      const answer = await this.#ask(at, { headers, limitBytes: 0, sink });
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status > 399 || location === undefined) {
        return { status: answer.status, headers: answer.headers, size, begin, end, sha256: hash.digest('hex') };
      }
      if (!URL.canParse(location, at.href)) throw new Fault(`${at.href} leads to "${location}", which is no address`);
      at = new URL(location, at);
    }
    throw new Fault(`${url.href} leads on and on`);
  }

  /** Without the name and password of whoever looks. @throws {Fault} */
  asNobody(url: URL): Promise<HttpResponse> {
    return this.#reach(url, {}, (at, more) =>
      httpGet(at, { headers: more.headers, limitBytes: PAGE_LIMIT, ...more.trust }),
    );
  }

  head(url: URL): Promise<HttpResponse> {
    return this.#ask(url, { method: 'HEAD', limitBytes: 0 });
  }

  /** @throws {Fault} also when redirects do not end */
  async follow(url: URL, headers: Record<string, string> = {}): Promise<Visit> {
    let at = url;
    for (let hops = 0; hops <= MOST_HOPS; hops++) {
      const answer = await this.get(at, headers);
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status > 399 || location === undefined) return { url: at, answer, hops };
      if (!URL.canParse(location, at.href)) throw new Fault(`${at.href} leads to "${location}", which is no address`);
      at = new URL(location, at);
    }
    throw new Fault(`${url.href} leads on and on`);
  }

  /** A body of zeros, without the name and password of whoever looks. @throws {Fault} when there is no answer */
  async post(url: URL, length: number, authorization?: string): Promise<PostResponse> {
    const headers = {
      'Content-Type': 'multipart/form-data; boundary=kho-doctor',
      ...(authorization !== undefined && { Authorization: authorization }),
    };
    return this.#reach(url, headers, (at, more) => httpPost(at, { headers: more.headers, length, ...more.trust }));
  }

  #ask(url: URL, question: HttpRequest): Promise<HttpResponse> {
    const headers = { ...question.headers, ...this.#credentials.headerFor(url) };
    return this.#reach(url, headers, (at, more) => httpGet(at, { ...question, headers: more.headers, ...more.trust }));
  }

  async #reach<Answer>(
    url: URL,
    headers: Record<string, string>,
    send: (at: URL, more: { headers: Record<string, string>; trust: { ca?: string } }) => Promise<Answer>,
  ): Promise<Answer> {
    const { ca, resolve } = this.#options;
    const address = resolve?.get(url.hostname);
    // A Host header also decides which certificate is asked for, and compared with.
    const host = address === undefined ? {} : { Host: url.host };
    try {
      return await send(atAddress(url, address), {
        headers: { ...headers, ...host },
        trust: ca === undefined ? {} : { ca },
      });
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      throw new Fault(`${url.href} cannot be read: ${message || code}`, { hint: hintForCode(code) });
    }
  }
}

function atAddress(url: URL, address: string | undefined): URL {
  const at = new URL(url);
  at.username = '';
  at.password = '';
  if (address !== undefined) at.hostname = address.includes(':') ? `[${address}]` : address;
  return at;
}

/** A Content-Type without its parameters. */
export function mediaType(answer: HttpResponse): string {
  return (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
