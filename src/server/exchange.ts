import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessLog } from './access-log.ts';
import type { Answer } from './answer.ts';
import type { BodiesUnderWay } from './bodies-under-way.ts';
import { clientOf } from './client.ts';
import { hasBody } from './drain-body.ts';
import type { Metrics, RequestKind } from './metrics.ts';
import { privately } from './private-access.ts';

/** One request and its answer, from the first to the last: what is sent is counted and logged, once. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** As it stands in the request line. */
  readonly target: string;
  kind: RequestKind = 'other';
  /** Of the client; that of a proxy until it is known to be one. */
  address: string;
  /** The answer is for this client only. */
  isPrivate = false;
  isLogged = true;
  /** Called at the end. */
  onDone: (() => void) | undefined;
  readonly #beganMs = performance.now();
  readonly #log: AccessLog | undefined;
  readonly #metrics: Metrics;

  constructor(request: IncomingMessage, response: ServerResponse, log: AccessLog | undefined, metrics: Metrics) {
    this.request = request;
    this.response = response;
    this.target = request.url ?? '';
    this.address = request.socket.remoteAddress ?? 'unix';
    this.#log = log;
    this.#metrics = metrics;
  }

  /** A whole answer, at once. @param bodies told of big ones */
  send({ status, headers: open, body, reason }: Answer, bodies?: BodiesUnderWay): void {
    const headers = this.isPrivate ? privately(open) : open;
    if (!this.response.shouldKeepAlive && !this.request.complete && hasBody(this.request)) closeAfterBody(this);
    // An array in an array is what node:http writes down as it is.
    if (reason === undefined) this.response.writeHead(status, headers as string[]);
    else this.response.writeHead(status, reason, headers as string[]);
    const isHead = this.request.method === 'HEAD';
    if (isHead || body.length === 0) this.response.end();
    else {
      if (typeof body !== 'string') bodies?.add(body, clientOf(this.address), this.response);
      this.response.end(body, 'latin1');
    }
    this.done(status, isHead ? 0 : body.length);
  }

  /** @param bytes of the body that were sent */
  done(status: number, bytes: number): void {
    const durationMs = performance.now() - this.#beganMs;
    this.onDone?.();
    this.#metrics.count(this.kind, status, bytes, durationMs);
    const { method = '', httpVersion, headers } = this.request;
    if (!this.isLogged) return;
    this.#log?.add({
      endedMs: Date.now(),
      durationMs,
      address: this.address,
      method,
      target: this.target,
      httpVersion,
      headers,
      status,
      bytes,
    });
  }
}

/**
 * For whoever says that this is its last request (urllib, and proxies by default), and is answered before its body is there: Node would close
 * with the answer, and a client that is cut off while it sends never reads it. The connection goes when the body has come, or was given up.
 */
function closeAfterBody({ request, response }: Exchange): void {
  response.shouldKeepAlive = true;
  request.once('end', () => {
    if (response.writableFinished) request.socket.end();
    else response.once('finish', () => request.socket.end());
  });
}
