/** A POST as clients upload, whose answer may come before its body is sent. */
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpResponse } from './http-get.ts';

/** Milliseconds of silence after which a server counts as gone. */
const PATIENCE_MS = 20_000;
/** Milliseconds that an answer may take which needs no body: a proxy that waits for all of it takes longer. */
const EARLY_MS = 3000;
/** In bytes: of the body, before it is looked whether an answer has come. */
const FIRST_BYTES = 64 * 1024;
/** Of the answer; in bytes. */
const MOST_BYTES = 64 * 1024;

export interface PostRequest {
  headers: Record<string, string>;
  /** Of the body, in bytes. */
  length: number;
  /** Certificates to trust instead of the system's, in PEM. */
  ca?: string;
}

export interface PostResponse extends HttpResponse {
  /** Of the status line. */
  reason: string;
  /** It came before the whole body was sent. */
  isEarly: boolean;
}

/** @throws {Error} of the network or of TLS as Node words it */
export async function httpPost(url: URL, { headers, length, ca }: PostRequest): Promise<PostResponse> {
  const send = url.protocol === 'https:' ? requestTls : requestPlain;
  const outgoing = send(url, {
    method: 'POST',
    headers: { 'User-Agent': 'kho doctor', 'Content-Length': String(length), ...headers },
    agent: false,
    timeout: PATIENCE_MS,
    ...(ca !== undefined && { ca }),
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
  });
  const body = Buffer.alloc(length);
  outgoing.write(body.subarray(0, FIRST_BYTES));
  const early = await Promise.race([answer, sleep(length > FIRST_BYTES ? EARLY_MS : 0)]);
  if (early === undefined) outgoing.end(body.subarray(FIRST_BYTES));
  const incoming = early ?? (await answer);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > MOST_BYTES) break;
    chunks.push(chunk);
  }
  outgoing.on('error', () => {}); // the rest of the body is nobody's
  outgoing.destroy();
  return {
    status: incoming.statusCode ?? 0,
    reason: incoming.statusMessage ?? '',
    headers: incoming.headers,
    body: Buffer.concat(chunks),
    isEarly: early !== undefined,
  };
}
