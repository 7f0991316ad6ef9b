/** Passes requests on to a store and back, and counts them. It may cut, or answer by itself. */
import { type LoopbackServer, startLoopbackServer } from '../loopback-server.ts';
import { loseAnswer, passOn } from '../pass-on.ts';

/** What becomes of a request: undefined where it is passed on as it is. */
export type Meddling = (asked: { method: string; path: string; number: number }) => 'cut after' | number | undefined;

export interface CountingProxy extends LoopbackServer {
  /** `PUT /bucket/key`, in their order. */
  asked: string[];
  meddle: Meddling;
}

export async function startCountingProxy(to: string): Promise<CountingProxy> {
  const proxy = { asked: [] as string[], meddle: (() => undefined) as Meddling };
  const server = await startLoopbackServer((incoming, outgoing) => {
    const { method = '', url: path = '' } = incoming;
    const what = proxy.meddle({ method, path, number: proxy.asked.push(`${method} ${path.split('?')[0]}`) });
    if (typeof what === 'number') {
      incoming.resume();
      outgoing.writeHead(what, { Connection: 'close' }).end();
      return;
    }
    passOn(to, incoming, outgoing, {
      instead: (reply) => what === 'cut after' && loseAnswer(reply, outgoing),
    });
  });
  return Object.assign(proxy, server);
}
