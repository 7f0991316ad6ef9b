import { parentPort } from 'node:worker_threads';
import { KhoError } from '../errors.ts';
import type { NumberedOrder, OrderReply } from './order-thread.ts';
import { Pulse } from './pulse.ts';

/** What such a thread does: orders, as they come, until it is ended. */
export function serveOrders<Order, Outcome>(run: (order: Order, pulse: Pulse) => Promise<Outcome>): void {
  parentPort?.on('message', async ({ number, order }: NumberedOrder<Order>) => {
    const answer = (reply: OrderReply<Outcome>) => parentPort?.postMessage(reply);
    const pulse = new Pulse(() => answer({ number, goesOn: true }));
    try {
      answer({ number, outcome: await run(order, pulse) });
    } catch (error) {
      answer({ number, error: error instanceof KhoError ? error.toParts() : error });
    } finally {
      pulse.end();
    }
  });
}
