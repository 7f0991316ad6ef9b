import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Intake } from './intake.ts';
import type { Turns } from './turns.ts';

/** What a client must take at least, once it has taken nothing for as long as `Limits.idleMs`; in bytes a millisecond. */
const SLOWEST = 1;
/** Who takes nothing for so long is idle, though it is owed an answer; in milliseconds. */
const STALLED_MS = 10_000;

let uses = 0;

/** One connection of a client. */
export class Connection {
  /** See `clientOf`. */
  readonly client: string;
  /** A bigger number was used later. */
  lastUse = ++uses;
  isUsed = false;
  /** As the network has it. */
  readonly #socket: Socket;
  /** What is read from: the same, or what TLS makes of it. */
  #inner: Socket | undefined;
  #intake: Intake | undefined;
  #written = 0;
  #stalledMs: number | undefined;

  constructor(socket: Socket, client: string) {
    this.#socket = socket;
    this.client = client;
  }

  /** From now on requests may come. */
  open(inner: Socket, turns: Turns): void {
    this.#inner = inner;
    this.#intake = new Intake(inner, this.client, turns);
  }

  /** To be called with each request. */
  begin(request: IncomingMessage, response: ServerResponse): void {
    this.isUsed = true;
    this.lastUse = ++uses;
    this.#intake?.begin(request, response);
  }

  /** Whether nobody would miss it: its client waits for no answer, or does not take the one it gets. */
  isIdle(nowMs: number): boolean {
    if (this.#stalledMs !== undefined && nowMs - this.#stalledMs >= STALLED_MS) return true;
    return this.#intake?.isBusy !== true;
  }

  /** To be called every few seconds: ends it when its client takes next to nothing of what it is sent. */
  look(nowMs: number, idleMs: number): void {
    const { bytesWritten, writableLength } = this.#inner ?? this.#socket;
    if (writableLength === 0) this.#stalledMs = undefined;
    else if (bytesWritten !== this.#written) this.#stalledMs = nowMs;
    else if (nowMs - (this.#stalledMs ?? nowMs) > idleMs + writableLength / SLOWEST) this.destroy();
    this.#written = bytesWritten;
  }

  destroy(): void {
    this.#inner?.destroy();
    this.#socket.destroy();
  }
}
