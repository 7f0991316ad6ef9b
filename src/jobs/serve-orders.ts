import { parentPort } from 'node:worker_threads';
import { KhoError } from '../errors.ts';
import type { OrderReply } from './order-thread.ts';
import { Pulse } from './pulse.ts';

/** What such a thread does: one order after the other, until it is ended. */
export function serveOrders<Order, Outcome>(run: (order: Order, pulse: Pulse) => Promise<Outcome>): void {
  parentPort?.on('message', async (order: Order) => {
    const answer = (reply: OrderReply<Outcome>) => parentPort?.postMessage(reply);
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
