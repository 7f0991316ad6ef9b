import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Intake } from './intake.ts';
import type { Turns } from './turns.ts';

/** What a client must take at least, once it has taken nothing for as long as `Limits.idleMs`; in bytes a millisecond. */
const SLOWEST = 1;
/** Who takes nothing for so long is idle, though it is owed an answer; in milliseconds. */
const STALLED_MS = 10_000;

let uses = 0;

interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
  answer: () => void;
}

/** One connection of a client. It gets one answer at a time, in the order of its requests. */
export class Connection {
  /** See `clientOf`. */
  readonly client: string;
  /** A bigger number was used later. */
  lastUse = ++uses;
  isUsed = false;
  /** As the network has it. */
  readonly #socket: Socket;
  readonly #turns: Turns;
  readonly #onPipelined: () => void;
  /** What is read from: the same, or what TLS makes of it. */
  #inner: Socket | undefined;
  #intake: Intake | undefined;
  #request: IncomingMessage | undefined;
  #response: ServerResponse | undefined;
  /** Requests that came before the one before them was answered. */
  readonly #backlog: Asked[] = [];
  #written = 0;
  #stalledMs: number | undefined;

  /** @param onPipelined called the first time that a request comes before the one before it is answered */
  constructor(socket: Socket, client: string, turns: Turns, onPipelined: () => void) {
    this.#socket = socket;
    this.client = client;
    this.#turns = turns;
    this.#onPipelined = onPipelined;
  }

  /** @param inner what requests come from */
  open(inner: Socket): void {
    this.#inner = inner;
  }

  /** From now on take requests one by one. Most clients never need it, and it costs a twentieth of the time of a request. */
  hold(): void {
    if (this.#inner === undefined || this.#inner.destroyed) return;
    this.#intake ??= new Intake(this.#inner, this, this.#turns);
  }

  /** A request has come. @param answer called now, or when the ones before are answered */
  begin(request: IncomingMessage, response: ServerResponse, answer: () => void): void {
    this.isUsed = true;
    this.lastUse = ++uses;
    if (this.#response?.writableFinished === false || this.#backlog.length > 0) {
      this.#backlog.push({ request, response, answer });
      if (this.#backlog.length === 1) this.whenAnswered(this.#goOn);
      if (this.#intake === undefined) this.#onPipelined(); // what has been read already is still parsed: up to 64 KiB
    } else {
      this.#request = request;
      this.#response = response;
      answer();
    }
  }

  get isWaiting(): boolean {
    if (this.#backlog.length > 0) return true;
    // A body that is still on its way belongs to the request that is answered.
    return this.#response?.writableFinished === false && this.#request?.complete === true;
  }

  whenAnswered(act: () => void): void {
    if (this.#response?.writableFinished === false) this.#response.once('close', act);
    else this.#turns.add(this.client, act);
  }

  /** Whether nobody would miss it: its client waits for no answer, or does not take the one it gets. */
  isIdle(nowMs: number): boolean {
    if (this.#stalledMs !== undefined && nowMs - this.#stalledMs >= STALLED_MS) return true;
    return this.#response?.writableFinished !== false && this.#backlog.length === 0;
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

  readonly #goOn = (): void => {
    this.#turns.add(this.client, () => {
      const next = this.#backlog.shift();
      if (next === undefined) return;
      this.#request = next.request;
      this.#response = next.response;
      if (!this.#socket.destroyed) next.answer();
      if (this.#backlog.length > 0) this.whenAnswered(this.#goOn);
    });
  };
}
