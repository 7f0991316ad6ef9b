/** A proxy before a store that ends whoever asks, at a request that was chosen: before the store hears of it, or when it has done it. */
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface KillPoint {
  /** From 1. */
  request: number;
  /** `asked`: the store never hears of it. `done`: it has done it, and nobody hears of that. */
  when: 'asked' | 'done';
  kill(): void;
}

export interface KillingProxy {
  /** Without a slash at its end. */
  url: string;
  /** Counts from here on; without a point, whoever asks lives. */
  begin(point?: KillPoint): void;
  stop(): void;
}

/** @param target keeps its signatures: the Host that was signed goes on as it is */
export async function startKillingProxy(target: string): Promise<KillingProxy> {
  const { hostname, port } = new URL(target);
  let point: KillPoint | undefined;
  let count = 0;
  const server = createServer((incoming, response) => {
    count++;
    const isLast = count === point?.request;
    const end = () => {
      point?.kill();
      response.destroy();
    };
    if (isLast && point?.when === 'asked') return end();
    const { method, url, headers } = incoming;
    const outgoing = ask({ hostname, port, method, path: url, headers }, (answer) => {
      if (isLast) {
        answer.resume().on('end', end);
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begin(next) {
      [point, count] = [next, 0];
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
