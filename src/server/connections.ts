import type { Socket } from 'node:net';
import { clientOf } from './client.ts';
import { Connection } from './connection.ts';
import { Turns } from './turns.ts';

/** Clients that ask again before they have their answers, remembered. */
const MOST_PIPELINERS = 1000;

const CONNECTION = Symbol('connection');

interface Known extends Socket {
  [CONNECTION]?: Connection;
}

export interface ConnectionLimits {
  /** Of all clients together. */
  most: number;
  /** Of this client. */
  mostOf: (socket: Socket) => number;
}

/** All open connections, by client. When there are too many, the idlest of whoever has most goes first. */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #now: () => number;
  readonly #turns = new Turns();
  readonly #byClient = new Map<string, Set<Connection>>();
  /** Those with TLS on top, by their other end, until they have agreed on a key. */
  readonly #unopened = new Map<string, Connection>();
  readonly #pipeliners = new Set<string>();
  #count = 0;

  /** @param now milliseconds, from any point in time */
  constructor(limits: ConnectionLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  get count(): number {
    return this.#count;
  }

  /** A connection that a client has made. One too many is closed at once. */
  add(socket: Socket, hasTls: boolean): void {
    const client = clientOf(socket.remoteAddress);
    const own = this.#byClient.get(client) ?? new Set();
    if (!this.#makeRoom(own, this.#limits.mostOf(socket))) return void socket.destroy();
    const connection = new Connection(socket, client, this.#turns, () => this.#hold(client));
    const end = endOf(socket);
    this.#byClient.set(client, own.add(connection));
    this.#count++;
    socket.once('close', () => {
      this.#unopened.delete(end);
      this.#remove(connection);
    });
    if (hasTls) this.#unopened.set(end, connection);
    else this.#open(connection, socket);
  }

  /** What TLS has made of one that was added. */
  secure(socket: Socket): void {
    const connection = this.#unopened.get(endOf(socket));
    this.#unopened.delete(endOf(socket));
    if (connection === undefined) return void socket.destroy();
    this.#open(connection, socket);
  }

  /** @param socket of a request */
  of(socket: Socket): Connection | undefined {
    return (socket as Known)[CONNECTION];
  }

  /** To be called every few seconds. */
  look(idleMs: number): void {
    const nowMs = this.#now();
    for (const own of this.#byClient.values()) for (const connection of own) connection.look(nowMs, idleMs);
  }

  /** node:http takes those on which nothing was asked yet for busy. */
  closeUnused(): void {
    for (const own of this.#byClient.values()) {
      for (const connection of own) if (!connection.isUsed) connection.destroy();
    }
  }

  #open(connection: Connection, socket: Known): void {
    socket[CONNECTION] = connection;
    connection.open(socket);
    if (this.#pipeliners.has(connection.client)) connection.hold();
  }

  /** All connections of a client take requests one by one from now on, since one of them has to. */
  #hold(client: string): void {
    if (this.#pipeliners.size >= MOST_PIPELINERS) this.#pipeliners.clear();
    this.#pipeliners.add(client);
    for (const connection of this.#byClient.get(client) ?? []) connection.hold();
  }

  /** @returns whether one more of this client may come */
  #makeRoom(own: Set<Connection>, mostOf: number): boolean {
    if (own.size >= mostOf) return this.#dismiss(idlest(own, this.#now()));
    if (this.#count < this.#limits.most) return true;
    let greediest = own;
    for (const one of this.#byClient.values()) if (one.size > greediest.size) greediest = one;
    const isGreedier = greediest.size > own.size + 1;
    return this.#dismiss(idlest(greediest, this.#now()) ?? (isGreedier ? idlest(greediest) : undefined));
  }

  #dismiss(connection: Connection | undefined): boolean {
    if (connection === undefined) return false;
    connection.destroy();
    this.#remove(connection);
    return true;
  }

  #remove(connection: Connection): void {
    const own = this.#byClient.get(connection.client);
    if (!own?.delete(connection)) return;
    this.#count--;
    if (own.size === 0) this.#byClient.delete(connection.client);
  }
}

/** The one that was used longest ago. @param nowMs when only those that are idle count */
function idlest(own: Iterable<Connection>, nowMs?: number): Connection | undefined {
  let first: Connection | undefined;
  for (const connection of own) {
    if (first !== undefined && first.lastUse < connection.lastUse) continue;
    if (nowMs === undefined || connection.isIdle(nowMs)) first = connection;
  }
  return first;
}

function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
