/** A proxy before a store that ends whoever asks, at a request that was chosen: before the store hears of it, or when it has done it. */
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import { passOn } from './pass-on.ts';

export interface KillPoint {
  /** From 1. */
  request: number;
  /** `asked`: the store never hears of it. `done`: it has done it, and nobody hears of that. */
  when: 'asked' | 'done';
  kill(): void;
}

export interface KillingProxy extends LoopbackServer {
  /** Counts from here on; without a point, whoever asks lives. */
  begin(point?: KillPoint): void;
}

export async function startKillingProxy(target: string): Promise<KillingProxy> {
  let point: KillPoint | undefined;
  let count = 0;
  const server = await startLoopbackServer((asked, answer) => {
    const isLast = ++count === point?.request;
    const end = () => {
      point?.kill();
      answer.destroy();
    };
    if (isLast && point?.when === 'asked') return end();
    passOn(target, asked, answer, {
      instead: (reply) => {
        if (isLast) reply.resume().on('end', end);
        return isLast;
      },
    });
  });
  return {
    ...server,
    begin(next) {
      [point, count] = [next, 0];
    },
  };
}
