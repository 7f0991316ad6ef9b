import type { IncomingMessage } from 'node:http';
import { type BodyPace, watchBody } from './body-watch.ts';
import { ContentSoFar } from './content-so-far.ts';
import type { UploadOrder } from './order.ts';
import { readForm } from './read-form.ts';

/** A body that does not come on. */
export class TooSlow extends Error {}

export interface ReceiveOptions {
  /** A folder of kho's own is made in there, for what does not stay in memory. */
  folder: string;
  /** Of the file, in bytes. */
  maxFile: number;
  /** On the disk, in bytes. */
  keepFree: number;
  pace: BodyPace;
}

export interface Received {
  order: Omit<UploadOrder, 'token' | 'address' | 'repository' | 'userAgent'>;
  /** Resolves when what is not in memory is on the disk. @throws {KhoError} WRITE */
  flush(): Promise<void>;
  /** All that is left of it. */
  remove(): Promise<void>;
}

/**
 * Receive the form of an upload; a file that is not small is written under a name of kho's own.
 *
 * @throws {FormFault}; {ClientGone}; {TooSlow}; {KhoError} WRITE. Nothing is left on the disk then, and the rest of the body is not read
 */
export async function receive(request: IncomingMessage, options: ReceiveOptions): Promise<Received> {
  const { maxFile, pace } = options;
  const file = new ContentSoFar(options);
  try {
    const slow = new AbortController();
    const stop = watchBody(request, pace, () => slow.abort(new TooSlow()));
    const type = request.headers['content-type'] ?? '';
    const form = await readForm(request, type, maxFile, file, slow.signal).finally(stop);
    const { filename, sha256, md5, attestations, signature } = form;
    const order = {
      ...(await file.end()),
      ...{ filename, said: { sha256, md5 } },
      ...(attestations !== undefined && { attestations }),
      ...(signature && { signature }),
    };
    return { order, flush: () => file.flush(), remove: () => file.remove() };
  } catch (error) {
    await file.remove();
    throw error;
  }
}
