/** What looks like a store of S3 to its client, and answers as a test wants it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

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

export interface ScriptedStore {
  /** Without a slash at its end. */
  url: string;
  readonly asked: AskedOfStore[];
  /** @param count how many came before, of all kinds */
  answer: (asked: AskedOfStore, count: number) => StoreAnswer | 'reset';
  stop(): Promise<void>;
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
  const server = createServer(async (request, response) => {
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
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const store: ScriptedStore = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    answer: () => ({}),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return store;
}
