import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Turns } from './turns.ts';

/** What ends the head of a request (RFC 9112, section 2.1). */
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** Of bytes without such an end so many are passed on at once. */
const PIECE_BYTES = 1024;

/**
 * What one client sends, passed on to node:http a request at a time: the next one when the one before is answered, and in a later
 * turn of the event loop. Until then the socket is not read, so that TCP holds the client back. Without this, node:http reads
 * 64 KiB of requests at once (2,500 of them), and makes an object of each before the first one is answered.
 *
 * Costs a search for the end of the head in what is read, as long as a client waits for answers before it asks again.
 */
export class Intake {
  readonly #socket: Socket;
  readonly #client: unknown;
  readonly #turns: Turns;
  readonly #push: Socket['push'];
  readonly #read: Socket['_read'];
  /** What is read and not passed on; null is the end. */
  readonly #held: (Buffer | null)[] = [];
  #request: IncomingMessage | undefined;
  #response: ServerResponse | undefined;
  #isQueued = false;

  /** @param client whose turn it is: connections of one client share it */
  constructor(socket: Socket, client: unknown, turns: Turns) {
    this.#socket = socket;
    this.#client = client;
    this.#turns = turns;
    this.#push = socket.push;
    this.#read = socket._read;
    socket.push = (chunk) => this.#take(chunk);
    socket._read = (size) => {
      if (this.#held.length === 0) this.#read.call(socket, size);
    };
    // node:http takes the bytes of a socket past its stream, unless somebody else wants them too.
    const nobody = () => {};
    socket.on('data', nobody).off('data', nobody);
  }

  /** To be called with each request. */
  begin(request: IncomingMessage, response: ServerResponse): void {
    this.#request = request;
    this.#response = response;
  }

  /** Whether a request is not answered to the last byte. Answers go out in the order of requests. */
  get isBusy(): boolean {
    return this.#response?.writableFinished === false;
  }

  /** A body that is still on its way belongs to the request that is answered, and is not held. */
  #mustWait(): boolean {
    return this.isBusy && this.#request?.complete === true;
  }

  /** In the place of `Readable.push`. @returns whether to read on */
  #take(chunk: Buffer | null): boolean {
    const isOnePiece = chunk === null || lengthOfPiece(chunk) === chunk.length;
    if (isOnePiece && this.#held.length === 0 && !this.#mustWait()) return this.#pass(chunk);
    this.#held.push(chunk);
    if (this.#held.length === 1) this.#goOn(() => this.#give());
    return false;
  }

  #pass(chunk: Buffer | null): boolean {
    return this.#push.call(this.#socket, chunk);
  }

  /** Now, or when the answer before has gone out. */
  #goOn(act: () => void): void {
    if (this.#mustWait()) this.#response?.once('close', () => this.#queue());
    else act();
  }

  #queue(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.#turns.add(this.#client, () => {
      this.#isQueued = false;
      this.#give();
    });
  }

  /** One piece of what is held. */
  #give(): void {
    const [chunk] = this.#held;
    if (chunk === undefined || this.#socket.destroyed) return;
    if (this.#socket.isPaused()) {
      // node:http has more to send than the client takes.
      this.#socket.once('resume', () => this.#queue());
      return;
    }
    const length = chunk === null ? 0 : lengthOfPiece(chunk);
    if (chunk === null || length === chunk.length) {
      this.#held.shift();
      this.#pass(chunk);
    } else {
      this.#held[0] = chunk.subarray(length);
      this.#pass(chunk.subarray(0, length));
    }
    if (this.#held.length > 0) this.#goOn(() => this.#queue());
  }
}

/** To the end of the first head in it. */
function lengthOfPiece(chunk: Buffer): number {
  const end = chunk.indexOf(END_OF_HEAD);
  return end < 0 ? Math.min(chunk.length, PIECE_BYTES) : end + END_OF_HEAD.length;
}
