/** Between a client and a store: passes requests on as they are, and does to some what networks and busy stores do. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one request. */
export type ProxyFault =
  /** The store does it; its answer gets lost. */
  | 'answer lost'
  /** The line breaks before the store has heard of it. */
  | 'reset'
  /** The line breaks in the middle of the answer's body. */
  | 'cut body'
  | { status: number; code: string; headers?: Record<string, string>; region?: string };

export interface FaultProxy {
  /** Without a slash at its end. */
  url: string;
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
  stop(): Promise<void>;
}

/** @param store its address: the Host of requests stays, so that signatures hold for the proxy's own */
export async function startFaultProxy(store: string): Promise<FaultProxy> {
  const server = createServer((asked, answer) => {
    const { pathname, searchParams } = new URL(asked.url ?? '/', store);
    const name = `${asked.method} ${decodeURIComponent(pathname)}`;
    const before = proxy.requests.filter((one) => one === name).length;
    proxy.requests.push(name);
    const { method = '', headers } = asked;
    const fault = proxy.fault({ method, path: decodeURIComponent(pathname), query: searchParams, before, headers });
    if (fault === 'reset') asked.socket.destroy();
    else if (typeof fault === 'object') refuse(asked, answer, fault);
    else passOn(asked, answer, store, fault);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    fault: () => undefined,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

function refuse(asked: IncomingMessage, answer: ServerResponse, fault: Exclude<ProxyFault, string>): void {
  asked.resume();
  const { status, code, headers = {}, region } = fault;
  const where = region === undefined ? '' : `<Region>${region}</Region>`;
  const text = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>as the test wants it</Message>${where}</Error>`;
  asked.on('end', () =>
    answer
      .writeHead(status, { 'Content-Type': 'application/xml', ...headers })
      .end(asked.method === 'HEAD' ? undefined : text),
  );
}

function passOn(
  asked: IncomingMessage,
  answer: ServerResponse,
  store: string,
  fault: 'answer lost' | 'cut body' | undefined,
): void {
  const { hostname, port } = new URL(store);
  const { method, url, rawHeaders } = asked;
  const onward = send({ hostname, port, method, path: url, headers: rawHeaders as never, setHost: false }, (reply) => {
    if (fault === 'answer lost') {
      reply.resume();
      reply.on('end', () => asked.socket.destroy());
      return;
    }
    answer.writeHead(reply.statusCode ?? 500, reply.headers);
    if (fault === undefined) reply.pipe(answer);
    else
      reply.once('data', (chunk: Uint8Array) => {
        answer.write(chunk.subarray(0, Math.ceil(chunk.length / 2)));
        setTimeout(() => asked.socket.destroy(), 50);
      });
  });
  onward.on('error', () => asked.socket.destroy());
  asked.pipe(onward);
}
