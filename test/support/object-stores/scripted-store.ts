/** What looks like a store of S3 to its client, and answers as a test wants it. */
import type { Socket } from 'node:net';
import { type LoopbackServer, startLoopbackServer } from '../loopback-server.ts';

export interface AskedOfStore {
  /** `PUT /bucket/key`, decoded. */
  name: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
  /** That it came on. */
  socket: Socket;
}

export interface StoreAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

export interface ScriptedStore extends LoopbackServer {
  readonly asked: AskedOfStore[];
  /** @param count how many came before, of all kinds */
  answer: (asked: AskedOfStore, count: number) => StoreAnswer | 'reset';
}

/** An error as S3 tells it. */
export function errorAnswer(
  status: number,
  code: string,
  more: { headers?: Record<string, string>; inner?: string } = {},
) {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>as the test wants it</Message>${more.inner ?? ''}</Error>`;
  return { status, headers: { 'Content-Type': 'application/xml', ...more.headers }, body };
}

export async function startScriptedStore(): Promise<ScriptedStore> {
  const store = { asked: [] as AskedOfStore[], answer: (() => ({})) as ScriptedStore['answer'] };
  const server = await startLoopbackServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const asked: AskedOfStore = {
      name: `${request.method} ${decodeURIComponent(pathname)}`,
      query: searchParams,
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks),
      socket: request.socket,
    };
    store.asked.push(asked);
    const answer = store.answer(asked, store.asked.length - 1);
    if (answer === 'reset') request.socket.destroy();
    else
      response
        .writeHead(answer.status ?? 200, { ETag: '"etag"', ...answer.headers })
        .end(request.method === 'HEAD' ? undefined : answer.body);
  });
  return Object.assign(store, server);
}
