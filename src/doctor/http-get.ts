/** Requests exactly as they are told to be: no redirect is followed, nothing is unpacked, no cookie is kept. */
import { type IncomingHttpHeaders, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { TLSSocket } from 'node:tls';

/** Milliseconds of silence after which a server counts as gone. */
const PATIENCE_MS = 20_000;

export interface HttpRequest {
  /** GET unless given. */
  method?: 'GET' | 'HEAD';
  headers?: Record<string, string>;
  /** A longer body is an error; in bytes. */
  limitBytes: number;
  /** Takes the body as it comes, which is then not kept, and may be of any length. */
  sink?: (chunk: Buffer) => void;
  /** Certificates to trust instead of the system's, in PEM. */
  ca?: string;
}

export interface HttpResponse {
  status: number;
  headers: IncomingHttpHeaders;
  /** As sent; empty when a sink took it. */
  body: Buffer;
  /** When the server's certificate ends, in milliseconds since 1970; absent for http. */
  certificateEndsMs?: number;
}

/** @throws {Error} of the network or of TLS as Node words it, or when a limit is exceeded */
export function httpGet(
  url: URL,
  { method = 'GET', headers = {}, limitBytes, ca, sink }: HttpRequest,
): Promise<HttpResponse> {
  const send = url.protocol === 'https:' ? requestTls : requestPlain;
  return new Promise((resolve, reject) => {
    const outgoing = send(url, {
      method,
      headers: { 'User-Agent': 'kho doctor', 'Accept-Encoding': 'identity', ...headers },
      agent: false,
      timeout: PATIENCE_MS,
      ...(ca !== undefined && { ca }),
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const validTo = (incoming.socket as Partial<TLSSocket>).getPeerCertificate?.().valid_to;
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        if (sink) {
          sink(chunk);
          return;
        }
        size += chunk.length;
        if (size > limitBytes) outgoing.destroy(new Error(`the answer is longer than ${limitBytes} bytes`));
        else chunks.push(chunk);
      });
      incoming.on('error', reject);
      incoming.on('aborted', () => reject(new Error('the answer ended too early')));
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks),
          ...(validTo !== undefined && { certificateEndsMs: Date.parse(validTo) }),
        }),
      );
    });
    outgoing.end();
  });
}
