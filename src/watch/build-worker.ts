import { parentPort } from 'node:worker_threads';
import { KhoError } from '../errors.ts';
import type { BuilderReply } from './builder.ts';
import { Pulse } from './pulse.ts';
import { type BuildOrder, runBuild } from './run-build.ts';

/** What the thread of a Builder does: one build for each order, until it is ended. */
export function serveBuilds(): void {
  parentPort?.on('message', async (order: BuildOrder) => {
    const answer = (reply: BuilderReply) => parentPort?.postMessage(reply);
    const pulse = new Pulse(() => answer('goes on'));
    try {
      answer({ outcome: await runBuild(order, pulse) });
    } catch (error) {
      answer({ error: error instanceof KhoError ? error.toParts() : error });
    } finally {
      pulse.end();
    }
  });
}
