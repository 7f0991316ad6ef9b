/** Passes requests on to a store and back, and counts them; signatures hold, since the host that was asked stays. It may cut, or answer by itself. */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a request: undefined where it is passed on as it is. */
export type Meddling = (asked: { method: string; path: string; number: number }) => 'cut after' | number | undefined;

export interface CountingProxy {
  url: string;
  /** `PUT /bucket/key`, in their order. */
  asked: string[];
  meddle: Meddling;
  stop(): Promise<void>;
}

export async function startCountingProxy(to: string): Promise<CountingProxy> {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(to);
  const proxy = { asked: [] as string[], meddle: (() => undefined) as Meddling };
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = '', url: path = '', headers } = incoming;
    const what = proxy.meddle({ method, path, number: proxy.asked.push(`${method} ${path.split('?')[0]}`) });
    if (typeof what === 'number') {
      incoming.resume();
      outgoing.writeHead(what, { Connection: 'close' }).end();
      return;
    }
    const passed = request({ agent, hostname, port, method, path, headers }, (answer) => {
      if (what === 'cut after') {
        answer.resume().on('end', () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    passed.on('continue', () => outgoing.writeContinue());
    incoming.pipe(passed);
  });
  server.on('checkContinue', (incoming, outgoing) => server.emit('request', incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
