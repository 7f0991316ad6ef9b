import type { Socket } from 'node:net';
import type { Turns } from './turns.ts';

/** What ends the head of a request (RFC 9112, section 2.1). */
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** Of bytes without such an end so many are passed on at once. */
const PIECE_BYTES = 1024;

/** Whose requests are taken in. */
export interface AskingClient {
  /** Connections of one client share their turn. */
  readonly client: string;
  /** Whether a request is whole and not answered to the last byte. */
  readonly isWaiting: boolean;
  /** Calls back when what is under way has been answered. */
  whenAnswered(act: () => void): void;
}

/**
 * What a client sends that asks again before it has its answers: passed on to node:http a request at a time, the next one when
 * the one before is answered, and in a later turn of the event loop. Until then the socket is not read, so that TCP holds the client
 * back. Without this, node:http makes objects of all the requests in each 64 KiB (2,500 of them) at once.
 */
export class Intake {
  readonly #socket: Socket;
  readonly #asker: AskingClient;
  readonly #turns: Turns;
  readonly #push: Socket['push'];
  readonly #read: Socket['_read'];
  /** What is read and not passed on; null is the end. */
  readonly #held: (Buffer | null)[] = [];

  constructor(socket: Socket, asker: AskingClient, turns: Turns) {
    this.#socket = socket;
    this.#asker = asker;
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

  /** In the place of `Readable.push`. @returns whether to read on */
  #take(chunk: Buffer | null): boolean {
    const isOnePiece = chunk === null || lengthOfPiece(chunk) === chunk.length;
    if (isOnePiece && this.#held.length === 0 && !this.#asker.isWaiting) return this.#pass(chunk);
    this.#held.push(chunk);
    if (this.#held.length === 1) this.#goOn();
    return false;
  }

  #pass(chunk: Buffer | null): boolean {
    return this.#push.call(this.#socket, chunk);
  }

  #goOn(): void {
    if (this.#asker.isWaiting) this.#asker.whenAnswered(() => this.#goOn());
    else this.#turns.add(this.#asker.client, () => this.#give());
  }

  /** One piece of what is held. */
  #give(): void {
    const [chunk] = this.#held;
    if (chunk === undefined || this.#socket.destroyed) return;
    if (this.#socket.isPaused()) {
      // node:http has more to send than the client takes.
      this.#socket.once('resume', () => this.#goOn());
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
    if (this.#held.length > 0) this.#goOn();
  }
}

/** To the end of the first head in it. */
function lengthOfPiece(chunk: Buffer): number {
  const end = chunk.indexOf(END_OF_HEAD);
  return end < 0 ? Math.min(chunk.length, PIECE_BYTES) : end + END_OF_HEAD.length;
}
