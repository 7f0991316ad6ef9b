import { parentPort } from 'node:worker_threads';
import { KhoError } from '../errors.ts';
import type { BuilderReply } from './builder.ts';
import { type BuildOrder, runBuild } from './run-build.ts';

/** What the thread of a Builder does: one build for each order, until it is ended. */
export function serveBuilds(): void {
  parentPort?.on('message', async (order: BuildOrder) => {
    let reply: BuilderReply;
    try {
      reply = { outcome: await runBuild(order) };
    } catch (error) {
      reply = { error: error instanceof KhoError ? error.toParts() : error };
    }
    parentPort?.postMessage(reply);
  });
}
