import { Readable } from 'node:stream';
import { retold } from './retold.ts';

/** Other bytes were sent than were announced. */
export const CHANGED = { why: 'it changed while it was sent', hint: 'run the same again' };

/** What is sent could not be read here: nothing that the store did. */
export class UnreadBody extends Error {
  override readonly name = 'UnreadBody';
}

/**
 * Sends what may break while it is read.
 *
 * @param read asked once
 * @throws {UnreadBody} with what broke it as its cause; whatever `send` throws
 */
export async function sendingBody<T>(
  read: () => Uint8Array | Readable,
  send: (body: Uint8Array | Readable) => Promise<T>,
): Promise<T> {
  let unread: UnreadBody | undefined;
  const failed = (cause: unknown) => {
    unread = new UnreadBody('what is sent cannot be read', { cause });
    return unread;
  };
  let body: Uint8Array | Readable;
  try {
    body = read();
  } catch (cause) {
    throw failed(cause);
  }
  if (!(body instanceof Readable)) return send(body);
  // Between the two, since a client that gives up breaks the body as well.
  const watched = retold(body, failed);
  watched.on('error', () => {}); // `send` throws it, or what came of it
  try {
    return await send(watched);
  } catch (error) {
    throw unread ?? error;
  } finally {
    watched.destroy();
  }
}

/** @throws {UnreadBody} */
export async function readWhole(read: () => Uint8Array | Readable): Promise<Uint8Array> {
  try {
    const body = read();
    if (body instanceof Uint8Array) return body;
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (cause) {
    throw new UnreadBody('what is sent cannot be read', { cause });
  }
}
