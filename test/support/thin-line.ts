/** A line as farms have it, between a client and a server: slow, far, and reset again and again. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from './seeded-random.ts';

export interface LineQuality {
  /** In bytes a second, of all connections together. */
  rate: number;
  /** Before anything of an answer comes, in milliseconds. */
  latencyMs: number;
  /** A connection is reset after about so many bytes. */
  resetAfter: number;
  seed: number;
}

/** Carried at once, in bytes. */
const PIECE = 4096;

export class ThinLine {
  readonly #server: Server;
  readonly #quality: LineQuality;
  readonly #random: () => number;
  readonly #sockets = new Set<Socket>();
  #freeAt = 0;
  /** To the client, heads of answers too, in bytes. */
  carried = 0;
  resets = 0;
  isCut = false;

  private constructor(server: Server, quality: LineQuality) {
    [this.#server, this.#quality, this.#random] = [server, quality, seededRandom(quality.seed)];
  }

  /** @param to a port of this machine */
  static async open(to: number, quality: LineQuality): Promise<ThinLine> {
    const server = createServer({ pauseOnConnect: false });
    const line = new ThinLine(server, quality);
    server.on('connection', (client) => void line.#carry(client, to));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  async #carry(client: Socket, port: number): Promise<void> {
    const server = connect(port, '127.0.0.1');
    const both = [client, server];
    for (const socket of both) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        for (const other of both) other.destroy();
      });
    }
    if (this.isCut) return void client.resetAndDestroy();
    client.pipe(server);
    let left = Math.round(this.#quality.resetAfter * (0.75 + 0.5 * this.#random()));
    let isWaiting = true;
    try {
      for await (const chunk of server) {
        if (isWaiting) await sleep(this.#quality.latencyMs);
        isWaiting = false;
        for (let at = 0; at < chunk.length; at += PIECE) {
          const piece = chunk.subarray(at, Math.min(chunk.length, at + PIECE, at + left));
          await this.#paced(piece.length);
          if (client.destroyed) return;
          if (!client.write(piece)) await once(client, 'drain');
          this.carried += piece.length;
          left -= piece.length;
          if (left > 0) continue;
          await sleep(2); // what was sent has arrived
          this.resets++;
          client.resetAndDestroy();
          return;
        }
      }
      client.end();
    } catch {
      client.destroy(); // the other end is gone
    }
  }

  async #paced(bytes: number): Promise<void> {
    const now = performance.now();
    this.#freeAt = Math.max(this.#freeAt, now) + (1000 * bytes) / this.#quality.rate;
    if (this.#freeAt - now > 4) await sleep(this.#freeAt - now);
  }
}
