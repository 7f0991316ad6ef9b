import type { ServerResponse } from 'node:http';

interface Sending {
  body: Buffer;
  client: string;
  response: ServerResponse;
}

/**
 * Pages that are being sent, and stay in memory until the last client has them, whether or not the store still has them. When they
 * become too much, whoever holds most loses the connection that it began first.
 */
export class BodiesUnderWay {
  readonly #limitBytes: number;
  /** With the number of answers that they are part of. */
  readonly #users = new Map<Buffer, number>();
  readonly #sending = new Set<Sending>();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Each counted once. */
  get bytes(): number {
    return this.#bytes;
  }

  /** To be called with each big body before it is sent. */
  add(body: Buffer, client: string, response: ServerResponse): void {
    const { socket } = response.req;
    const users = this.#users.get(body) ?? 0;
    this.#users.set(body, users + 1);
    if (users === 0) this.#bytes += body.length;
    const sending = { body, client, response };
    this.#sending.add(sending);
    const end = () => {
      response.off('close', end);
      socket.off('close', end);
      this.#end(sending);
    };
    // A response that waits for its turn behind another one is never told; its connection is.
    response.on('close', end);
    socket.on('close', end);
    while (this.#bytes > this.#limitBytes) {
      const first = this.#firstOfGreediest(sending);
      if (first === undefined) return;
      first.response.req.socket.destroy();
      this.#end(first);
    }
  }

  #end(sending: Sending): void {
    if (!this.#sending.delete(sending)) return;
    const left = (this.#users.get(sending.body) ?? 0) - 1;
    if (left > 0) return void this.#users.set(sending.body, left);
    this.#users.delete(sending.body);
    this.#bytes -= sending.body.length;
  }

  #firstOfGreediest(newest: Sending): Sending | undefined {
    const bytesOf = new Map<string, number>();
    for (const { client, body } of this.#sending) {
      const share = body.length / (this.#users.get(body) ?? 1);
      bytesOf.set(client, (bytesOf.get(client) ?? 0) + share);
    }
    let first: Sending | undefined;
    for (const sending of this.#sending) {
      if (sending === newest) continue;
      const more = (bytesOf.get(sending.client) ?? 0) - (first === undefined ? -1 : (bytesOf.get(first.client) ?? 0));
      if (more > 0) first = sending;
    }
    return first;
  }
}
