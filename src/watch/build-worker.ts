import { parentPort } from 'node:worker_threads';
import { KhoError } from '../errors.ts';
import type { BuilderReply } from './builder.ts';
import { Pulse } from './pulse.ts';

/** What the thread of a Builder does: one build for each order, until it is ended. */
export function serveBuilds<Order, Outcome>(run: (order: Order, pulse: Pulse) => Promise<Outcome>): void {
  parentPort?.on('message', async (order: Order) => {
    const answer = (reply: BuilderReply<Outcome>) => parentPort?.postMessage(reply);
    const pulse = new Pulse(() => answer('goes on'));
    try {
      answer({ outcome: await run(order, pulse) });
    } catch (error) {
      answer({ error: error instanceof KhoError ? error.toParts() : error });
    } finally {
      pulse.end();
    }
  });
}
