import { parentPort } from 'node:worker_threads';
import { takeUploads } from './take-uploads.ts';
import type { UploadReply, UploadTask } from './upload-thread.ts';

/** What the thread that takes uploads in does: what it is sent, one after the other, until it is ended. */
export function serveUploads(): void {
  let before = Promise.resolve();
  parentPort?.on('message', ({ config, orders }: UploadTask) => {
    before = before.then(async () => {
      let reply: UploadReply;
      try {
        reply = { outcomes: await takeUploads(config, orders) };
      } catch (error) {
        reply = { error };
      }
      parentPort?.postMessage(reply);
    });
  });
}
