/** Between a client and a store: passes requests on as they are, and does to some what networks and busy stores do. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LoopbackServer, startLoopbackServer } from '../loopback-server.ts';
import { loseAnswer, passOn } from '../pass-on.ts';
import { errorAnswer } from './scripted-store.ts';

/** What happens to one request. */
export type ProxyFault =
  /** The store does it; its answer gets lost. */
  | 'answer lost'
  /** The line breaks before the store has heard of it. */
  | 'reset'
  /** The line breaks in the middle of the answer's body. */
  | 'cut body'
  | { status: number; code: string; headers?: Record<string, string>; region?: string };

export interface FaultProxy extends LoopbackServer {
  /** What came, as `PUT /bucket/key`. */
  readonly requests: string[];
  /** Asked for each request, with how many of that method and path came before; undefined: it is passed on. */
  fault: (asked: {
    method: string;
    path: string;
    query: URLSearchParams;
    before: number;
    headers: IncomingMessage['headers'];
  }) => ProxyFault | undefined;
}

/** @param store its address */
export async function startFaultProxy(store: string): Promise<FaultProxy> {
  const proxy = { requests: [] as string[], fault: (() => undefined) as FaultProxy['fault'] };
  const server = await startLoopbackServer((asked, answer) => {
    const { pathname, searchParams } = new URL(asked.url ?? '/', store);
    const name = `${asked.method} ${decodeURIComponent(pathname)}`;
    const before = proxy.requests.filter((one) => one === name).length;
    proxy.requests.push(name);
    const { method = '', headers } = asked;
    const fault = proxy.fault({ method, path: decodeURIComponent(pathname), query: searchParams, before, headers });
    if (fault === 'reset') asked.socket.destroy();
    else if (typeof fault === 'object') refuse(asked, answer, fault);
    else
      passOn(store, asked, answer, {
        instead: (reply) => {
          if (fault === 'answer lost') return loseAnswer(reply, answer);
          return fault === 'cut body' && cutBody(reply, answer);
        },
      });
  });
  return Object.assign(proxy, server);
}

function cutBody(reply: IncomingMessage, answer: ServerResponse): true {
  answer.writeHead(reply.statusCode ?? 500, reply.rawHeaders);
  reply.once('data', (chunk: Uint8Array) => {
    answer.write(chunk.subarray(0, Math.ceil(chunk.length / 2)));
    setTimeout(() => answer.destroy(), 50);
  });
  return true;
}

function refuse(
  asked: IncomingMessage,
  answer: ServerResponse,
  { status, code, headers = {}, region }: Exclude<ProxyFault, string>,
): void {
  const inner = region === undefined ? '' : `<Region>${region}</Region>`;
  const said = errorAnswer(status, code, { headers, inner });
  asked.resume();
  asked.on('end', () =>
    answer.writeHead(said.status, said.headers).end(asked.method === 'HEAD' ? undefined : said.body),
  );
}
